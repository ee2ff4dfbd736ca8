/* Sums, sorting and the statistics of a sample against naive twins and closed forms. */
#include "testing.h"

#include "../../core/memory.h"

#include "../../core/simd.h"
#include "../../core/sort.h"
#include "../../core/sum.h"
#include "../../features/sample.h"

#include <stdlib.h>
#include <string.h>

START_TEST(sums_equal_naive) {
    static const size_t counts[] = {0, 1, 7, 8, 4095, 4096, 4097, 20011};
    const size_t n = counts[_i];
    test_random random = {n + 1};
    double *x = rad_new(n + 1, sizeof *x, NULL);
    ck_assert(x != NULL);
    long double sum = 0, absolute = 0, square = 0, power[4] = {0};
    for (size_t i = 0; i < n; i++) {
        x[i] = test_uniform(&random) * 100 - 30;
        sum += x[i];
        square += (long double)x[i] * x[i];
        absolute += fabsl((long double)x[i] - 3);
        for (int k = 0; k < 4; k++) power[k] += powl((long double)x[i] - 3, k + 1);
    }
    ck_near(rad_sum(x, n), (double)sum, 1e-13);
    ck_near(rad_sum_absolute(x, n, 3), (double)absolute, 1e-13);
    ck_near(rad_sum_squares(x, n), (double)square, 1e-13);
    double powers[4];
    rad_sum_powers(x, n, 3, powers);
    for (int k = 0; k < 4; k++) ck_near(powers[k], (double)power[k], 1e-13);
    rad_free(x);
}
END_TEST

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Whole numbers small and large, fractions, extremes: as qsort has them. */
START_TEST(sort_equals_qsort) {
    static const struct {
        double scale, shift;
        bool whole;
    } kinds[] = {{1000, -500, true},   {1e9, 0, true},     {1, -0.5, false},
                 {1e30, -1e29, false}, {1e-300, 0, false}, {0, 7, true}};
    rad_error error = {0};
    const size_t n = 5003;
    double *x = rad_new(n, sizeof *x, NULL), *y = rad_new(n, sizeof *y, NULL);
    ck_assert(x && y);
    test_random random = {(uint64_t)_i + 1};
    for (size_t i = 0; i < n; i++) {
        x[i] = test_uniform(&random) * kinds[_i].scale + kinds[_i].shift;
        if (kinds[_i].whole) x[i] = floor(x[i]);
        y[i] = x[i];
    }
    ck_ok(rad_sort(x, n, &error));
    qsort(y, n, sizeof *y, ascending);
    for (size_t i = 0; i < n; i++) ck_assert(x[i] == y[i]);
    rad_free(x);
    rad_free(y);
}
END_TEST

/* Zeros below the others first, as their bits say. */
static int by_bits(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x != y ? (x > y) - (x < y) : (signbit(y) != 0) - (signbit(x) != 0);
}

/* Values that lie unevenly: a part of them at one place, tails, one far off, clusters, zeros of both signs.
 */
static double uneven(int kind, size_t i, test_random *random) {
    const double u = test_uniform(random), v = test_uniform(random) - 0.5;
    switch (kind) {
    case 0:
        return u < 0.9 ? 0.25 : u;
    case 1:
        return v * v * v * v * v / (1.0001 - u);
    case 2:
        return i == 17 ? 1e15 : u;
    case 3:
        return (u < 0.5 ? -1e6 : 1e6) + v;
    case 4:
        return u < 0.3 ? -0.0 : u < 0.6 ? 0.0 : v;
    case 5:
        return i == 3 ? (double)INFINITY : i == 5 ? -(double)INFINITY : v;
    case 6:
        return (double)(float)(v * 1e-3); /* in single precision */
    default:
        return i % 2 ? nextafter(1.5, 2) : i % 3 ? 1.5 : 1.25 + v * 1e-15;
    }
}

START_TEST(uneven_values_are_sorted) {
    static const size_t counts[] = {49, 300, 8191, 8192, 30011};
    rad_error error = {0};
    const size_t n = counts[_i / 8];
    double *x = rad_new(n, sizeof *x, NULL), *y = rad_new(n, sizeof *y, NULL),
           *z = rad_new(n, sizeof *z, NULL);
    ck_assert(x && y && z);
    test_random random = {(uint64_t)_i + 90};
    for (size_t i = 0; i < n; i++) x[i] = y[i] = z[i] = uneven(_i % 8, i, &random);
    qsort(y, n, sizeof *y, by_bits);
    ck_ok(rad_sort(x, n, &error));
    ck_assert(!memcmp(x, y, n * sizeof *x));
    rad_simd_allow(false);
    ck_ok(rad_sort(z, n, &error));
    rad_simd_allow(true);
    ck_assert(!memcmp(z, y, n * sizeof *x));
    rad_free(x);
    rad_free(y);
    rad_free(z);
}
END_TEST

static rad_sample measure(double *x, size_t n) {
    rad_sample sample;
    rad_error error = {0};
    ck_ok(rad_sample_measure(x, n, &sample, &error));
    return sample;
}

/* 1..9: mean 5, variance 60/9, symmetric, fourth moment 708/9. */
START_TEST(closed_forms) {
    double x[] = {9, 1, 8, 2, 7, 3, 6, 4, 5};
    const rad_sample s = measure(x, 9);
    ck_near(rad_sample_mean(&s).value, 5, 1e-15);
    ck_near(rad_sample_variance(&s).value, 60.0 / 9, 1e-15);
    ck_near(rad_sample_skewness(&s).value, 0, 1e-15);
    ck_near(rad_sample_kurtosis(&s).value, 708.0 / 9 / (60.0 / 9 * 60 / 9) - 3, 1e-14);
    ck_near(rad_sample_median(&s).value, 5, 0);
    ck_near(rad_sample_minimum(&s).value, 1, 0);
    ck_near(rad_sample_maximum(&s).value, 9, 0);
    ck_near(rad_sample_range(&s).value, 8, 0);
    ck_near(rad_sample_p10(&s).value, 1.8, 1e-15); /* type 7: 0.1 * 8 = 0.8 past the first */
    ck_near(rad_sample_p90(&s).value, 8.2, 1e-15);
    ck_near(rad_sample_iqr(&s).value, 4, 1e-15);
    ck_near(rad_sample_qcod(&s).value, 0.4, 1e-15);
    ck_near(rad_sample_mad(&s).value, 20.0 / 9, 1e-15);
    ck_near(rad_sample_medad(&s).value, 20.0 / 9, 1e-15);
    ck_near(rad_sample_rmad(&s).value, 12.0 / 7, 1e-15); /* 2..8 */
    ck_near(rad_sample_cov(&s).value, sqrt(60.0 / 9) / 5, 1e-15);
    ck_near(rad_sample_energy(&s).value, 285, 0);
    ck_near(rad_sample_rms(&s).value, sqrt(285.0 / 9), 1e-15);
}
END_TEST

/* A flat sample: no rounding of the mean may feign a spread. */
START_TEST(flat_sample) {
    double x[1000];
    for (int i = 0; i < 1000; i++) x[i] = 0.1;
    const rad_sample s = measure(x, 1000);
    ck_assert(rad_sample_variance(&s).value == 0);
    ck_assert(rad_sample_skewness(&s).value == 0 && rad_sample_kurtosis(&s).value == 0);
    ck_assert(rad_sample_mean(&s).value == 0.1 && rad_sample_mad(&s).value == 0);
    ck_assert(rad_sample_rmad(&s).value == 0 && rad_sample_cov(&s).value == 0);
}
END_TEST

START_TEST(undefined_has_a_reason) {
    double x[] = {-2, -1, 1, 2}, one[] = {-3}, huge[] = {-1e200, 1e200};
    rad_sample s = measure(x, 4);
    ck_assert_int_eq(rad_sample_cov(&s).reason, RAD_ZERO_DIVISOR);
    ck_assert_int_eq(rad_sample_qcod(&s).reason, RAD_ZERO_DIVISOR);
    ck_assert(isnan(rad_sample_cov(&s).value));
    s = measure(one, 1);
    ck_assert(rad_sample_median(&s).value == -3 && rad_sample_iqr(&s).value == 0);
    s = measure(huge, 2);
    ck_assert_int_eq(rad_sample_energy(&s).reason, RAD_TOO_LARGE);
    ck_assert_int_eq(rad_sample_variance(&s).reason, RAD_TOO_LARGE);
}
END_TEST

/* Percentiles of two values lie between them, those of two equal ones or of one on them. */
START_TEST(nothing_between_percentiles) {
    double two[] = {4, 1}, equal[] = {3, 3}, one[] = {-3}, three[] = {1, 2, 9};
    rad_sample s = measure(two, 2);
    ck_assert_int_eq(rad_sample_rmad(&s).reason, RAD_NO_MIDDLE);
    ck_assert_str_eq(rad_reason_text(RAD_NO_MIDDLE),
                     "no intensity lies between the 10th and the 90th percentile");
    s = measure(equal, 2);
    ck_assert(rad_sample_rmad(&s).value == 0);
    s = measure(one, 1);
    ck_assert(rad_sample_rmad(&s).value == 0);
    s = measure(three, 3);
    ck_assert(rad_sample_rmad(&s).value == 0); /* of 2 alone */
}
END_TEST

/* Order of the voxels changes no bit. */
START_TEST(order_is_irrelevant) {
    double x[3001], y[3001];
    test_random random = {11};
    for (size_t i = 0; i < 3001; i++) x[i] = y[3000 - i] = test_uniform(&random);
    const rad_sample a = measure(x, 3001), b = measure(y, 3001);
    ck_assert(a.mean == b.mean && !memcmp(a.moment, b.moment, sizeof a.moment));
}
END_TEST

/* Few and more than few, whole and not, with a zero of either sign; what the survey says of them. */
START_TEST(few_values_are_sorted) {
    static const size_t counts[] = {1, 2, 7, 8, 47, 48, 49, 50};
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 3};
    const size_t n = counts[_i / 2];
    double x[64], y[64], low, high;
    for (size_t i = 0; i < n; i++) {
        x[i] = test_uniform(&random) * 200 - 100;
        x[i] = y[i] = _i % 2 ? x[i] : i % 5 ? floor(x[i]) : -0.0;
    }
    qsort(y, n, sizeof *y, ascending);
    ck_assert(rad_sort_survey(x, n, &low, &high) == !(_i % 2));
    ck_assert(low == y[0] && high == y[n - 1]);
    ck_ok(rad_sort(x, n, &error));
    for (size_t i = 0; i < n; i++) ck_assert(x[i] == y[i]);
    for (size_t i = 0; i < n && n > 1; i++) ck_assert(x[i] != 0 || _i % 2 || !signbit(x[i]));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sample");
    TCase *tests = tcase_create("sample");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, sums_equal_naive, 0, 8);
    tcase_add_loop_test(tests, sort_equals_qsort, 0, 6);
    tcase_add_loop_test(tests, few_values_are_sorted, 0, 16);
    tcase_add_loop_test(tests, uneven_values_are_sorted, 0, 40);
    tcase_add_test(tests, closed_forms);
    tcase_add_test(tests, flat_sample);
    tcase_add_test(tests, undefined_has_a_reason);
    tcase_add_test(tests, nothing_between_percentiles);
    tcase_add_test(tests, order_is_irrelevant);
    return test_run(suite);
}
