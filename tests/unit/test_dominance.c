/* How much of a sum is that of a few patients (federate/site/dominance.h). */
#include "../../federate/site/dominance.h"
#include "testing.h"

/* 58 values from -1 to 1 and one at `far`, sorted. */
static void with_one_far(double far, double x[59]) {
    for (int i = 0; i < 58; i++) x[i] = 2.0 * i / 57 - 1;
    x[58] = far;
}

/* The sum of (x - m)^4 is known to whoever has four powers, and one of 10 spreads makes it up where (x - m)^2
 * are still those of many: far^4 / (far^4 + 58 / 5), by the closed form of even spacing. */
START_TEST(fourth_powers_about_the_median) {
    double x[59];
    with_one_far(2.5, x);
    ck_assert_double_lt(rad_dominance_share(x, 59, x[29], 4), 0.9);
    ck_assert_int_eq(rad_dominance_powers(x, 59, 0.9), 4);
    with_one_far(6, x);
    ck_assert_double_gt(rad_dominance_share(x, 59, x[29], 4), 0.9);
    ck_assert_double_lt(rad_dominance_share(x, 59, x[29], 2), 0.9);
    ck_assert_int_eq(rad_dominance_powers(x, 59, 0.9), 2);
    for (int i = 0; i < 59; i++) x[i] += 100; /* from 0 nobody dominates */
    ck_assert_double_lt(rad_dominance_share(x, 59, 0, 4), 0.1);
    ck_assert_int_eq(rad_dominance_powers(x, 59, 0.9), 2);
}
END_TEST

START_TEST(shares) {
    const double x[] = {0, 0, 1, 3};
    ck_assert_double_eq(rad_dominance_share(x, 4, 0, 1), 1);
    ck_assert_double_eq(rad_dominance_share(x, 4, 1, 1), 3.0 / 4);
    ck_assert_double_eq(rad_dominance_share(x, 4, 1, 2), 5.0 / 6);
    ck_assert_double_eq(rad_dominance_share(x, 4, 1, 4), 17.0 / 18);
    ck_assert_double_eq(rad_dominance_share(x, 0, 0, 1), 0);
}
END_TEST

START_TEST(others) {
    const double x[] = {0, 0, 0, 1, 2, 2}, all[] = {1, 2, 3}, same[] = {7, 7};
    ck_assert_uint_eq(rad_dominance_others(x, 6), 3);
    ck_assert_uint_eq(rad_dominance_others(all, 3), 3); /* no value is that of others */
    ck_assert_uint_eq(rad_dominance_others(same, 2), 0);
    ck_assert_uint_eq(rad_dominance_others(all, 1), 1);
    ck_assert_uint_eq(rad_dominance_others(all, 0), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dominance");
    TCase *tests = tcase_create("dominance");
    tcase_add_test(tests, shares);
    tcase_add_test(tests, others);
    tcase_add_test(tests, fourth_powers_about_the_median);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
