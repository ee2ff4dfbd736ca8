/* What stands beside each result of a pool. */
#include "../../core/memory.h"
#include "../../report/evidence.h"
#include "testing.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;
static rad_study study;
static const char study_text[] =
    "study: evidence\nfeatures: [x, gaps]\ncovariates: {grade: {levels: [a, b]}}\n"
    "groups: [grade]\nanalyses: [moments, groups]\n";

/* n patients have x, some of them gaps; each grade fewer. */
static void add_site(rad_pool *pool, char name, uint64_t n, uint64_t gaps, uint64_t grade) {
    rad_summary s = {.rows = n};
    ck_ok(rad_summary_allocate(&s, &study, 2, &error));
    s.site[0] = name;
    for (size_t i = 0; i < s.sets * 2; i++)
        s.moments[i] = (rad_moments){.powers = 2, .n = i > 1 ? grade : i ? gaps : n};
    snprintf(s.variables[0].name, RAD_NAME, "x");
    snprintf(s.variables[1].name, RAD_NAME, "gaps");
    ck_ok(rad_pool_add(pool, &s, 1, &error));
    rad_summary_free(&s);
}

static void check_decision(const char *path, const rad_pool *pool, const rad_evidence *evidence,
                           const char *decision) {
    bool pass;
    ck_ok(rad_evidence_write(path, pool, evidence, &pass, &error));
    json_t *file = json_load_file(path, 0, NULL), *patients = json_object_get(file, "patients");
    ck_assert_str_eq(json_string_value(json_object_get(file, "decision")), decision);
    ck_assert(pass == !strcmp(decision, "pass"));
    ck_assert(json_is_null(patients) == !evidence->tally->shown);
    if (evidence->tally->shown)
        ck_assert_int_eq(json_integer_value(json_object_get(patients, "most")),
                         (json_int_t)evidence->tally->most_patients);
    json_decref(file);
}

/* Evidence: a summary that shows numbers of fewer patients than its own rule says does not pass. */
START_TEST(evidence) {
    rad_tally tally = {
        .shown = 1, .least_sites = 3, .most_sites = 3, .least_patients = 40, .most_patients = 51};
    const rad_evidence moments = {.result = "moments.csv",
                                  .answers = "x",
                                  .analyses = RAD_ANALYSIS_MOMENTS,
                                  .tally = &tally},
                       groups = {.result = "tests.csv",
                                 .answers = "x",
                                 .analyses = RAD_ANALYSIS_GROUPS,
                                 .tally = &tally},
                       all = {.result = "report.html", .answers = "x", .tally = &tally};
    char path[] = "/tmp/radiomill-evidence-XXXXXX";
    close(mkstemp(path));
    rad_pool pool = {.study = &study};
    bool pass;
    ck_ok(rad_study_parse(study_text, strlen(study_text), "study.yaml", &study, &error));
    for (int i = 0; i < 3; i++)
        add_site(&pool, "abc"[i], 17, 12, 5); /* of whom fewer have gaps, or a grade */
    pool.rules = (rad_rules){.sites = 3};
    ck_ok(rad_evidence_write(path, &pool, &all, &pass, &error));
    ck_assert(pass); /* there are no rules */
    const uint64_t least = 12;
    pool.sites[1].rules.cell = (int)least;
    ck_ok(rad_evidence_write(path, &pool, &moments, &pass, &error));
    ck_assert(pass);
    pool.sites[1].rules.cell = (int)least + 1;
    ck_ok(rad_evidence_write(path, &pool, &moments, &pass, &error));
    ck_assert(!pass);
    pool.sites[1].rules.round = 5;
    ck_ok(rad_evidence_write(path, &pool, &moments, &pass, &error));
    ck_assert(pass); /* it may be rounded */
    pool.sites[1].rules.round = 0;
    ck_ok(rad_evidence_write(path, &pool, &moments, &pass, &error));
    json_t *file = json_load_file(path, 0, NULL), *site = json_array_get(json_object_get(file, "sites"), 1);
    ck_assert_str_eq(json_string_value(json_object_get(file, "decision")), "review");
    ck_assert_str_eq(json_string_value(json_object_get(site, "fewest_where")), "gaps");
    ck_assert_int_eq(json_integer_value(json_object_get(site, "fewest_patients")), (json_int_t)least);
    ck_assert(json_is_false(json_object_get(site, "met")));
    json_decref(file);
    pool.sites[1].rules.cell = (int)least;
    ck_ok(rad_evidence_write(path, &pool, &groups, &pass, &error));
    ck_assert(!pass); /* levels have fewer */
    ck_ok(rad_evidence_write(path, &pool, &all, &pass, &error));
    ck_assert(!pass);
    pool.sites[1].rules.cell = 0;
    check_decision(path, &pool, &moments, "pass");
    tally.empty = 1;
    check_decision(path, &pool, &moments, "review");
    tally.empty = 0;
    tally.fewer = 1;
    check_decision(path, &pool, &moments, "review");
    tally.fewer = tally.shown = 0;
    check_decision(path, &pool, &moments, "empty");
    tally.shown = 1;
    pool.rules.sites = 4;
    check_decision(path, &pool, &moments, "review"); /* too few sites */
    rad_pool_free(&pool);
    rad_study_free(&study);
    unlink(path);
}
END_TEST

/* Behind a table stand the patients of its cells, who are fewer than those of its levels. */
START_TEST(cells_of_a_table) {
    static const char text[] =
        "study: cells\nfeatures: [x]\ncovariates: {grade: {levels: [a, b]}, sex: {levels: "
        "[F, M]}}\ntables: [[grade, sex]]\nanalyses: [moments, tables]\n";
    enum { LEAST = 11 };
    rad_tally tally = {
        .shown = 1, .least_sites = 3, .most_sites = 3, .least_patients = 60, .most_patients = 60};
    const rad_evidence tables = {
        .result = "tables.csv", .answers = "x", .analyses = RAD_ANALYSIS_TABLES, .tally = &tally};
    char path[] = "/tmp/radiomill-evidence-XXXXXX";
    close(mkstemp(path));
    rad_pool pool = {.study = &study};
    bool pass;
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    for (int i = 0; i < 3; i++) {
        rad_summary s = {.rows = 60};
        ck_ok(rad_summary_allocate(&s, &study, 1, &error));
        s.site[0] = "abc"[i];
        snprintf(s.variables[0].name, RAD_NAME, "x");
        for (size_t f = 0; f < 2; f++)
            for (size_t l = 0; l < 2; l++) s.levels[f * (RAD_FACTOR_LEVELS + 1) + l] = 30;
        for (size_t k = 0; k < 2; k++) {
            s.tables[0][3 * k + k] = LEAST;
            s.tables[0][3 * k + 1 - k] = 30 - LEAST;
        }
        ck_ok(rad_pool_add(&pool, &s, 1, &error));
        rad_summary_free(&s);
    }
    pool.rules = (rad_rules){.sites = 3};
    pool.sites[2].rules.cell = LEAST;
    ck_ok(rad_evidence_write(path, &pool, &tables, &pass, &error));
    ck_assert(pass);
    pool.sites[2].rules.cell = LEAST + 1;
    ck_ok(rad_evidence_write(path, &pool, &tables, &pass, &error));
    ck_assert(!pass);
    json_t *file = json_load_file(path, 0, NULL), *site = json_array_get(json_object_get(file, "sites"), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(site, "fewest_patients")), LEAST);
    json_decref(file);
    rad_pool_free(&pool);
    rad_study_free(&study);
    unlink(path);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("evidence");
    TCase *tests = tcase_create("evidence");
    tcase_add_test(tests, evidence);
    tcase_add_test(tests, cells_of_a_table);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
