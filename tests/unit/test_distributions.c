/* Quantiles and tails against closed forms and R, and what is no distribution. */
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

enum kind { F_QUANTILE, F_TAIL, CHI_QUANTILE, CHI_TAIL, T_QUANTILE, T_TWO };

/* By qbeta (of F: qf has a few digits only near 0), pf, qchisq, pchisq, qt and pt of R 4.2.2. */
static const struct {
    enum kind kind;
    double x, df1, df2, expected;
} by_r[] = {
    {F_QUANTILE, 0.001, 0.40000000000000002, 7, 3.6686979214620198e-15},
    {F_QUANTILE, 0.5, 0.40000000000000002, 7, 0.11701950396675842},
    {F_QUANTILE, 0.97499999999999998, 0.40000000000000002, 7, 10.866425922822648},
    {F_QUANTILE, 0.001, 1, 1, 2.4674051589901414e-06},
    {F_QUANTILE, 0.5, 1, 1, 0.99999999999999956},
    {F_QUANTILE, 0.97499999999999998, 1, 1, 647.7890114778661},
    {F_QUANTILE, 0.001, 3, 12.5, 0.0078046396605972396},
    {F_QUANTILE, 0.5, 3, 12.5, 0.83336947050527344},
    {F_QUANTILE, 0.97499999999999998, 3, 12.5, 4.4075972903296847},
    {F_QUANTILE, 0.001, 17, 250, 0.25443574398939744},
    {F_QUANTILE, 0.5, 17, 250, 0.96364624813455224},
    {F_QUANTILE, 0.97499999999999998, 17, 250, 1.8302630513441824},
    {F_QUANTILE, 0.001, 900, 4, 0.21463011412037841},
    {F_QUANTILE, 0.5, 900, 4, 1.190750760626474},
    {F_QUANTILE, 0.97499999999999998, 900, 4, 8.264269258728655},
    {F_TAIL, 0.02, 0.40000000000000002, 7, 0.64763085365783979},
    {F_TAIL, 1.1000000000000001, 0.40000000000000002, 7, 0.24227961688681854},
    {F_TAIL, 35, 0.40000000000000002, 7, 0.0021324838481635673},
    {F_TAIL, 0.02, 1, 1, 0.91056147804968446},
    {F_TAIL, 1.1000000000000001, 1, 1, 0.48483665201789589},
    {F_TAIL, 35, 1, 1, 0.10660075807622733},
    {F_TAIL, 0.02, 3, 12.5, 0.99595297035941965},
    {F_TAIL, 1.1000000000000001, 3, 12.5, 0.38555576036951872},
    {F_TAIL, 35, 3, 12.5, 2.3561058641233308e-06},
    {F_TAIL, 0.02, 17, 250, 0.99999999999736844},
    {F_TAIL, 1.1000000000000001, 17, 250, 0.35387949512796679},
    {F_TAIL, 35, 17, 250, 2.766372034067247e-56},
    {F_TAIL, 0.02, 900, 4, 1},
    {F_TAIL, 1.1000000000000001, 900, 4, 0.54206418857272898},
    {F_TAIL, 35, 900, 4, 0.0015749997202246333},
    {CHI_QUANTILE, 0.001, 0.20000000000000001, 0, 1.2146096724815879e-30},
    {CHI_QUANTILE, 0.29999999999999999, 0.20000000000000001, 0, 7.1721720368219035e-06},
    {CHI_QUANTILE, 0.999, 0.20000000000000001, 0, 6.7273540234375062},
    {CHI_QUANTILE, 0.001, 1, 0, 1.5707971492624904e-06},
    {CHI_QUANTILE, 0.29999999999999999, 1, 0, 0.14847186183254543},
    {CHI_QUANTILE, 0.999, 1, 0, 10.827566170662729},
    {CHI_QUANTILE, 0.001, 4, 0, 0.090804035538979117},
    {CHI_QUANTILE, 0.29999999999999999, 4, 0, 2.1946984214069833},
    {CHI_QUANTILE, 0.999, 4, 0, 18.466826952903169},
    {CHI_QUANTILE, 0.001, 31.5, 0, 12.502707009841089},
    {CHI_QUANTILE, 0.29999999999999999, 31.5, 0, 26.906103390552076},
    {CHI_QUANTILE, 0.999, 31.5, 0, 61.79353466164055},
    {CHI_QUANTILE, 0.001, 2000, 0, 1810.2415818699533},
    {CHI_QUANTILE, 0.29999999999999999, 2000, 0, 1966.3568935157973},
    {CHI_QUANTILE, 0.999, 2000, 0, 2201.1561965866294},
    {CHI_TAIL, 0.050000000000000003, 0.20000000000000001, 0, 0.27477692880764076},
    {CHI_TAIL, 3.8399999999999999, 0.20000000000000001, 0, 0.0063206319849928548},
    {CHI_TAIL, 60, 0.20000000000000001, 0, 4.4767665800126916e-16},
    {CHI_TAIL, 2200, 0.20000000000000001, 0, 0},
    {CHI_TAIL, 0.050000000000000003, 1, 0, 0.82306327375812149},
    {CHI_TAIL, 3.8399999999999999, 1, 0, 0.050043521248705224},
    {CHI_TAIL, 60, 1, 0, 9.4857375710738494e-15},
    {CHI_TAIL, 2200, 1, 0, 0},
    {CHI_TAIL, 0.050000000000000003, 4, 0, 0.99969265982904087},
    {CHI_TAIL, 3.8399999999999999, 4, 0, 0.42809232942062247},
    {CHI_TAIL, 60, 4, 0, 2.9008631203404549e-12},
    {CHI_TAIL, 2200, 4, 0, 0},
    {CHI_TAIL, 0.050000000000000003, 31.5, 0, 0.99999999999999989},
    {CHI_TAIL, 3.8399999999999999, 31.5, 0, 0.99999999953914354},
    {CHI_TAIL, 60, 31.5, 0, 0.0016245071133773588},
    {CHI_TAIL, 2200, 31.5, 0, 0},
    {CHI_TAIL, 0.050000000000000003, 2000, 0, 1},
    {CHI_TAIL, 3.8399999999999999, 2000, 0, 1},
    {CHI_TAIL, 60, 2000, 0, 1},
    {CHI_TAIL, 2200, 2000, 0, 0.0010593232539299791},
    {T_QUANTILE, 1.0000000000000001e-05, 0.59999999999999998, 0, -31243864.236579664},
    {T_QUANTILE, 0.20000000000000001, 0.59999999999999998, 0, -2.0326205697956965},
    {T_QUANTILE, 0.97499999999999998, 0.59999999999999998, 0, 67.844395329571043},
    {T_QUANTILE, 1.0000000000000001e-05, 1, 0, -31830.988607907086},
    {T_QUANTILE, 0.20000000000000001, 1, 0, -1.3763819204711736},
    {T_QUANTILE, 0.97499999999999998, 1, 0, 12.706204736174694},
    {T_QUANTILE, 1.0000000000000001e-05, 4.2000000000000002, 0, -21.138720728153054},
    {T_QUANTILE, 0.20000000000000001, 4.2000000000000002, 0, -0.93579179792344691},
    {T_QUANTILE, 0.97499999999999998, 4.2000000000000002, 0, 2.7250727225923739},
    {T_QUANTILE, 1.0000000000000001e-05, 33, 0, -4.9725535278602315},
    {T_QUANTILE, 0.20000000000000001, 33, 0, -0.85264942364798879},
    {T_QUANTILE, 0.97499999999999998, 33, 0, 2.0345152974493383},
    {T_QUANTILE, 1.0000000000000001e-05, 100000, 0, -4.2650954031813253},
    {T_QUANTILE, 0.20000000000000001, 100000, 0, -0.84162482799690086},
    {T_QUANTILE, 0.97499999999999998, 100000, 0, 1.9599877075346088},
    {T_TWO, -0.01, 0.59999999999999998, 0, 0.99433108702233985},
    {T_TWO, 1.96, 0.59999999999999998, 0, 0.40809244704186232},
    {T_TWO, -12, 0.59999999999999998, 0, 0.14126891145376624},
    {T_TWO, -0.01, 1, 0, 0.99363401447018351},
    {T_TWO, 1.96, 1, 0, 0.30034289177603307},
    {T_TWO, -12, 1, 0, 0.052929352119179741},
    {T_TWO, -0.01, 4.2000000000000002, 0, 0.99247840242873586},
    {T_TWO, 1.96, 4.2000000000000002, 0, 0.1181742687761556},
    {T_TWO, -12, 4.2000000000000002, 0, 0.00020842666068435336},
    {T_TWO, -0.01, 33, 0, 0.99208149861107398},
    {T_TWO, 1.96, 33, 0, 0.058485107149877848},
    {T_TWO, -12, 33, 0, 1.3973934971417552e-13},
    {T_TWO, -0.01, 100000, 0, 0.9920213073188231},
    {T_TWO, 1.96, 100000, 0, 0.049998563194301682},
    {T_TWO, -12, 100000, 0, 3.7445058119563968e-33},
};

START_TEST(as_in_r) {
    for (size_t i = 0; i < sizeof by_r / sizeof by_r[0]; i++) {
        const double x = by_r[i].x, a = by_r[i].df1, b = by_r[i].df2;
        const double values[] = {[F_QUANTILE] = rad_f_quantile(x, a, b),
                                 [F_TAIL] = rad_f_tail(x, a, b),
                                 [CHI_QUANTILE] = rad_chi_square_quantile(x, a),
                                 [CHI_TAIL] = rad_chi_square_tail(x, a),
                                 [T_QUANTILE] = rad_t_quantile(x, a),
                                 [T_TWO] = rad_t_two_sided(x, a)};
        near(values[by_r[i].kind], by_r[i].expected, 1e-11);
    }
}
END_TEST

/* By dhyper of R; what cannot be drawn has the probability 0. */
START_TEST(hypergeometric) {
    static const struct {
        unsigned drawn, marked, others, draws;
        double expected;
    } rows[] = {
        {0, 3, 4, 2, 0.28571428571428575},
        {3, 5, 9, 6, 0.27972027972027963},
        {12, 40, 60, 33, 0.15137151834636614},
        {700, 1500, 4000, 2000, 1.6849694865023949e-22},
        {1, 2, 3, 5, 0}, /* both are drawn */
        {2, 2, 3, 6, 0}, /* more than there are */
        {3, 2, 30, 6, 0},
        {30, 100000, 2, 31, 0.00061980160582786445},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        near(rad_hypergeometric(rows[i].drawn, rows[i].marked, rows[i].others, rows[i].draws),
             rows[i].expected, 1e-11);
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
    tcase_add_test(tests, as_in_r);
    tcase_add_test(tests, hypergeometric);
    tcase_add_test(tests, no_distribution);
    return test_run(suite);
}
