/* Which products of two columns leave (federate/site/permit.h), by lists of patients whose sums one can do in
 * one's head: both sides of each bound. */
#include "../../core/sort.h"
#include "../../federate/site/permit.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { MOST = 64 };
static const rad_limits limits = {.cell = 10, .dominance = 0.9};

/* A score where it has few values. */
static rad_score score_of(const double *x, size_t count) {
    double sorted[MOST];
    size_t some = 0;
    rad_error error = {0};
    rad_score score;
    for (size_t i = 0; i < count; i++)
        if (!isnan(x[i])) sorted[some++] = x[i];
    ck_ok(rad_sort(sorted, some, &error));
    rad_score_find(sorted, some, &score);
    return score;
}

/* May it leave, whichever column comes first? */
static bool leaves(const double *a, const double *b, size_t count, rad_limits l) {
    const rad_score score_a = score_of(a, count), score_b = score_of(b, count);
    const rad_product p = {a, b, &score_a, &score_b, count}, turned = {b, a, &score_b, &score_a, count};
    double values[MOST];
    rad_error error = {0};
    bool fine, same;
    ck_ok(rad_permit_product(&p, &l, values, &fine, &error));
    ck_ok(rad_permit_product(&turned, &l, values, &same, &error));
    ck_assert(fine == same);
    return fine;
}

/* 40 patients: a measurement and whether something is there, of `there` of them. */
static void measure(double *x, double *there, int count_there) {
    for (int i = 0; i < 40; i++) {
        x[i] = 1 + 0.37 * i;
        there[i] = i < count_there;
    }
}

/* Two patients that make up nine tenths of the sum of |a b|: 18 of 20 here, and less. */
START_TEST(two_make_up_the_sum) {
    double a[40], b[40];
    for (int i = 0; i < 40; i++) a[i] = b[i] = i % 7 * 0.01 + 0.5 + 1e-3 * i;
    ck_assert(leaves(a, b, 40, limits));
    double rest = 0;
    for (int i = 2; i < 40; i++) rest += a[i] * b[i];
    for (int i = 0; i < 2; i++) b[i] = 4.5 * rest / a[i] * 1.001; /* 9 rest of 10 rest */
    ck_assert(!leaves(a, b, 40, limits));
    for (int i = 0; i < 2; i++) b[i] = 4.5 * rest / a[i] * 0.999;
    ck_assert(leaves(a, b, 40, limits));
    ck_assert(!leaves(a, b, 40, (rad_limits){.cell = 10, .dominance = 0.89}));
    for (int i = 0; i < 2; i++) b[i] = -b[i]; /* by size, whatever the sign */
    ck_assert(!leaves(a, b, 40, (rad_limits){.cell = 10, .dominance = 0.89}));
    ck_assert(leaves(a, b, 40, (rad_limits){.cell = 0, .dominance = 0.01})); /* no rules */
}
END_TEST

/* Patients who miss one of both are in no sum. */
START_TEST(who_misses_one) {
    double a[42], b[42];
    for (int i = 0; i < 42; i++) a[i] = b[i] = 0.5 + 0.01 * i;
    a[40] = 1e6, b[40] = NAN;
    a[41] = NAN, b[41] = 1e6;
    ck_assert(leaves(a, b, 42, limits));
    b[40] = 1;
    ck_assert(!leaves(a, b, 42, limits));
}
END_TEST

/* By a column of two values the product is a sum over those who have one: of these, not all but few may be
 * the same. */
START_TEST(all_but_few_of_a_side_are_the_same) {
    for (int side = 0; side < 2; side++)
        for (int others = 8; others <= 11; others++) {
            double x[40], there[40];
            measure(x, there, 20);
            for (int i = others; i < 20; i++) x[20 * side + i] = 3;
            ck_assert_msg(leaves(x, there, 40, limits) == (others >= 10), "%d, %d others", side, others);
            for (int i = 0; i < 20; i++) there[20 * side + i] = NAN; /* of nobody it is no sum */
            ck_assert_msg(leaves(x, there, 40, limits), "%d, %d others", side, others);
        }
    double x[40], there[40]; /* all are the same: nobody is told from others */
    measure(x, there, 20);
    for (int i = 0; i < 20; i++) x[i] = 3;
    ck_assert(leaves(x, there, 40, limits));
}
END_TEST

/* One who lies far out among those of a side, though not among all. */
START_TEST(one_dominates_a_side) {
    for (int side = 0; side < 2; side++) {
        double x[40], there[40];
        measure(x, there, 20);
        for (int i = 0; i < 40; i++) x[i] = (i / 20 == side ? 1 : 1000) + 0.01 * i;
        ck_assert(leaves(x, there, 40, limits));
        x[20 * side] = 500;
        ck_assert_msg(!leaves(x, there, 40, limits), "%d", side);
    }
}
END_TEST

/* Of two scores the table counts. */
START_TEST(tables_of_two_scores) {
    for (int few = 8; few <= 11; few++) {
        double a[60], b[60];
        for (int i = 0; i < 60; i++) {
            a[i] = i < 30;
            b[i] = i % 30 < (i < 30 ? few : 15);
        }
        ck_assert_msg(leaves(a, b, 60, limits) == (few >= 10), "%d", few);
    }
}
END_TEST

/* May sums of these values leave? Whole numbers of a step of 2^-12; `known`: the score that they are. */
static bool sums_leave(const double *values, size_t count, const rad_score *known, size_t cell) {
    double x[MOST];
    rad_error error = {0};
    rad_score none = {0}, score = known ? *known : none;
    rad_variable variable = {.transform = {.step = -12}};
    const rad_cohort cohort = {.variables = &variable, .count = 1};
    const rad_rules rules = {.dominance = 0.9};
    rad_permit permit = {.cell = cell, .scores = &score};
    const rad_permitting m = {.cohort = &cohort, .rules = &rules, .permit = &permit};
    memcpy(x, values, count * sizeof *x);
    ck_ok(rad_sort(x, count, &error));
    return rad_permit_values(&m, 0, x, count);
}

START_TEST(values_of_a_variable) {
    double x[41];
    for (int i = 0; i < 40; i++) x[i] = 20 + (double)(i * i % 37) + 0.375 * i;
    ck_assert(sums_leave(x, 40, NULL, 10));
    for (int others = 9; others <= 10; others++) { /* all but few are the same, nobody, or all of them */
        double y[40];
        for (int i = 0; i < 40; i++) y[i] = i < others ? x[i] : 12;
        ck_assert_msg(sums_leave(y, 40, NULL, 10) == (others == 10), "%d others", others);
    }
    for (int i = 0; i < 40; i++) x[i] = 12;
    ck_assert(sums_leave(x, 40, NULL, 10));
    for (int i = 0; i < 40; i++) x[i] = 1 + 0.37 * i;
    x[39] = 1e4; /* one makes up all squares */
    ck_assert(!sums_leave(x, 40, NULL, 10));
    for (int few = 9; few <= 10; few++) { /* a score with a value of few */
        for (int i = 0; i < 40; i++) x[i] = i < few ? 2 : i % 2;
        ck_assert_msg(sums_leave(x, 40, NULL, 10) == (few == 10), "%d of 2", few);
    }
    const double repeats[] = {0, 0, 0, 1, 1, 2}, few[] = {10, 10, 11, 12, 13};
    const rad_score known = {4, {10, 11, 12, 13}};
    ck_assert(!sums_leave(repeats, 6, NULL, 2)); /* each value twice, in the mean: a score of these alone */
    ck_assert(sums_leave(few, 5, NULL, 2));      /* no score, unless that of all patients is one */
    ck_assert(!sums_leave(few, 5, &known, 2));
    for (int i = 0; i < 40; i++) x[i] = 30 + i;
    ck_assert(sums_leave(x, 40, NULL, 10));
    x[40] = 45 + 1517.0 / 4096; /* whole numbers, and one that is none */
    ck_assert(!sums_leave(x, 41, NULL, 10));
}
END_TEST

/* Columns of patterns of missing values: bit of the other's pattern in `apart` or `unjoined` of either. */
START_TEST(columns_that_join) {
    for (unsigned which = 0; which < 64; which++) {
        rad_class classes[2] = {{.pattern = which & 16 ? RAD_PATTERNS_MAX : 3}, {.pattern = 5}};
        uint16_t of[2] = {0, 1};
        bool joint[4] = {true, !(which & 32), !(which & 32), true};
        uint64_t apart[2] = {which & 1 ? 1U << 5 : 1U << 3, which & 2 ? 1U << 3 : 1U << 5};
        uint64_t unjoined[2] = {which & 4 ? 1U << 5 : 0, which & 8 ? 1U << 3 : 0};
        const rad_permit p = {.classes = classes,
                              .class_count = 2,
                              .of = of,
                              .apart = apart,
                              .unjoined = unjoined,
                              .joint = joint};
        const bool joins = !(which & 32) && (which & 16 || !(which & 15));
        ck_assert_msg(rad_permit_joins(&p, 0, 1) == joins, "%u", which);
        ck_assert_msg(rad_permit_joins(&p, 1, 0) == joins, "%u", which);
        ck_assert(rad_permit_joins(&p, 0, 0) && rad_permit_joins(&p, 1, 1));
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("permit");
    TCase *tests = tcase_create("permit");
    tcase_add_test(tests, two_make_up_the_sum);
    tcase_add_test(tests, who_misses_one);
    tcase_add_test(tests, all_but_few_of_a_side_are_the_same);
    tcase_add_test(tests, one_dominates_a_side);
    tcase_add_test(tests, tables_of_two_scores);
    tcase_add_test(tests, values_of_a_variable);
    tcase_add_test(tests, columns_that_join);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
