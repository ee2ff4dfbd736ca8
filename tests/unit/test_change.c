/* Changes of repeats by group: what of them may leave, by counting rows, and what cannot be. */
#include "../../core/bitset.h"
#include "../../federate/change.h"
#include "../../federate/pool/plausible.h"
#include "../../federate/pool/pool_change.h"
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
static rad_permit permit;
static rad_summary summary;
static char table[1 << 20];

static const char text[] =
    "study: change\npatient: p\nfeatures: [x]\ncovariates: {arm: {levels: [a, b]}, "
    "site: {levels: [u, v, w]}}\nrepeats: {occasion: session, levels: [one, two], "
    "groups: [arm, site]}\nvariables: {x: {step: 0.001}}\nanalyses: [moments, reliability, change]\n";

/* Rows of the table: patients with an arm, a place, a value and a change; NAN: no second session. */
static void add_patient(size_t i, const char *arm, const char *site, double x, double change) {
    char *to = table + strlen(table);
    to += sprintf(to, "p%zu,one,%s,%s,%.3f\n", i, arm, site, x);
    if (!isnan(change)) sprintf(to, "p%zu,two,%s,%s,%.3f\n", i, arm, site, x + change);
}

/* The default rules, or none. */
static void summarise(bool rules) {
    char path[] = "/tmp/radiomill-change-XXXXXX";
    const int file = mkstemp(path);
    rad_rules own;
    ck_assert_int_eq(write(file, table, strlen(table)), (ssize_t)strlen(table));
    close(file);
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    own = study.rules;
    ck_ok(rad_cohort_read(path, NULL, &study, &cohort, &error));
    unlink(path);
    ck_ok(rad_permit_make(&cohort, &study, rules ? &own : NULL, 1, &permit, &error));
    ck_ok(rad_summarise(&cohort, &study, rules ? &own : NULL, &permit, 1, &summary, &error));
}

static void free_all(void) {
    rad_summary_free(&summary);
    rad_permit_free(&permit);
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}

static void begin(void) {
    strcpy(table, "p,session,arm,site,x\n");
}

/* Sixty patients in two arms and two places; what each case does to some of them, and whether changes leave.
 */
static const struct {
    size_t once;  /* patients of arm a who have one session */
    double far;   /* change of the first patient, in units of the others' */
    size_t still; /* patients of arm b who change; 0: all */
    size_t third; /* patients of arm a at a third place */
    bool leaves;
} cases[] = {
    {0, 1, 0, 0, true},   {20, 1, 0, 0, true},    /* ten are left of the arm */
    {21, 1, 0, 0, false},                         /* nine are */
    {9, 1, 0, 0, false},                          /* nine of it are missing */
    {10, 1, 0, 0, false},                         /* five of each place are */
    {0, 3, 0, 0, true},   {0, 1000, 0, 0, false}, /* one makes up the sum */
    {0, 1, 9, 0, false},                          /* so many change at all */
    {0, 1, 10, 0, true},  {0, 1, 0, 9, false},    /* so many are at the third place */
    {0, 1, 0, 10, true},
};

START_TEST(bounds) {
    test_random random = {17};
    begin();
    for (size_t i = 0; i < 60; i++) {
        const bool a = i < 30;
        const double x = 5 + test_uniform(&random),
                     d = (test_uniform(&random) - 0.5) * (i ? 1 : 2 * cases[_i].far);
        const bool moves = a || !cases[_i].still || i < 30 + cases[_i].still;
        const char *site = i < cases[_i].third ? "w" : i % 2 ? "u" : "v";
        const double change = i == 0  ? (d < 0 ? -1 : 1) * (0.3 + fabs(d)) * (cases[_i].far > 1 ? 1 : 0.5)
                              : moves ? d + 0.001
                                      : 0;
        add_patient(i, a ? "a" : "b", site, x, a && i >= 30 - cases[_i].once ? NAN : change);
    }
    summarise(true);
    const rad_blocks *b = &summary.blocks[RAD_CHANGE];
    ck_assert_uint_eq(b->cells, 1 + 5 * 3);
    ck_assert_msg(b->shown[0] == cases[_i].leaves, "case %d: shown %d", _i, b->shown[0]);
    ck_ok(rad_plausible_check(&summary, &study, &error));
    free_all();
}
END_TEST

/* Two groupings that overlap: in whom they differ, so many on either side change. */
static const struct {
    size_t moved;
    bool leaves;
} apart[] = {{1, false}, {4, false}, {5, true}, {20, true}};

START_TEST(beyond_each_other) {
    test_random random = {29};
    begin();
    for (size_t i = 0; i < 120; i++) {
        const bool a = i / 20 % 2, u = i < 80 ? a : !a;
        const double change = 0.2 + test_uniform(&random);
        add_patient(i, a ? "a" : "b", u ? "u" : "v", 5 + test_uniform(&random),
                    i < 80 || i % 20 < apart[_i].moved ? change : 0);
    }
    summarise(true);
    ck_assert(summary.blocks[RAD_CHANGE].shown[0] == apart[_i].leaves);
    free_all();
}
END_TEST

/* Sums against rows; paired t of each level; impossible ones are refused. */
START_TEST(sums_of_rows) {
    test_random random = {23};
    double n[2] = {0}, s[2] = {0}, ss[2] = {0};
    begin();
    for (size_t i = 0; i < 80; i++) {
        const bool b = i % 3 == 0, once = i % 10 == 9;
        const double x = round(1000 * test_uniform(&random)) / 1000,
                     d = round(1000 * test_uniform(&random) - 300) / 1000;
        add_patient(i, b ? "b" : "a", i % 2 ? "u" : "v", x, once ? NAN : d);
        if (once) continue;
        n[b]++;
        s[b] += d;
        ss[b] += d * d;
    }
    summarise(false);
    rad_blocks *blocks = &summary.blocks[RAD_CHANGE];
    rad_pool pool = {.study = &study};
    rad_pool_free(&pool);
    for (size_t l = 0; l < 2; l++) {
        const rad_moments m = rad_change_moments(&summary, &study, 0, 0, l, 1);
        rad_paired paired;
        ck_assert(m.powers == 2 && (double)m.n == n[l]);
        ck_near(rad_exact_double(&m.sum[0]), s[l], 1e-3); /* of steps of 2^-10 */
        ck_near(rad_exact_double(&m.sum[1]), ss[l], 1e-2);
        pool = (rad_pool){
            .study = &study, .sites = &summary, .count = 1, .total = summary, .rules = {.cell = 1}};
        ck_ok(rad_change_of_level(&pool, 0, 0, l, 1, &paired, &error));
        const double mean = rad_exact_double(&m.sum[0]) / n[l],
                     sd = sqrt((rad_exact_double(&m.sum[1]) - n[l] * mean * mean) / (n[l] - 1));
        ck_near(paired.difference, mean, 1e-13);
        ck_near(paired.deviation, sd, 1e-11);
        ck_near(paired.t, mean / sd * sqrt(n[l]), 1e-11);
        ck_near(paired.effect, mean / sd, 1e-11);
        ck_assert(paired.df == n[l] - 1 && paired.low < mean && paired.high > mean);
    }
    const size_t at = rad_change_level(&study, 0, 1);
    const rad_exact kept = blocks->sums[at];
    blocks->sums[at] = rad_exact_whole(200);
    ck_assert_int_eq(rad_plausible_check(&summary, &study, &error), RAD_UNTRUSTED);
    ck_assert_ptr_nonnull(strstr(error.text, "changes of more patients"));
    blocks->sums[at] = kept;
    const rad_exact square = blocks->sums[at + 2];
    blocks->sums[at + 2] = rad_exact_whole(-1);
    ck_assert_int_eq(rad_plausible_check(&summary, &study, &error), RAD_UNTRUSTED);
    blocks->sums[at + 2] = square;
    ck_ok(rad_plausible_check(&summary, &study, &error));
    free_all();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("change");
    TCase *tests = tcase_create("change");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, bounds, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(tests, beyond_each_other, 0, sizeof apart / sizeof apart[0]);
    tcase_add_test(tests, sums_of_rows);
    return test_run(suite);
}
