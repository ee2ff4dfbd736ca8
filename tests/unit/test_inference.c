/* Tests on sums of very few patients, against R: t.test(c(1, 2), c(4, 7), var.equal = TRUE), t.test(c(1, 2),
 * c(4, 7)), t.test(c(1, 2, 4), c(9)). */
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

int main(void) {
    Suite *suite = suite_create("inference");
    TCase *tests = tcase_create("means");
    tcase_add_test(tests, two_of_two);
    tcase_add_test(tests, one_is_too_few);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
