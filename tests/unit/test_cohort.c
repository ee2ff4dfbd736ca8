/* What a cohort takes over from a study and a run directory: whole, or not at all. */
#include "../../core/memory.h"
#include "../../federate/site/cohort.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;

static void put(const char *folder, const char *name, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert(file && fputs(text, file) >= 0 && !fclose(file));
}

/* Reads a run directory of two patients whose feature and whose covariate have units of that many characters.
 */
static rad_status read_run(size_t feature, size_t covariate, size_t settings, rad_cohort *cohort) {
    static const char *const names[] = {"columns.json", "provenance.json", "cases.csv", "features.csv"};
    char folder[] = "/tmp/radiomill-run-XXXXXX", text[600], path[256], x[200] = "", y[200] = "", id[200] = "";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    memset(x, 'x', feature);
    memset(y, 'y', covariate);
    memset(id, 'a', settings);
    snprintf(text, sizeof text, "[{\"name\": \"f\", \"tag\": \"stat_mean\", \"unit\": \"%s\"}]", x);
    put(folder, names[0], text);
    snprintf(text, sizeof text, "{\"settings_id\": \"%s\"}", id);
    put(folder, names[1], text);
    put(folder, names[2], "case,status,code\nA,done,0\nB,done,0\n");
    put(folder, names[3], "case,f,age\nA,1,50\nB,2,60\n");
    snprintf(text, sizeof text, "study: units\nfeatures: [f]\ncovariates:\n  age: {unit: %s}\n", y);
    rad_study study = {0};
    *cohort = (rad_cohort){.rows = 0};
    rad_status status = rad_study_parse(text, strlen(text), "study.yaml", &study, &error);
    if (status == RAD_OK) status = rad_cohort_read(folder, NULL, &study, cohort, &error);
    rad_study_free(&study);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    return status;
}

START_TEST(whole) {
    rad_cohort cohort;
    ck_ok(read_run(RAD_UNIT - 1, RAD_UNIT - 1, 64, &cohort));
    ck_assert_uint_eq(cohort.count, 2);
    ck_assert_uint_eq(strspn(cohort.variables[0].unit, "x"), RAD_UNIT - 1);
    ck_assert_uint_eq(strspn(cohort.variables[1].unit, "y"), RAD_UNIT - 1);
    ck_assert_uint_eq(strspn(cohort.settings, "a"), 64);
    rad_cohort_free(&cohort);
}
END_TEST

START_TEST(not_at_all) {
    static const struct {
        size_t feature, covariate, settings;
        rad_status status;
        const char *says;
    } cases[] = {{RAD_UNIT, 1, 64, RAD_CONFIG, "features.csv: the unit of f, xxxxx"},
                 {190, 1, 64, RAD_CONFIG, "is longer than 31 bytes"},
                 {1, RAD_UNIT, 64, RAD_CONFIG, "study.yaml:4:9: unit: a text of 1 to 31 bytes"},
                 {1, 1, 65, RAD_UNREADABLE, "provenance.json: has no settings_id, or one of more than 64"},
                 {1, 1, 0, RAD_OK, ""}};
    rad_cohort cohort;
    ck_assert_int_eq(read_run(cases[_i].feature, cases[_i].covariate, cases[_i].settings, &cohort),
                     cases[_i].status);
    ck_assert_msg(strstr(error.text, cases[_i].says) != NULL, "%s", error.text);
    rad_cohort_free(&cohort);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cohort");
    TCase *tests = tcase_create("cohort");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, whole);
    tcase_add_loop_test(tests, not_at_all, 0, 5);
    return test_run(suite);
}
