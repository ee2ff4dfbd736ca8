/* Quantiles and tails against closed forms, where GSL's own search does not end or would end the process. */
#include "../../federate/pool/distributions.h"
#include "testing.h"

#include <math.h>

static void near(double value, double expected, double relative) {
    ck_assert_msg(fabs(value - expected) <= relative * fabs(expected), "%.17g in place of %.17g", value,
                  expected);
}

static const double ps[] = {0.025, 0.975}, dfs[] = {0.05, 0.3, 0.9, 1, 2, 5.5, 30, 1000, 1e5, 1e6};
enum { PS = sizeof ps / sizeof ps[0], DFS = sizeof dfs / sizeof dfs[0] };

/* Two degrees of freedom on either side have closed forms. */
START_TEST(f_of_two) {
    for (int i = 0; i < PS; i++)
        for (int k = 0; k < DFS; k++) {
            const double p = ps[i], d = dfs[k];
            near(rad_f_quantile(p, 2, d), d / 2 * expm1(-2 / d * log1p(-p)), 1e-8);
            near(rad_f_quantile(p, d, 2), 2 / d / expm1(-2 / d * log(p)), 1e-8);
        }
}
END_TEST

/* 1 / F(a, b) is F(b, a); F(1, d) is the square of t(d). Beyond the range of numbers is NaN on both sides. */
START_TEST(f_turned) {
    for (int i = 0; i < DFS; i++)
        for (int k = 0; k < DFS; k++) {
            const double x = rad_f_quantile(0.975, dfs[i], dfs[k]), y = rad_f_quantile(0.025, dfs[k], dfs[i]);
            if (dfs[i] >= 0.3 && dfs[k] >= 0.3)
                near(x * y, 1, 1e-8);
            else
                ck_assert(isnan(x) || isnan(y) || fabs(x * y - 1) < 1e-8);
        }
    for (int k = 3; k < DFS; k++) {
        const double t = rad_t_quantile(0.9875, dfs[k]);
        near(rad_f_quantile(0.975, 1, dfs[k]), t * t, 1e-8);
    }
}
END_TEST

/* Many degrees of freedom: the expansion of Cornish and Fisher. */
START_TEST(chi_square_of_many) {
    const double z = RAD_Z95;
    for (int k = 5; k <= 6; k++)
        for (int side = -1; side <= 1; side += 2) {
            const double n = pow(10, k), u = side * z, root = sqrt(2 * n);
            const double x = n + u * root + 2 * (u * u - 1) / 3 + (u * u * u - 7 * u) / (9 * root) -
                             (6 * pow(u, 4) + 14 * u * u - 32) / (405 * n);
            near(rad_chi_square_quantile(side < 0 ? 0.025 : 0.975, n), x, 1e-10);
        }
    near(rad_chi_square_quantile(0.975, 2), -2 * log(0.025), 1e-10);
}
END_TEST

START_TEST(no_distribution) {
    const double wrong[] = {0, -1, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert(isnan(rad_f_quantile(0.975, wrong[i], 5)));
        ck_assert(isnan(rad_f_quantile(0.975, 5, wrong[i])));
        ck_assert(isnan(rad_chi_square_quantile(0.975, wrong[i])));
        ck_assert(isnan(rad_t_quantile(0.975, wrong[i])));
        ck_assert(isnan(rad_t_two_sided(1, wrong[i])));
        ck_assert(isnan(rad_chi_square_tail(1, wrong[i])));
    }
    ck_assert(isnan(rad_t_two_sided(NAN, 5)));
    ck_assert(isnan(rad_chi_square_tail(NAN, 5)));
    ck_assert(rad_t_two_sided(INFINITY, 5) == 0);
    ck_assert(isnan(rad_f_quantile(2, 5, 5)));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("distributions");
    TCase *tests = tcase_create("distributions");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, f_of_two);
    tcase_add_test(tests, f_turned);
    tcase_add_test(tests, chi_square_of_many);
    tcase_add_test(tests, no_distribution);
    return test_run(suite);
}
