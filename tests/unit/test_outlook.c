/* What a study gives at sites of given sizes, against counts that are drawn, and both sides of each bound. */
#include "testing.h"

#include "../../federate/outlook.h"

#include <string.h>

static rad_error error;

static const char text[] = "study: s\nfeatures: [a, b, c]\n"
                           "covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}\n"
                           "outcomes: {relapse: {time: t, event: e, grid: [0, 6, 12], groups: [sex]}}\n"
                           "groups: [sex]\ntables: [[sex, stage]]\nmodel: [age, stage]\n"
                           "analyses: [moments, skewness, groups, tables, covariance, model, survival]\n";

static rad_outlook outlook;

static void look_at(const char *yaml, rad_study *study, const char *sites, const char *shares) {
    ck_ok(rad_study_parse(yaml, strlen(yaml), "study.yaml", study, &error));
    memset(&outlook, 0, sizeof outlook);
    outlook.study = study;
    ck_ok(rad_outlook_sites(sites, &outlook, &error));
    if (shares) ck_ok(rad_outlook_shares(shares, &outlook, &error));
    ck_ok(rad_outlook_compute(&outlook, &error));
}

static const rad_outlook_row *row_of(const char *part) {
    for (size_t i = 0; i < outlook.count; i++)
        if (!strncmp(outlook.rows[i].part, part, strlen(part))) return &outlook.rows[i];
    ck_abort_msg("no row %s", part);
}

/* A rule at two sites, below what it needs and at it. */
typedef struct bound {
    const char *part, *rule, *sites;
    rad_prospect below, at;
} bound;

static void look_at_bound(const char *yaml, rad_study *study, const bound *b) {
    look_at(yaml, study, b->sites, NULL);
    const rad_outlook_row *row = row_of(b->part);
    ck_assert_str_eq(row->rule, b->rule);
    ck_assert_msg(row->prospect[0] == b->below && row->prospect[1] == b->at, "%s: %d, %d", row->part,
                  row->prospect[0], row->prospect[1]);
}

/* Sizes on both sides of what each rule needs. */
START_TEST(bounds) {
    static const bound rows[] = {
        {"a summary", "minimum_cell", "9,10", RAD_FORBIDDEN, RAD_FITS},
        {"skewness", "minimum_cell", "17,18", RAD_FORBIDDEN, RAD_FITS},
        {"covariance of 3", "parameters", "29,30", RAD_FORBIDDEN, RAD_FITS},
        {"model of 4", "parameters", "39,40", RAD_FORBIDDEN, RAD_FITS}, /* age, II, III, the intercept */
        /* all, M, three columns of the model, two more of the panel; half the share, since skewness is asked
           for */
        {"7 rows of sums", "rows", "69,70", RAD_HELD_BACK, RAD_FITS},
        {"survival relapse", "minimum_cell", "19,20", RAD_FORBIDDEN, RAD_FITS},
        {"harmonised", "batches", "9,10", RAD_FORBIDDEN, RAD_FITS},
        {"levels of sex", "minimum_cell", "7,60", RAD_HELD_BACK, RAD_FITS},
        {"features by sex", "minimum_cell", "7,60", RAD_HELD_BACK, RAD_FITS},
        {"survival relapse by sex", "minimum_cell", "20,100", RAD_HELD_BACK, RAD_FITS},
        {"table sex x stage", "minimum_cell", "12,200", RAD_HELD_BACK, RAD_FITS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_study study;
        look_at_bound(text, &study, &rows[i]);
        rad_outlook_free(&outlook);
        rad_study_free(&study);
    }
}
END_TEST

/* Models in rounds: columns by patients; a path, sites left out, and both, with few digits and with all. */
START_TEST(rounds) {
    static const char models[] =
        "study: s\nfeatures: [a, b, c, d]\noutcomes: {relapse: {time: t, event: e, grid: [0, 6, "
        "12]}}\nmodels:\n"
        "  plain: {family: cox, response: relapse, terms: [a, b, c]}\n"
        "  path: {family: cox, response: relapse, terms: [a, b], digits: 3, penalty: {kind: lasso, path: 5, "
        "ratio: 0.1}}\n"
        "  exact: {family: cox, response: relapse, terms: [a, b], penalty: {kind: lasso, path: 5, ratio: "
        "0.1}}\n"
        "  left: {family: cox, response: relapse, terms: [a, b], digits: 3, validate: leave-one-site-out}\n"
        "  both: {family: cox, response: relapse, terms: [a, b], digits: 3, penalty: {kind: lasso, path: 5, "
        "ratio: 0.1},"
        " validate: leave-one-site-out}\n"
        "  first: {family: cox, response: relapse, terms: [a, b], digits: 2, penalty: {kind: lasso, path: 5, "
        "ratio: 0.1, choose: bic}, validate: leave-one-site-out}\n"
        "  line: {family: gaussian, response: a, terms: [b, c]}\nanalyses: [moments, covariance]\n";
    static const bound rows[] = {
        {"plain, 3 terms", "parameters", "29,30", RAD_FORBIDDEN, RAD_FITS},
        {"path, all rounds", "minimum_cell", "149,150", RAD_PERHAPS, RAD_FITS},
        {"exact, all rounds", "minimum_cell", "499,500", RAD_PERHAPS, RAD_FITS},
        {"left, all rounds", "minimum_cell", "149,150", RAD_PERHAPS, RAD_FITS},
        {"both, all rounds", "minimum_cell", "599,600", RAD_PERHAPS, RAD_FITS},
        {"first, all rounds", "minimum_cell", "149,150", RAD_PERHAPS, RAD_FITS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_study study;
        look_at_bound(models, &study, &rows[i]);
        for (size_t k = 0; k < outlook.count; k++) {
            ck_assert(strncmp(outlook.rows[k].part, "plain, all", 10) != 0);
            ck_assert(strncmp(outlook.rows[k].part, "line", 4) != 0); /* it takes no rounds */
        }
        rad_outlook_free(&outlook);
        rad_study_free(&study);
    }
}
END_TEST

/* What it says of a count holds for more than nine of ten drawn sites. */
START_TEST(counts) {
    enum { TURNS = 400, LEAST = 10 };
    test_random random = {77};
    for (uint64_t n = 10; n <= 200; n += 19)
        for (int s = 1; s <= 9; s++) {
            const double share = s / 10.0;
            const rad_prospect said = rad_outlook_count(n, share, LEAST);
            int enough = 0;
            for (int t = 0; t < TURNS; t++) {
                uint64_t count = 0;
                for (uint64_t i = 0; i < n; i++) count += test_uniform(&random) < share;
                enough += count >= LEAST;
            }
            if (said == RAD_FITS) ck_assert_msg(enough > TURNS * 9 / 10, "%d of %d", enough, TURNS);
            if (said == RAD_HELD_BACK) ck_assert_msg(enough < TURNS / 10, "%d of %d", enough, TURNS);
        }
    ck_assert_int_eq(rad_outlook_count(10, 1, 10), RAD_FITS);
    ck_assert_int_eq(rad_outlook_count(9, 1, 10), RAD_HELD_BACK);
}
END_TEST

START_TEST(shares_count) {
    rad_study study;
    look_at(text, &study, "100", "sex=0.02,0.9");
    ck_assert_int_eq(row_of("levels of sex")->prospect[0], RAD_HELD_BACK);
    rad_outlook_free(&outlook);
    rad_study_free(&study);
    look_at(text, &study, "100", "sex=0,1"); /* a level without patients has nothing to hold back */
    ck_assert_int_eq(row_of("levels of sex")->prospect[0], RAD_FITS);
    static const char *const wrong[] = {
        "sex",     "sex=",       "sex=0.5",  "sex=0.5,0.4,0.1", "age=0.5,0.5", "sex=0.6,1",   "sex=-0.1,0.5",
        "sex=a,b", "se=0.5,0.5", "=0.5,0.5", "sex=.5,,",        "sex=1.1,0",   "sex=nan,0.5", "sexy=0.5,0.5"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(rad_outlook_shares(wrong[i], &outlook, &error) == RAD_USAGE, "%s", wrong[i]);
    static const char *const sizes[] = {
        "", ",", "0", "-3", "5,", "5,,6", "1e3", "6x", "99999999999999999999", " 6"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        ck_assert_msg(rad_outlook_sites(sizes[i], &outlook, &error) == RAD_USAGE, "%s", sizes[i]);
    rad_outlook_free(&outlook);
    rad_study_free(&study);
}
END_TEST

/* Patterns say how many columns they may match; a pool needs sites; no study gets below the floor of a site.
 */
START_TEST(others) {
    rad_study study;
    look_at("study: s\nfeatures: [a, 'f*']\nmodel: []\nbatches: {minimum: 30, small: merge}\n"
            "thresholds: {minimum_cell: 5}\n",
            &study, "25,61", NULL);
    const rad_outlook_row *row = row_of("covariance of 2 columns or more");
    ck_assert_msg(strstr(row->note, "2, 6"), "%s", row->note);
    ck_assert_int_eq(row_of("harmonised")->prospect[0], RAD_HELD_BACK);
    ck_assert_int_eq(row_of("a pool")->prospect[1], RAD_FORBIDDEN);
    ck_assert(strstr(row_of("a summary")->note, "10 patients"));
    rad_outlook_free(&outlook);
    rad_study_free(&study);
    look_at("study: s\nfeatures: [a]\nthresholds: {minimum_cell: 20}\n", &study, "20,20,20,19", NULL);
    ck_assert_int_eq(row_of("a pool")->prospect[3], RAD_FITS);
    ck_assert_int_eq(row_of("a summary")->prospect[3], RAD_FORBIDDEN);
    ck_assert(strstr(row_of("a pool")->note, "3 of 3"));
    rad_outlook_free(&outlook);
    rad_study_free(&study);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("outlook");
    TCase *tests = tcase_create("outlook");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, bounds);
    tcase_add_test(tests, rounds);
    tcase_add_test(tests, counts);
    tcase_add_test(tests, shares_count);
    tcase_add_test(tests, others);
    return test_run(suite);
}
