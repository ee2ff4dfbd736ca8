/* Tests on sums of very few patients, against R: t.test(c(1, 2), c(4, 7), var.equal = TRUE), t.test(c(1, 2),
 * c(4, 7)), t.test(c(1, 2, 4), c(9)). */
#include "../../federate/describe.h"
#include "../../federate/pool/inference.h"
#include "testing.h"

#include <math.h>

static rad_error error;

static rad_moments moments_of(const double *x, size_t n) {
    rad_moments m = {.n = n, .powers = 2};
    const uint64_t all = ((uint64_t)1 << n) - 1;
    ck_ok(rad_exact_sum_powers(x, &all, n, 2, m.sum, &error));
    return m;
}

START_TEST(two_of_two) {
    const double low[] = {1, 2}, high[] = {4, 7};
    const rad_moments a = moments_of(low, 2), b = moments_of(high, 2);
    rad_test t;
    ck_ok(rad_inference_means(&a, &b, false, &t, &error));
    ck_assert_uint_eq(t.n, 4);
    ck_assert_double_eq_tol(t.estimate, -4, 1e-15);
    ck_assert_double_eq_tol(t.statistic, -2.5298221281347035, 1e-12);
    ck_assert_double_eq_tol(t.df1, 2, 1e-12);
    ck_assert_double_eq_tol(t.p, 0.1271284390560304, 1e-12);
    ck_ok(rad_inference_means(&a, &b, true, &t, &error));
    ck_assert_double_eq_tol(t.df1, 1.2195121951219512, 1e-12);
}
END_TEST

START_TEST(one_is_too_few) {
    const double three[] = {1, 2, 4}, one[] = {9};
    const rad_moments a = moments_of(three, 3), b = moments_of(one, 1);
    rad_test t;
    ck_ok(rad_inference_means(&a, &b, false, &t, &error));
    ck_assert(isnan(t.statistic) && isnan(t.p));
    ck_ok(rad_inference_means(&b, &a, true, &t, &error));
    ck_assert(isnan(t.statistic) && isnan(t.p));
}
END_TEST

/* Sums whose fourth power is wider than files may hold: no number, and no number that is not theirs. */
START_TEST(sums_too_wide) {
    rad_moments m = {.n = 3, .powers = 4};
    rad_exact one = rad_exact_whole(1);
    rad_description d;
    for (int k = 0; k < 4; k++) ck_ok(rad_exact_read(k == 1 ? "1p+10236" : "1p+5100", &m.sum[k], &error));
    for (int k = 0; k < 3; k++) ck_ok(rad_exact_add(&m.sum[k], &one, &error));
    ck_assert_int_eq(rad_describe(&m, 0, &d, &error), RAD_CONFIG);
    ck_assert(isnan(d.skewness) && isnan(d.kurtosis));
    for (int k = 0; k < 4; k++) rad_exact_free(&m.sum[k]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("inference");
    TCase *tests = tcase_create("means");
    tcase_add_test(tests, two_of_two);
    tcase_add_test(tests, one_is_too_few);
    tcase_add_test(tests, sums_too_wide);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
