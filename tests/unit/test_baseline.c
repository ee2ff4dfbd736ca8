/* Standardised differences of levels against closed forms; what is not defined. */
#include "../../federate/pool/baseline.h"
#include "testing.h"

#include <math.h>

/* Two levels: |p - q| over the root of the mean of p(1 - p) and q(1 - q). */
START_TEST(two_levels) {
    const int64_t a[] = {30, 70}, b[] = {60, 40};
    const double d = 0.7 - 0.4, s = (0.7 * 0.3 + 0.4 * 0.6) / 2;
    ck_near(rad_baseline_smd(a, b, 2, 1), d / sqrt(s), 1e-15);
    ck_near(rad_baseline_smd(b, a, 2, 1), d / sqrt(s), 1e-15);
}
END_TEST

/* Three levels, by the inverse of two by two; in a column of a table, three apart; with a level of nobody. */
START_TEST(three_levels) {
    const int64_t a[] = {20, 30, 50}, b[] = {40, 35, 25};
    const double p[] = {0.3, 0.5}, q[] = {0.35, 0.25}, d[] = {p[0] - q[0], p[1] - q[1]};
    const double u = (p[0] * (1 - p[0]) + q[0] * (1 - q[0])) / 2,
                 v = (p[1] * (1 - p[1]) + q[1] * (1 - q[1])) / 2, w = -(p[0] * p[1] + q[0] * q[1]) / 2;
    const double square = (d[0] * d[0] * v - 2 * d[0] * d[1] * w + d[1] * d[1] * u) / (u * v - w * w);
    ck_near(rad_baseline_smd(a, b, 3, 1), sqrt(square), 1e-14);
    const int64_t table[] = {20, 40, 9, 30, 35, 9, 50, 25, 9};
    ck_near(rad_baseline_smd(table, table + 1, 3, 3), sqrt(square), 1e-14);
    const int64_t with[] = {20, 0, 30, 50}, without[] = {40, 0, 35, 25};
    ck_near(rad_baseline_smd(with, without, 4, 1), sqrt(square), 1e-14);
}
END_TEST

START_TEST(undefined) {
    const int64_t some[] = {3, 4}, none[] = {0, 0}, first[] = {5, 0}, second[] = {0, 5};
    ck_assert(rad_baseline_smd(some, some, 2, 1) == 0);
    ck_assert_double_nan(rad_baseline_smd(some, none, 2, 1));
    ck_assert_double_nan(rad_baseline_smd(none, some, 2, 1));
    ck_assert_double_nan(rad_baseline_smd(first, second, 2, 1)); /* no spread in either */
    ck_assert(rad_baseline_smd(first, first, 2, 1) == 0);        /* one level is all that anybody has */
}
END_TEST

/* What is left out by fewer than the minimum is not told, and so is what was read. */
START_TEST(rows_read) {
    const rad_summary all = {.rows = 60, .excluded = 12, .repeats = 0, .incomplete = 10},
                      few = {.rows = 60, .excluded = -1};
    ck_assert(rad_baseline_read(&all).known && rad_baseline_read(&all).count == 82);
    ck_assert(!rad_baseline_read(&few).known && !rad_baseline_read(&few).count);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("baseline");
    TCase *tests = tcase_create("baseline");
    tcase_add_test(tests, two_levels);
    tcase_add_test(tests, three_levels);
    tcase_add_test(tests, undefined);
    tcase_add_test(tests, rows_read);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
