/* Intervals that cuts lie in: joined until nobody or enough are on either side, against a naive count; what
 * values between cuts and sums tell together. */
#include "../../federate/site/derived.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 400 };
static rad_error error;
static rad_study study;
static double values[ROWS];
static int8_t levels[4 * ROWS];
static rad_variable variable;
static rad_cohort cohort;
static const rad_derived_of of = {&cohort, &study, NULL, 0};

static void read_study(const char *derived) {
    char text[512];
    snprintf(text, sizeof text,
             "study: s\nfeatures: [f]\ncovariates: {x: {step: 0.001}}\nvariables: {x: {grid: {from: 0, to: "
             "1, cells: 256}}}\n%s%s\n",
             *derived ? "derived: " : "", derived);
    ck_ok(rad_study_parse(text, strlen(text), "study", &study, &error));
    variable = (rad_variable){.name = "x", .transform = {.has_grid = true}};
    ck_ok(rad_study_transform(&study, "x", &variable.transform, &error));
}

static void set_rows(size_t rows, const double *x) {
    cohort =
        (rad_cohort){.rows = rows, .count = 1, .variables = &variable, .values = values, .levels = levels};
    for (size_t r = 0; r < rows; r++) {
        values[r] = x[r];
        for (size_t f = 0; f < study.factor_count; f++)
            levels[f * rows + r] = isnan(x[r]) ? -1 : (int8_t)rad_cut_level(study.factors[f].cut, x[r]);
    }
}

/* How many of an interval are above a cut, counted one by one. */
static size_t above(const rad_derived_bins *b, size_t interval, double cut) {
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++) count += b->interval[i] == interval && b->x[i] > cut;
    return count;
}

static void check(const rad_derived_bins *b, const double *cuts, size_t count, size_t least) {
    uint64_t all = 0;
    for (size_t k = 0; k < b->intervals; k++) {
        const uint64_t n = b->counts[k].count;
        all += n;
        ck_assert(n >= least && (!k || b->counts[k].first == b->counts[k - 1].end));
        for (size_t i = 0; i < count; i++) {
            const size_t part = above(b, k, cuts[i]);
            ck_assert_msg(b->intervals == 1 || !part || part == n || (part >= least && n - part >= least),
                          "%zu of %zu above %g", part, (size_t)n, cuts[i]);
        }
    }
    ck_assert(!b->intervals || all == b->count);
    for (size_t i = 1; i < b->count && b->intervals; i++) {
        ck_assert(b->x[i] >= b->x[i - 1] && b->interval[i] >= b->interval[i - 1]);
        bool apart = b->interval[i] != b->interval[i - 1];
        for (size_t k = 0; k < count; k++) apart = apart || (b->x[i - 1] <= cuts[k]) != (b->x[i] <= cuts[k]);
        ck_assert(b->part[i] == b->part[i - 1] + apart);
    }
}

/* Of all numbers of patients and minima: no join more than a cut needs is looked at by hand below. */
START_TEST(joined) {
    test_random random = {11};
    double x[ROWS];
    const double cuts[] = {0.25, 0.5, 0.301};
    read_study("{a: \"x > 0.25\", b: {of: x, cuts: [0.301, 0.5], levels: [p, q, r]}}");
    for (int round = 0; round < 300; round++) {
        const size_t rows = 10 + test_below(&random, ROWS - 10), least = 3 + test_below(&random, 12);
        rad_derived_bins b;
        for (size_t r = 0; r < rows; r++)
            x[r] = test_below(&random, 20) ? ldexp(floor(ldexp(test_uniform(&random), 10)), -10) : NAN;
        set_rows(rows, x);
        ck_ok(rad_derived_count(&of, least, &b, &error));
        check(&b, cuts, 3, least);
        rad_derived_bins_free(&b);
    }
    rad_study_free(&study);
}
END_TEST

/* Without cuts the intervals are those of the grid; one cut joins the interval that it lies in with the side
 * of the few, and no other. */
START_TEST(by_hand) {
    double x[80];
    rad_derived_bins plain, cut;
    for (size_t r = 0; r < 80; r++) x[r] = (double)r / 80;
    read_study("");
    set_rows(80, x);
    ck_ok(rad_derived_count(&of, 10, &plain, &error));
    ck_assert_uint_eq(plain.intervals, 8);
    for (size_t k = 0; k < 8; k++) ck_assert_uint_eq(plain.counts[k].count, 10);
    rad_study_free(&study);
    read_study("{a: \"x > 0.4\"}"); /* 33 are not above: 3 of the fourth interval, which joins the third */
    set_rows(80, x);
    ck_ok(rad_derived_count(&of, 10, &cut, &error));
    ck_assert_uint_eq(cut.intervals, 6); /* and then the 7 that are above join the next one */
    ck_assert_uint_eq(cut.counts[2].end, plain.counts[5].first);
    ck_assert_uint_eq(cut.counts[3].count, 10);
    ck_assert_uint_eq(cut.counts[2].count, 30);
    rad_derived_bins_free(&plain);
    rad_derived_bins_free(&cut);
    rad_study_free(&study);
}
END_TEST

/* A cut at an edge changes nothing; without a minimum nothing is joined. */
START_TEST(at_an_edge) {
    double x[80];
    rad_derived_bins b;
    for (size_t r = 0; r < 80; r++) x[r] = (double)r / 80;
    read_study("{a: \"x >= 0.5\"}");
    set_rows(80, x);
    ck_ok(rad_derived_count(&of, 10, &b, &error));
    ck_assert_uint_eq(b.intervals, 8);
    rad_derived_bins_free(&b);
    ck_ok(rad_derived_count(&of, 0, &b, &error));
    ck_assert_uint_eq(b.intervals, 80);
    rad_derived_bins_free(&b);
    rad_study_free(&study);
}
END_TEST

/* Three values in each half, nine patients of the rarest: sums and squares of each half, and its number, are
 * equations for how many have each value; of the whole alone they leave enough. */
START_TEST(levels_and_powers) {
    double x[80];
    rad_derived_bins b;
    const size_t counts[6] = {16, 16, 8, 16, 16, 8};
    for (size_t k = 0, r = 0; k < 6; k++)
        for (size_t i = 0; i < counts[k]; i++) x[r++] = (double)k / 8;
    read_study("{a: \"x > 0.3\"}\ngroups: [a]");
    set_rows(80, x);
    ck_ok(rad_derived_count(&of, 10, &b, &error));
    ck_assert(!rad_derived_fits(&of, &b, 2, 10));
    ck_assert(rad_derived_fits(&of, &b, 2, 8)); /* every value has as many */
    rad_derived_bins_free(&b);
    rad_study_free(&study);
}
END_TEST

START_TEST(words) {
    char text[64], small[8];
    double x[80];
    for (size_t r = 0; r < 80; r++) x[r] = (double)r / 60;
    read_study("{a: \"x > 0.25\", b: {of: x, cuts: [0.3, 0.5], levels: [p, q, r]}, c: \"x < 1\"}");
    set_rows(80, x);
    ck_assert_str_eq(rad_derived_text(&cohort, &study, 0, text, sizeof text), "> 0.25, > 0.3, > 0.5, >= 1");
    strcpy(variable.name, "y"); /* of no cut, but it orders the patients as x does, or nearly */
    ck_assert_str_eq(rad_derived_text(&cohort, &study, 0, text, sizeof text), "> 0.25, > 0.3, > 0.5, >= 1");
    values[0] = 9;
    ck_assert_str_eq(rad_derived_text(&cohort, &study, 0, text, sizeof text), "");
    for (size_t r = 0; r < 80; r++) values[r] = -(double)r; /* the other way round */
    ck_assert_str_eq(rad_derived_text(&cohort, &study, 0, text, sizeof text), "> 0.25, > 0.3, > 0.5, >= 1");
    strcpy(variable.name, "x");
    ck_assert_str_eq(rad_derived_text(&cohort, &study, 0, small, sizeof small), "> 0.25,");
    rad_study_free(&study);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("derived");
    TCase *tests = tcase_create("derived");
    tcase_add_test(tests, joined);
    tcase_add_test(tests, by_hand);
    tcase_add_test(tests, at_an_edge);
    tcase_add_test(tests, levels_and_powers);
    tcase_add_test(tests, words);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
