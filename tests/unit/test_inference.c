/* Tests on sums of very few patients, against R: t.test(c(1, 2), c(4, 7), var.equal = TRUE), t.test(c(1, 2),
 * c(4, 7)), t.test(c(1, 2, 4), c(9)). */
#include "../../federate/describe.h"
#include "../../federate/pool/distributions.h"
#include "../../federate/pool/inference.h"
#include "../../federate/pool/ordinary.h"
#include "least_squares.h"
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

enum { ROWS = 60, COLUMNS = 6 }; /* the last one is the response */

static void make_rows(uint64_t seed, double x[ROWS][COLUMNS]) {
    test_random random = {seed};
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t j = 0; j + 1 < COLUMNS; j++) x[r][j] = test_uniform(&random) - 0.5;
        x[r][1] += x[r][0];
        x[r][5] = 2 * x[r][0] - x[r][1] + 0.4 * x[r][4] + 1.3 * (test_uniform(&random) - 0.5);
    }
}

/* Two passes over the rows. */
static rad_gram gram_of(double x[ROWS][COLUMNS]) {
    rad_gram g;
    ck_ok(rad_gram_allocate(COLUMNS, &g, &error));
    g.n = ROWS;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j < COLUMNS; j++) g.mean[j] += x[r][j] / ROWS;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < COLUMNS; i++)
            for (size_t j = 0; j < COLUMNS; j++)
                g.cross[i * COLUMNS + j] += (x[r][i] - g.mean[i]) * (x[r][j] - g.mean[j]);
    return g;
}

/* Those columns, and behind them one of ones. */
static least_squares twin_of(double x[ROWS][COLUMNS], const bool *in) {
    static long double of[ROWS][COLUMNS_MAX];
    double y[ROWS];
    least_squares f = {.columns = 1};
    for (size_t j = 0; j + 1 < COLUMNS; j++) f.columns += in[j];
    for (size_t r = 0; r < ROWS; r++) {
        size_t at = 0;
        for (size_t j = 0; j + 1 < COLUMNS; j++)
            if (in[j]) of[r][at++] = (long double)x[r][j];
        of[r][at] = 1;
        y[r] = x[r][COLUMNS - 1];
    }
    solve(&f, (const long double(*)[COLUMNS_MAX])of, y, ROWS);
    return f;
}

/* Columns together: by what the residual of the rows grows without them; by slopes and their covariance; of
 * one column F is the square of t. What other columns make up adds nothing. */
START_TEST(columns_that_are_dropped) {
    double x[ROWS][COLUMNS];
    make_rows((uint64_t)_i + 2, x);
    for (size_t r = 0; r < ROWS && _i == 5; r++) x[r][4] = x[r][0] - x[r][1];
    const bool all[] = {true, true, true, true, _i < 5};
    const bool of[] = {false, _i > 0, false, _i != 1, _i > 3};
    bool others[COLUMNS - 1];
    for (size_t j = 0; j + 1 < COLUMNS; j++) others[j] = all[j] && !of[j];
    const least_squares with = twin_of(x, all), without = twin_of(x, others);
    rad_gram g = gram_of(x);
    rad_test test;
    double square;
    size_t df;
    ck_ok(rad_ordinary_drop(&g, of, &square, &df, &error));
    ck_near(square, (double)(without.residual - with.residual), 1e-12);
    ck_assert_uint_eq(df, with.columns - without.columns);
    rad_inference_f(square, df, (double)with.residual, ROWS - (double)with.columns, &test);
    ck_near(test.effect, (double)(1 - with.residual / without.residual), 1e-12);
    double slope[COLUMNS] = {0}, v[COLUMNS_MAX * COLUMNS_MAX] = {0};
    size_t at[COLUMNS], count = 0;
    for (size_t j = 0; j < with.columns; j++) {
        slope[j] = (double)with.slope[j];
        if (j + 1 < with.columns && of[j]) at[count++] = j;
        for (size_t i = 0; i <= j; i++) v[j * with.columns + i] = (double)with.inverse[j][with.columns + i];
    }
    ck_near(rad_inference_joint(slope, v, with.columns, at, count), square, 1e-10);
    if (df == 1) {
        const double se = sqrt(v[at[0] * (with.columns + 1)] * (double)with.residual / test.df2),
                     t = slope[at[0]] / se;
        ck_near(test.statistic, t * t, 1e-10);
        ck_near(test.p, rad_t_two_sided(t, test.df2), 1e-10);
    }
    rad_gram_free(&g);
}
END_TEST

/* Nothing to test, nobody left over, no residual: no number; a matrix that is not positive: none. */
START_TEST(tests_that_are_undefined) {
    rad_test t;
    rad_inference_f(3, 0, 1, 20, &t);
    ck_assert(isnan(t.statistic) && isnan(t.p) && isnan(t.effect));
    rad_inference_f(3, 2, 1, 0, &t);
    ck_assert(isnan(t.statistic) && isnan(t.df1));
    rad_inference_f(3, 2, 0, 20, &t);
    ck_assert(isnan(t.statistic) && isnan(t.p) && t.effect == 1);
    const double b[] = {1, 2}, v[] = {1, 0, 2, 4};
    const size_t at[] = {0, 1};
    ck_assert(isnan(rad_inference_joint(b, v, 2, at, 2)));
    ck_near(rad_inference_joint(b, v, 2, at + 1, 1), 1, 1e-15);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("inference");
    TCase *tests = tcase_create("means");
    tcase_add_test(tests, two_of_two);
    tcase_add_test(tests, one_is_too_few);
    tcase_add_test(tests, sums_too_wide);
    tcase_add_loop_test(tests, columns_that_are_dropped, 0, 6);
    tcase_add_test(tests, tests_that_are_undefined);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
