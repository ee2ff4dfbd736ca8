/* Competing causes: what of them may leave, by counting rows, and their cumulative incidence. */
#include "../../federate/pool/incidence.h"
#include "../../federate/pool/plausible.h"
#include "../../federate/pool/rmst.h"
#include "../../federate/site/lifetables.h"
#include "../../federate/site/summarise.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;
static rad_study study;
static rad_cohort cohort;

static const char text[] = "study: causes\nfeatures: [x]\ncovariates: {arm: {levels: [a, b, c]}}\n"
                           "outcomes: {end: {time: months, event: status, causes: [relapse, death], "
                           "grid: [0, 3, 6, 9, 12, 15, 18]}}\ngroups: [arm]\n";

static rad_status read_table(const char *table) {
    char path[] = "/tmp/radiomill-causes-XXXXXX";
    const int file = mkstemp(path);
    ck_assert_int_eq(write(file, table, strlen(table)), (ssize_t)strlen(table));
    close(file);
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    const rad_status status = rad_cohort_read(path, NULL, &study, &cohort, &error);
    unlink(path);
    return status;
}

static void free_all(void) {
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}

static void add_row(char *table, size_t i, const char *arm, double months, int status) {
    sprintf(table + strlen(table), "p%zu,%zu,%s,%g,%d\n", i, i, arm, months, status);
}

static void read_random(test_random *random, size_t rows) {
    static char table[65536];
    const double rare = test_uniform(random) * 0.6;
    strcpy(table, "case,x,arm,months,status\n");
    for (size_t i = 0; i < rows; i++) {
        const double u = test_uniform(random);
        const char *arm = u < 0.5 ? "a" : u < 0.9 ? "b" : "c";
        const int status = test_uniform(random) < 0.4 ? 0 : test_uniform(random) < rare ? 2 : 1;
        add_row(table, i, arm, floor(test_uniform(random) * 40) / 2, status);
    }
    ck_ok(read_table(table));
}

/* Of a level (-1: all; -2: none of those that are shown) who left in ]from, to] by that status; -1: by any.
 */
static uint64_t count(const bool *shown, int level, double from, double to, int status) {
    uint64_t n = 0;
    for (size_t r = 0; r < cohort.rows; r++) {
        const int own = (int)cohort.levels[r]; /* -1: none */
        const bool in = level == -1 || (level == -2 ? own < 0 || !shown[own] : own == level);
        const double t = cohort.times[r] == 0 ? 0.001 : cohort.times[r];
        n += in && t > from && t <= to && (status < 0 || cohort.events[r] == status);
    }
    return n;
}

/* The few who stay beyond the end of the grid are last seen there. */
static void move_beyond(size_t cell) {
    if (count(NULL, -1, 18, INFINITY, -1) >= cell) return;
    for (size_t r = 0; r < cohort.rows; r++)
        if (cohort.times[r] > 18) {
            cohort.times[r] = 18;
            cohort.events[r] = 0;
        }
}

static void check_table(const rad_lifetable *t, const bool *shown, int level, size_t cell) {
    const double *grid = study.survivals[0].grid, last = grid[t->edge[t->edges - 1]];
    for (size_t i = 0; i + 1 < t->edges; i++)
        for (int cause = 1; cause <= 2; cause++) {
            const uint64_t n = count(shown, level, grid[t->edge[i]], grid[t->edge[i + 1]], cause);
            ck_assert_msg(n == 0 || n >= cell, "%d: %d patients of cause %d", level, (int)n, cause);
            if (level >= -1) ck_assert_uint_eq(t->cause[2 * i + (size_t)cause - 1], n);
        }
    for (int cause = 1; cause <= 2 && count(shown, level, 0, INFINITY, -1); cause++) {
        const uint64_t n = count(shown, level, 0, last, cause);
        ck_assert(n >= cell ||
                  (level == -1 && n == 0)); /* by level a table of pairs, where 0 is hidden too */
    }
}

/* All patients, each level that is shown, and what is left of a factor: each cause has nobody or enough. */
START_TEST(small_causes) {
    test_random random = {11};
    size_t tables = 0, levels = 0, cuts = 0;
    for (int turn = 0; turn < 300; turn++) {
        const size_t cell = 3 + test_below(&random, 8);
        size_t withheld = 0;
        rad_lifetables t;
        bool shown[3], some = false;
        read_random(&random, 40 + test_below(&random, 160));
        ck_ok(rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){cell, NULL}, &t, &withheld,
                                  &error));
        move_beyond(cell);
        if (t.stratum[0].edges) check_table(&t.stratum[0], NULL, -1, cell);
        tables += t.stratum[0].edges > 0;
        cuts += t.stratum[0].edges > 2;
        for (size_t l = 0; l < 3; l++) shown[l] = t.stratum[1 + l].edges > 0;
        for (size_t l = 0; l < 3; l++) {
            if (!shown[l]) continue;
            check_table(&t.stratum[1 + l], shown, (int)l, cell);
            if (!some) check_table(&t.stratum[1 + l], shown, -2, cell);
            some = true;
            levels++;
        }
        rad_lifetables_free(&t);
        free_all();
    }
    ck_assert_msg(tables > 100 && levels > 50 && cuts > 50, "%zu, %zu, %zu", tables, levels, cuts);
}
END_TEST

/* 30 relapses and 20 censored in each of two halves; deaths on both sides of the minimum, and in one half
 * only. */
START_TEST(bounds) {
    static const struct {
        int early, late;
        size_t edges; /* 0: nothing leaves */
    } cases[] = {{0, 0, 3}, {9, 0, 0}, {10, 0, 3}, {10, 10, 3}, {10, 9, 2}, {5, 5, 2}, {4, 5, 0}};
    static char table[65536];
    size_t at = 0, withheld = 0;
    rad_lifetables t;
    strcpy(table, "case,x,arm,months,status\n");
    for (int half = 0; half < 2; half++) {
        const double month = half ? 17 : 8;
        for (int i = 0; i < 30; i++) add_row(table, at++, "a", month, 1);
        for (int i = 0; i < 20; i++) add_row(table, at++, "a", month, 0);
        for (int i = 0; i < (half ? cases[_i].late : cases[_i].early); i++)
            add_row(table, at++, "a", month, 2);
    }
    ck_ok(read_table(table));
    ck_ok(rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){10, NULL}, &t, &withheld, &error));
    ck_assert_msg(t.stratum[0].edges == cases[_i].edges, "%zu edges, not %zu", t.stratum[0].edges,
                  cases[_i].edges);
    rad_lifetables_free(&t);
    free_all();
}
END_TEST

/* Who had which cause when are sets of the audit, which add up to the events. */
START_TEST(audited) {
    size_t withheld = 0;
    rad_lifetables t;
    rad_sets sets = {.words = 0};
    test_random random = {5};
    read_random(&random, 150);
    sets.words = cohort.words;
    ck_ok(rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){0, NULL}, &t, &withheld, &error));
    ck_ok(rad_lifetables_sets(&cohort, &study, (rad_lifetable_part){0, 1, true}, &t, &sets, &error));
    ck_assert_uint_eq(sets.count, 3 * (t.stratum[0].edges - 1) + 1); /* two causes and none; who stayed */
    rad_sets_free(&sets);
    rad_lifetables_free(&t);
    free_all();
}
END_TEST

/* Without censoring the incidence is the share so far, and its error that of a share, for any split. */
START_TEST(shares) {
    static uint16_t edge[] = {0, 1, 2, 4};
    uint64_t whole_counts[] = {30, 0, 20, 0, 25, 0, 25}, whole_cause[] = {20, 10, 5, 15, 25, 0};
    uint64_t part_counts[] = {10, 0, 5, 0, 5, 0, 20}, part_cause[] = {10, 0, 5, 0, 5, 0};
    uint64_t rest_counts[] = {20, 0, 15, 0, 20, 0, 5}, rest_cause[] = {10, 10, 0, 15, 20, 0};
    rad_lifetable whole = {4, edge, whole_counts, 2, whole_cause, 0},
                  part = {4, edge, part_counts, 2, part_cause, 0},
                  rest = {4, edge, rest_counts, 2, rest_cause, 0};
    rad_summary site[2] = {{.release = 0}, {.release = 0}};
    const double share[2][3] = {{0.2, 0.25, 0.5}, {0.1, 0.25, 0.25}};
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    for (size_t sites = 1; sites <= 2; sites++) {
        rad_pool pool = {
            .study = &study, .sites = site, .count = sites, .rules = {.cell = 10, .sites = (int)sites}};
        site[0].lifetables[0] = (rad_lifetables){1, sites == 1 ? &whole : &part};
        site[1].lifetables[0] = (rad_lifetables){1, &rest};
        for (size_t cause = 0; cause < 2; cause++) {
            rad_incidence c;
            ck_ok(rad_incidence_compute(&pool, 0, 0, cause, &c, &error));
            ck_assert(c.count == 4 && c.basis.sites == sites && c.basis.patients == 100);
            for (size_t i = 0; i < 3; i++) {
                const double p = share[cause][i];
                ck_near(c.point[i + 1].incidence, p, 1e-14);
                ck_near(c.point[i + 1].se, sqrt(p * (1 - p) / 100), 1e-13);
                ck_near(log(-log(c.point[i + 1].low)) - log(-log(c.point[i + 1].high)),
                        2 * 1.959963984540054 * c.point[i + 1].se / fabs(p * log(p)), 1e-10);
            }
            rad_incidence_free(&c);
        }
        pool.rules.sites = 3;
        rad_incidence none;
        ck_ok(rad_incidence_compute(&pool, 0, 0, 0, &none, &error));
        ck_assert(!none.count && !none.basis.shown);
    }
    rad_study_free(&study);
}
END_TEST

/* Without censoring the restricted mean is that of the times, cut at the last one, and its error theirs. */
START_TEST(restricted_means) {
    static const double grid[] = {0, 3, 6, 9, 12};
    uint16_t edge[] = {0, 1, 2, 4};
    uint64_t counts[] = {30, 0, 20, 0, 25, 0, 25}; /* 30 by 3, 20 by 6, 25 by 12, 25 stay */
    const rad_lifetable t = {.edges = 4, .edge = edge, .counts = counts};
    rad_curve curve;
    rad_rmst m;
    ck_ok(rad_curve_of_table(&t, grid, &curve, &error));
    rad_rmst_compute(&curve, 3, &m);
    ck_near(m.mean, (30 * 3 + 20 * 6 + 50 * 12) / 100.0, 1e-14);
    ck_near(m.se, sqrt(((30 * 9 + 20 * 36 + 50 * 144) / 100.0 - 8.1 * 8.1) / 100), 1e-13);
    ck_near(m.least, 0.7 * 3 + 0.5 * 3 + 0.25 * 6, 1e-14); /* as if all had left at once */
    ck_assert(m.time == 12);
    rad_rmst_compute(&curve, 1, &m);
    ck_assert(m.time == 3 && m.mean == 3 && m.se == 0);
    rad_curve_free(&curve);
}
END_TEST

/* Events by cause that are not those of their interval are refused by the pool. */
START_TEST(impossible) {
    rad_permit permit;
    rad_summary summary;
    test_random random = {9};
    read_random(&random, 120);
    ck_ok(rad_permit_make(&cohort, &study, NULL, 1, &permit, &error));
    ck_ok(rad_summarise(&cohort, &study, NULL, &permit, 1, &summary, &error));
    ck_ok(rad_plausible_check(&summary, &study, &error));
    for (size_t k = 0; k < 2; k++) {
        uint64_t *cause = &summary.lifetables[0].stratum[k].cause[1];
        *cause += 1;
        ck_assert_int_eq(rad_plausible_check(&summary, &study, &error), RAD_UNTRUSTED);
        ck_assert_msg(strstr(error.text, "events by cause"), "%s", error.text);
        *cause -= 1;
    }
    ck_ok(rad_plausible_check(&summary, &study, &error));
    rad_summary_free(&summary);
    rad_permit_free(&permit);
    free_all();
}
END_TEST

START_TEST(wrong_values) {
    static const char *const status[] = {"3", "-1", "1.5"};
    char table[256];
    snprintf(table, sizeof table, "case,x,arm,months,status\np1,1,a,3,2\np2,2,a,3,%s\n", status[_i]);
    ck_assert_int_eq(read_table(table), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "number of a cause"), "%s", error.text);
    rad_study_free(&study);
}
END_TEST

START_TEST(wrong_studies) {
    static const struct {
        const char *outcome, *says;
    } wrong[] = {
        {"{time: t, event: e, grid: [0, 1], causes: [a]}", "a list of 2 or more"},
        {"{time: t, event: e, grid: [0, 1], causes: [a, a]}", "twice"},
        {"{time: t, event: e, grid: [0, 1], causes: [a, b, c, d, e, f, g, h, i]}", "at most 8"},
        {"{causes: [a, b]}", "go with time"},
        {"{time: t, event: e, grid: [0, 1], causes: [a, b]}\nmodels: {m: {family: cox, response: end, "
         "terms: [x]}}",
         "has causes"},
        {"{time: t, event: e, grid: [0, 1], causes: [a, b]}\nperformance: {p: {score: x, outcome: end}}",
         "has causes"}};
    char study_text[512];
    snprintf(study_text, sizeof study_text, "study: s\nfeatures: [x]\noutcomes:\n  end: %s\n",
             wrong[_i].outcome);
    ck_assert_int_eq(rad_study_parse(study_text, strlen(study_text), "s.yaml", &study, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, wrong[_i].says), "%s", error.text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("incidence");
    TCase *tests = tcase_create("incidence");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, small_causes);
    tcase_add_loop_test(tests, bounds, 0, 7);
    tcase_add_test(tests, audited);
    tcase_add_test(tests, shares);
    tcase_add_test(tests, restricted_means);
    tcase_add_test(tests, impossible);
    tcase_add_loop_test(tests, wrong_values, 0, 3);
    tcase_add_loop_test(tests, wrong_studies, 0, 6);
    return test_run(suite);
}
