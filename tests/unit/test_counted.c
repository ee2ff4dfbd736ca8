/* Counts of a few patients, which leave nowhere: bounds against counting one by one. */
#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../federate/radsum.h"
#include "../../federate/site/counted.h"
#include "../../federate/site/summarise.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 90 };

static rad_error error;

/* 90 patients in three stages of 30, of whom some miss y: the first `missing` of each stage. */
static void make_cohort(const size_t missing[3], const char *more, rad_study *study, rad_cohort *cohort) {
    char path[] = "/tmp/radiomill-counted-XXXXXX", text[512];
    test_random random = {5};
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert(file && fputs("case,stage,x,y", file) >= 0);
    for (size_t i = 0; i < ROWS; i++) {
        fprintf(file, "\np%zu,%zu,%.3f,", i, i % 3, 1 + test_uniform(&random));
        if (i / 3 >= missing[i % 3]) fprintf(file, "%.3f", 1 + test_uniform(&random));
    }
    ck_assert(!fclose(file));
    snprintf(text, sizeof text,
             "study: counted\nfeatures: [x, y]\ncovariates: {stage: {levels: [\"0\", \"1\", \"2\"]}}\n"
             "groups: [stage]\n%s",
             more);
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", study, &error));
    ck_ok(rad_cohort_read(path, NULL, study, cohort, &error));
    unlink(path);
}

/* What a reader can tell of those who miss y: all of them, those of a level that is shown, and the rest. Each
 * is nobody, or ten. */
START_TEST(missing) {
    rad_study study;
    rad_cohort cohort;
    rad_permit permit;
    test_random random = {3};
    size_t shown = 0, hidden = 0;
    for (int t = 0; t < 300; t++) {
        size_t of[3], rest = 0, all;
        for (size_t l = 0; l < 3; l++) of[l] = test_below(&random, 4) ? test_below(&random, 18) : 0;
        all = of[0] + of[1] + of[2];
        make_cohort(of, "", &study, &cohort);
        ck_ok(rad_permit_make(&cohort, &study, &study.rules, 1, &permit, &error));
        ck_assert(!permit.powers[1] == (all > 0 && all < 10));
        ck_assert(permit.refusal_count == (all > 0 && all < 10));
        for (size_t l = 0; l < 3; l++) {
            const bool leaves = permit.classes[permit.of[1]].shown[0][l] && permit.powers[1];
            ck_assert(!leaves || !of[l] || of[l] >= 10);
            rest += leaves ? 0 : of[l];
            shown += leaves && all;
            hidden += !leaves && all >= 10;
        }
        ck_assert(!permit.powers[1] || !rest || rest >= 10);
        if (of[0] >= 10 && of[1] >= 10 && of[2] >= 10) ck_assert_uint_eq(rest, 0); /* nothing without need */
        rad_permit_free(&permit);
        rad_cohort_free(&cohort);
        rad_study_free(&study);
    }
    ck_assert(shown > 20 && hidden > 20);
}
END_TEST

/* A site where nobody misses y, and its summary. */
typedef struct site {
    rad_study study;
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
} site;

static void make_site(site *s) {
    const size_t none[3] = {0, 0, 0};
    make_cohort(none, "", &s->study, &s->cohort);
    ck_ok(rad_permit_make(&s->cohort, &s->study, &s->study.rules, 1, &s->permit, &error));
    ck_ok(rad_summarise(&s->cohort, &s->study, &s->study.rules, &s->permit, 1, &s->summary, &error));
}

static void free_site(site *s) {
    rad_summary_free(&s->summary);
    rad_permit_free(&s->permit);
    rad_cohort_free(&s->cohort);
    rad_study_free(&s->study);
}

/* A set fits where it lacks nobody of a counted set that it lies in, or ten. */
START_TEST(fits) {
    site s;
    make_site(&s);
    ck_assert_uint_eq(s.permit.counted.count, 4); /* all, and three stages */
    for (size_t lack = 0; lack < 30; lack++)
        for (int whole = 0; whole < 2; whole++) { /* of all, of a stage */
            uint64_t set[2] = {0, 0};
            for (size_t i = 0; i < ROWS; i++)
                if ((whole || i % 3 == 1) && (i % 3 != 1 || i / 3 >= lack)) rad_bitset_add(set, i);
            ck_assert(rad_counted_fits(&s.permit, set) == (!lack || lack >= 10));
        }
    free_site(&s);
}
END_TEST

/* Patients of no level are a set of their own, beside the levels that stay at home together. */
START_TEST(of_no_level) {
    static const struct {
        int8_t level; /* of 40, 20, 8 and 22 patients */
        size_t begin, end;
    } parts[] = {{0, 0, 40}, {1, 40, 60}, {2, 60, 68}, {-1, 68, ROWS}};
    static rad_study study = {.factor_count = 1, .factors = {{.levels = 3}}};
    static rad_permit permit = {.cell = 10, .hidden = {{false, true, true, false}}};
    int8_t levels[ROWS];
    for (size_t p = 0; p < 4; p++)
        for (size_t r = parts[p].begin; r < parts[p].end; r++) levels[r] = parts[p].level;
    const rad_cohort cohort = {.rows = ROWS, .words = 2, .levels = levels};
    rad_permitting m = {.cohort = &cohort, .study = &study, .permit = &permit, .error = &error};
    ck_ok(rad_counted_make(&m));
    ck_assert_uint_eq(permit.counted.count, 4); /* all, the first level, none, the rest */
    for (size_t p = 0; p < 4; p++)
        for (size_t lack = 0; lack < 8; lack++) { /* of a level alone */
            uint64_t set[2] = {0, 0};
            for (size_t r = parts[p].begin + lack; r < parts[p].end; r++) rad_bitset_add(set, r);
            /* beside the 20 of the second level the rest has 8: with two of them it is ten */
            const bool expected = parts[p].level == 1 ? lack >= 2 : !lack || parts[p].level > 0;
            ck_assert_msg(rad_counted_fits(&permit, set) == expected, "%zu, %zu", p, lack);
        }
    rad_sets_free(&permit.counted);
}
END_TEST

/* Eight intervals of two values each, of 12 and few patients. With two powers it is 13 patients at least of
 * whom a combination can tell, with four 5: then the third and the fourth power stay at home first. */
START_TEST(higher_powers_or_intervals) {
    static const char text[] = "study: powers\nfeatures: [x]\nanalyses: [moments, skewness, histograms]\n"
                               "variables: {x: {step: 0.001, grid: {from: 0, to: 1, cells: 256}}}\n";
    static const size_t few[8] = {4, 1, 4, 1, 1, 4, 1, 1};
    char path[] = "/tmp/radiomill-counted-XXXXXX";
    rad_study study;
    rad_cohort cohort;
    rad_permit permit;
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert(file && fputs("case,x", file) >= 0);
    for (size_t k = 0, n = 0; k < 8; k++)
        for (size_t i = 0; i < 12 + few[k]; i++)
            fprintf(file, "\np%zu,%.3f", n++, (double)k / 8 + (i < 12 ? 0.01 : 0.012));
    ck_assert(!fclose(file));
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    ck_ok(rad_cohort_read(path, NULL, &study, &cohort, &error));
    unlink(path);
    for (int cell = 5; cell <= 13; cell++) {
        study.rules.cell = cell;
        ck_ok(rad_permit_make(&cohort, &study, &study.rules, 1, &permit, &error));
        ck_assert_msg(permit.powers[0] == (cell > 5 ? 2 : 4) && !permit.uncounted[0], "%d", cell);
        rad_permit_free(&permit);
    }
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}
END_TEST

static void says(const site *s, const char *text) {
    rad_bytes body;
    ck_ok(rad_radsum_body(&s->summary, &s->study, &body, &error));
    char *copy = strndup((const char *)body.data, body.length);
    ck_assert_msg(strstr(copy, text) != NULL, "no %s in %.900s", text, copy);
    free(copy);
    rad_bytes_free(&body);
}

/* Rows that were left out, and cases that failed, in the file. */
START_TEST(left_out) {
    static const struct {
        int64_t count;
        const char *text;
    } tries[] = {{0, "0"}, {1, "null"}, {9, "null"}, {10, "10"}, {11, "11"}, {-1, "null"}};
    site s;
    char text[256];
    make_site(&s);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        s.summary.excluded = s.summary.unmatched = s.summary.incomplete = s.summary.failures[3] =
            tries[i].count;
        snprintf(text, sizeof text,
                 "\"excluded\":%s,\"repeats\":0,\"unmatched\":%s,\"incomplete\":%s,\"failures\":{%s%s}",
                 tries[i].text, tries[i].text, tries[i].text, tries[i].count ? "\"3\":" : "",
                 tries[i].count ? tries[i].text : "");
        says(&s, text);
    }
    free_site(&s);
}
END_TEST

/* Of three occasions, further ones: neither few, nor all but few. Of how many rows is not known where few
 * were incomplete. */
START_TEST(further) {
    static const struct {
        int64_t incomplete, repeats;
        const char *text;
    } tries[] = {{0, 0, "0"},      {0, 9, "null"},   {0, 10, "10"},     {0, 170, "170"},   {0, 171, "null"},
                 {0, 179, "null"}, {0, 180, "180"},  {3, 170, "170"},   {3, 180, "null"},  {3, 186, "null"},
                 {10, 180, "180"}, {10, 190, "190"}, {10, 191, "null"}, {10, 199, "null"}, {10, 200, "null"}};
    site s;
    char text[64];
    make_site(&s);
    s.study.occasion_count = 3;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        s.summary.incomplete = tries[i].incomplete;
        s.summary.repeats = tries[i].repeats;
        snprintf(text, sizeof text, "\"repeats\":%s,", tries[i].text);
        says(&s, text);
    }
    free_site(&s);
}
END_TEST

/* Of counts of which one is not known, the sum is not. */
START_TEST(sums) {
    ck_assert(rad_summary_add(3, 4) == 7 && rad_summary_add(0, 0) == 0);
    ck_assert(rad_summary_add(-1, 4) == -1 && rad_summary_add(3, -1) == -1 && rad_summary_add(-1, -1) == -1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("counted");
    TCase *tests = tcase_create("counted");
    tcase_add_test(tests, missing);
    tcase_add_test(tests, fits);
    tcase_add_test(tests, of_no_level);
    tcase_add_test(tests, higher_powers_or_intervals);
    tcase_add_test(tests, left_out);
    tcase_add_test(tests, further);
    tcase_add_test(tests, sums);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
