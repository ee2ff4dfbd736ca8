/* What is wrong is refused with words that name it: studies, policies, keys, summaries, harmonisations,
 * options. */
#include "../../core/memory.h"
#include "../../federate/radsum.h"
#include "../../federate/site/harmonise.h"
#include "../../federate/site/summarise.h"
#include "../../pipeline/images.h"
#include "testing.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/radiomill-XXXXXX";

static const char *put(const char *name, const char *text, size_t length) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert(file >= 0 && write(file, text, length) == (ssize_t)length && !close(file));
    return path;
}

typedef struct row {
    const char *text, *words; /* words NULL: it is fine */
} row;

static const row studies[] = {
    {"features: [f*]", "study: an id is needed"},
    {"study: s", "features: a panel is needed"},
    {"study: s\nfeatures: [f*]", NULL},
    {"study: a b\nfeatures: [f*]", "an id of letters, digits"},
    {"study: [s]\nfeatures: [f*]", "study"},
    {"study: s\nfeatures: f", "features: a list of 1 or more"},
    {"study: s\nfeatures: []", "features: a list of 1 or more"},
    {"study: s\nfeatures: [f*]\ngroups: []", "groups: a list of 1 or more"},
    {"study: s\nfeatures: [f*]\ntables: []", NULL},
    {"study: s\nfeatures: [a, a]", "a is given twice"},
    {"study: s\nfeatures: [[a]]", ""},
    {"study: s\nfeatures: [f*]\nfeature: [g]", "feature is not a key of a study; the keys are study"},
    {"study: s\nfeatures: [f*]\npatient: [a]", "patient"},
    {"study: s\nfeatures: [f*]\nwhere: roi", "where: columns and values"},
    {"study: s\nfeatures: [f*]\nwhere: {roi: [a, a]}", "a is given twice"},
    {"study: s\nfeatures: [f*]\nwhere: {roi: [a, b]}", NULL},
    {"study: s\nfeatures: [f*]\nwhere: {roi: [a, b], x: 1}", "x is not a variable with levels; declare it"},
    {"study: s\nfeatures: [f*]\nwhere: {f1: 1}", "f1 is not a variable with levels"},
    {"study: s\nfeatures: [f*]\ncovariates: {x: number}\nwhere: {x: 1}", "x is not a variable with levels"},
    {"study: s\nfeatures: [f*]\nwhere: {x: 1}\ncovariates: {x: {levels: [1, 2]}}", NULL},
    {"study: s\nfeatures: [f*]\noutcomes: {x: {levels: [1, 2]}}\nwhere: {x: [2, 1]}", NULL},
    {"study: s\nfeatures: [f*]\nwhere: {x: 3}\ncovariates: {x: {levels: [1, 2]}}",
     "3 is not one of the levels of x"},
    {"study: s\nfeatures: [f*]\nwhere: {x: [1, 3]}\ncovariates: {x: {levels: [1, 2]}}",
     "3 is not one of the levels of x"},
    {"study: s\nfeatures: [f*]\nrepeats: {occasion: t, levels: [a, b]}\nwhere: {t: a}", NULL},
    {"study: s\nfeatures: [f*]\nrepeats: {occasion: t, levels: [a, b]}\nwhere: {u: a}",
     "u is not a variable with levels"},
    {"study: s\nfeatures: [f*]\ncovariates: [age]", "covariates: names are expected, each with its kind"},
    {"study: s\nfeatures: [f*]\ncovariates: {age: numeric}", "`number`, {levels: [a, b]}"},
    {"study: s\nfeatures: [f*]\ncovariates: {age: {levels: [a]}}", "levels: a list of 2 or more"},
    {"study: s\nfeatures: [f*]\ncovariates: {age: {level: [a, b]}}", "level is not a key of age"},
    {"study: s\nfeatures: [f*]\ncovariates: {age: {grid: [0, 1]}}",
     "event, causes, grid and groups go with time"},
    {"study: s\nfeatures: [f*]\ncovariates: {age: number, d: {time: t, event: e, grid: [0, 1]}}",
     "times must be outcomes"},
    {"study: s\nfeatures: [f*]\ncovariates: {age: number}\noutcomes: {age: number}", "age is given twice"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: t}}", "columns for time and event are needed"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: t, event: e}}", "a list of 2 to 512 rising times"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: t, event: e, grid: [1, 2]}}", "start at 0 and rise"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: t, event: e, grid: [0, 2, 2]}}", "start at 0 and rise"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: t, event: e, grid: [0, x]}}", "a number is expected"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: t, event: e, grid: [0, 1], groups: [x]}}",
     "x is not a covariate or outcome with levels"},
    {"study: s\nfeatures: [f*]\noutcomes: {d: {time: [t], event: e, grid: [0, 1]}}", ""},
    {"study: s\nfeatures: [f*]\nrepeats: scan", "repeats: {occasion: column"},
    {"study: s\nfeatures: [f*]\nrepeats: {occasion: scan, levels: [a]}", "levels: a list of 2"},
    {"study: s\nfeatures: [f*]\nrepeats: {occasion: scan, levels: [1,2,3,4,5,6,7,8,9]}",
     "at most 8 occasions"},
    {"study: s\nfeatures: [f*]\nrepeats: {occasion: scan, levels: [a, b], x: 1}",
     "x is not a key of repeats"},
    {"study: s\nfeatures: [f*]\nvariables: [f]", "variables: patterns"},
    {"study: s\nfeatures: [f*]\nvariables: {f: log}", "{transform: log, centre: 0"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {transform: ln}}", "transform: log or none"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {centre: x}}", "centre: a number is expected"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {range: 1}}", "range is not a key of f"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: 7}}", "grid: {from: 0"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {from: 0, to: 1}}}", "grid: {from: 0"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {from: 1, to: 1, cells: 2}}}",
     "from must be less than to"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {from: 0, to: 1, cells: 1.5}}}",
     "cells: a whole number"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {relative: 0.6}}}", "relative: a number from"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {relative: 1e-9}}}", "relative: a number from"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {relative: 0.1, from: 1}}}", "grid: {from: 0"},
    {"study: s\nfeatures: [f*]\nvariables: {f: {grid: {relative: 0.1}}}", NULL},
    {"study: s\nfeatures: [f*]\ngroups: [sex]", "sex is not a covariate or outcome with levels"},
    {"study: s\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}}\ngroups: [[sex]]", ""},
    {"study: s\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}}\ntables: sex", "tables: a list of pairs"},
    {"study: s\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}}\ntables: [[sex]]", "a pair is expected"},
    {"study: s\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}}\ntables: [[sex, sex]]",
     "a table of a variable with itself"},
    {"study: s\nfeatures: [f*]\nanalyses: [moments, magic]", "magic is not an analysis"},
    {"study: s\nfeatures: [f*]\nanalyses: []", "analyses: a list of 1"},
    {"study: s\nfeatures: [f*]\nquantiles: 0.5", "quantiles: a list of at most 32"},
    {"study: s\nfeatures: [f*]\nquantiles: [0.5, 1]", "a quantile must lie between 0 and 1"},
    {"study: s\nfeatures: [f*]\nquantiles: [x]", "a number is expected"},
    {"study: s\nfeatures: [f*]\nmodel: [age]", "age is not a covariate or outcome"},
    {"study: s\nfeatures: [f*]\nbatches: 20", "batches: {minimum: 20"},
    {"study: s\nfeatures: [f*]\nbatches: {minimum: 1}", "minimum: a whole number of patients"},
    {"study: s\nfeatures: [f*]\nbatches: {minimum: x}", "a number is expected"},
    {"study: s\nfeatures: [f*]\nbatches: {small: keep}", "small: refuse or merge"},
    {"study: s\nfeatures: [f*]\nbatches: {small: [merge]}", "small: refuse or merge"},
    {"study: s\nfeatures: [f*]\nbatches: {smal: merge}", "smal is not a key of batches"},
    {"study: s\nfeatures: [f*]\nbatches: {minimum: 5, small: merge}", NULL},
    {"study: s\nfeatures: [f*]\nredundancy: 0", "redundancy: a number above 0"},
    {"study: s\nfeatures: [f*]\nredundancy: 1.001", "redundancy: a number above 0, at most 1"},
    {"study: s\nfeatures: [f*]\nredundancy: x", "a number is expected"},
    {"study: s\nfeatures: [f*]\nmissing: never", "missing: pairwise or complete"},
    {"study: s\nfeatures: [f*]\nmissing: [complete]", "missing: pairwise or complete"},
    {"study: s\nfeatures: [f*]\nthresholds: [3]", "thresholds must be keys and values"},
    {"study: s\nfeatures: [f*]\nthresholds: {minimum_cel: 3}", "did you mean minimum_cell"},
    {"study: s\nfeatures: [f*]\nthresholds: {minimum_cell: 2}", "3..1000"},
    {"study: s\nfeatures: [f*]\nthresholds: {minimum_cell: [3]}", "one value is expected"},
    {"study: s\nfeatures: [f*]\nthresholds: {mode: strict}", "datashield"},
    {"study: s\nfeatures: [f*]\nthresholds: {mode: datashield, round: 5}", NULL},
    {"study: s\nstudy: t", "the key is given twice"},
    {"study: &a s\nfeatures: [*a]", ""},
    {"study: !x s", ""},
    {"- s", ""},
    {"study: s\n---\nstudy: t", ""},
    {"study: {", ""},
};

START_TEST(of_studies) {
    const row *r = &studies[_i];
    rad_error error = {0};
    rad_study study;
    const rad_status status = rad_study_parse(r->text, strlen(r->text), "here.yaml", &study, &error);
    ck_assert_msg(status == (r->words ? RAD_CONFIG : RAD_OK), "%s\n%s", r->text, error.text);
    if (r->words) {
        ck_assert_msg(strstr(error.text, r->words), "%s\n%s", r->text, error.text);
        ck_assert_msg(!strncmp(error.text, "here.yaml:", 10), "%s", error.text); /* and a line */
    } else {
        rad_study_free(&study);
    }
}
END_TEST

/* As many as there is room for, and one more. */
START_TEST(of_many) {
    static const struct {
        const char *before, *each, *after, *words;
        int most;
    } many[] = {
        {"covariates: {", "n%d: number, ", "}", "more than 64 numbers", 64},
        {"covariates: {", "n%d: {levels: [a, b]}, ", "}", "more than 32 variables with levels", 32},
        {"outcomes: {", "n%d: {time: t, event: e, grid: [0, 1]}, ", "}", "more than 8 outcomes with a time",
         8},
        {"covariates: {f: {levels: [", "l%d, ", "]}}", "levels: at most 40", 40},
        {"quantiles: [", "0.1%d, ", "]", "a list of at most 32", 32},
        {"covariates: {a: {levels: [x, y]}, b: {levels: [x, y]}}\ntables: [", "[a, b], ", "]",
         "more than 64 tables", 64},
    };
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
        for (int more = 0; more < 2; more++) {
            char text[8192];
            rad_error error = {0};
            rad_study study;
            size_t used = (size_t)snprintf(text, sizeof text, "study: s\nfeatures: [f*]\n%s", many[i].before);
            for (int k = 0; k < many[i].most + more; k++) {
                char each[64];
                const char *hole = strstr(many[i].each, "%d");
                if (hole)
                    snprintf(each, sizeof each, "%.*s%d%s", (int)(hole - many[i].each), many[i].each, k,
                             hole + 2);
                else
                    snprintf(each, sizeof each, "%s", many[i].each);
                used += (size_t)snprintf(text + used, sizeof text - used, "%s", each);
            }
            snprintf(text + used, sizeof text - used, "%s", many[i].after);
            const rad_status status = rad_study_parse(text, strlen(text), "here", &study, &error);
            ck_assert_msg(status == (more ? RAD_CONFIG : RAD_OK), "%s: %s", many[i].words, error.text);
            if (more) ck_assert_msg(strstr(error.text, many[i].words), "%s", error.text);
            if (!more) rad_study_free(&study);
        }
}
END_TEST

START_TEST(of_policies) {
    static const row rows[] = {{"minimum_cell: 20\nround: 5", NULL},
                               {"minimum_cell: 3\ndominance: 0.9", NULL},
                               {"mode: datashield", NULL},
                               {"mode: [datashield]", "one value is expected"},
                               {"minimum_sell: 20", "did you mean minimum_cell"},
                               {"minimum_cell: few", "minimum_cell"},
                               {"minimum_cell: [20]", "one value is expected"},
                               {"round: 101", "0..100"},
                               {"dominance: 1", "0.1..0.9"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_error error = {0};
        rad_rules rules, floor;
        char text[512];
        ck_ok(rad_rules_read(NULL, "study", &rules, &error));
        const rad_status status =
            rad_rules_tighten(put("policy.yaml", rows[i].text, strlen(rows[i].text)), &rules, &floor, &error);
        ck_assert_msg(status == (rows[i].words ? RAD_CONFIG : RAD_OK), "%s: %s", rows[i].text, error.text);
        if (rows[i].words) ck_assert_msg(strstr(error.text, rows[i].words), "%s", error.text);
        ck_assert_int_eq(rules.cell, i == 0 ? 20 : 10); /* never milder, and as it was where it is refused */
        ck_assert(strstr(rad_rules_text(&rules, text, sizeof text),
                         i == 0 ? "minimum_cell 20 (site policy)" : "minimum_cell 10 (default)"));
    }
}
END_TEST

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
START_TEST(of_keys) {
    static const row lists[] = {{"A " KEY "\n# all\n\nB-2 " KEY " # second\n", NULL},
                                {"A " KEY "\nA " KEY, ":2: a name, once"},
                                {"A", ":1: a name, once"},
                                {"A " KEY " x", ":1: a name, once"},
                                {"-A " KEY, ":1: a name, once"},
                                {"A 00", ":1: a name, once"},
                                {"\nA g" KEY, ":2: a name, once"},
                                {"# none\n", "contains no key"}},
                     secrets[] = {{"radiomill-secret-key A " KEY, NULL},
                                  {"radiomill-secret-key A", "is not a secret key"},
                                  {"radiomill-secret-key A 00", "is not a secret key"},
                                  {"radiomill-secret-key .A " KEY, "is not a secret key"},
                                  {"A " KEY, "is not a secret key"},
                                  {"", "is not a secret key"}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        rad_error error = {0};
        rad_trusted trusted;
        const rad_status status =
            rad_trusted_read(put("keys", lists[i].text, strlen(lists[i].text)), &trusted, &error);
        ck_assert_msg(status == (lists[i].words ? RAD_UNREADABLE : RAD_OK), "%s: %s", lists[i].text,
                      error.text);
        if (lists[i].words) ck_assert_msg(strstr(error.text, lists[i].words), "%s", error.text);
        ck_assert_uint_eq(trusted.count, lists[i].words ? 0 : 2);
        if (!lists[i].words) rad_trusted_free(&trusted);
    }
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        rad_error error = {0};
        rad_signer me;
        const rad_status status =
            rad_signer_read(put("secret", secrets[i].text, strlen(secrets[i].text)), &me, &error);
        ck_assert_msg(status == (secrets[i].words ? RAD_UNREADABLE : RAD_OK), "%s: %s", secrets[i].text,
                      error.text);
        if (secrets[i].words) ck_assert_msg(strstr(error.text, secrets[i].words), "%s", error.text);
        ck_assert_str_eq(me.name, secrets[i].words ? "" : "A");
        rad_signer_wipe(&me);
    }
}
END_TEST

static const char study_text[] =
    "study: s\npatient: p\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {grade: {levels: [low, high]}, death: {time: months, event: dead, grid: [0, 6, 12, 24]}}\n"
    "groups: [sex]\ntables: [[sex, grade]]\ncovariance: [f*]\nmodel: [age]\n"
    "variables: {f*: {grid: {from: 0, to: 100, cells: 10}}}\nthresholds: {mode: datashield}\n";

/* A summary of forty patients as text. */
static void make_summary(rad_study *study, rad_bytes *body) {
    char table[4096] = "p,f1,f2,sex,grade,age,months,dead\n";
    rad_error error = {0};
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
    test_random random = {88172645463325252U};
    for (int i = 0; i < 40; i++) {
        const size_t used = strlen(table);
        snprintf(table + used, sizeof table - used, "p%d,%d,%d,%s,%s,%d,%d,%d\n", i,
                 (int)test_below(&random, 100), (int)test_below(&random, 100), i % 2 ? "F" : "M",
                 i % 4 < 2 ? "low" : "high", 40 + (int)test_below(&random, 40), 1 + i % 30, i % 3 == 0);
    }
    ck_ok(rad_study_parse(study_text, sizeof study_text - 1, "study", study, &error));
    ck_ok(rad_cohort_read(put("table.csv", table, strlen(table)), NULL, study, &cohort, &error));
    ck_ok(rad_permit_make(&cohort, study, &study->rules, 1, &permit, &error));
    ck_ok(rad_summarise(&cohort, study, &study->rules, &permit, 1, &summary, &error));
    snprintf(summary.site, sizeof summary.site, "A");
    ck_ok(rad_radsum_body(&summary, study, body, &error));
    rad_summary_free(&summary);
    rad_permit_free(&permit);
    rad_cohort_free(&cohort);
}

/* Reads the tree as a file would be. */
typedef rad_status reading(const json_t *tree, rad_error *error);

static rad_study study;

static rad_status read_summary(const json_t *tree, rad_error *error) {
    rad_summary summary;
    char *text = json_dumps(tree, JSON_COMPACT), *products = strstr(text, "\"products\":\"");
    const size_t before = products ? (size_t)(products - text) : strlen(text), room = strlen(text) + 16;
    char *whole = rad_new(room, 1, error);
    ck_assert(whole != NULL);
    snprintf(whole, room, "%.*s%s%s", (int)before, text, products ? "\n  \"products\": " : "",
             products ? products + strlen("\"products\":") : ""); /* on a line of their own */
    const rad_status status = rad_radsum_parse(whole, strlen(whole), "file", &study, NULL, &summary, error);
    rad_free(whole);
    free(text);
    if (status == RAD_OK) rad_summary_free(&summary);
    return status;
}

static rad_status read_harmonisation(const json_t *tree, rad_error *error) {
    rad_harmonisation combat;
    char *text = json_dumps(tree, JSON_COMPACT);
    const rad_status status =
        rad_harmonisation_read(put("harmonisation.json", text, strlen(text)), &study, &combat, error);
    free(text);
    if (status == RAD_OK) rad_harmonisation_free(&combat);
    return status;
}

/* Puts others in the place of one value after the other; each time the whole tree is read. What stands in a
 * member that is needed may not be another kind of value. */
static size_t spoil(json_t *root, json_t *at, reading *read) {
    size_t refused = 0;
    const char *key;
    json_t *value;
    void *next;
    size_t i;
    json_t *const others[] = {json_null(),      json_string("none"), json_integer(-1),
                              json_real(1e300), json_array(),        json_object()};
    json_object_foreach_safe(at, next, key, value) {
        json_incref(value);
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
            rad_error error = {0};
            json_object_set(at, key, others[k]);
            const rad_status status = read(root, &error);
            ck_assert_msg(status == RAD_OK || *error.text, "%s", key);
            ck_assert_msg(status != RAD_NO_MEMORY, "%s: %s", key, error.text);
            refused += status != RAD_OK;
        }
        json_object_set_new(at, key, value);
        refused += spoil(root, value, read);
    }
    json_array_foreach(at, i, value) {
        json_incref(value);
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
            rad_error error = {0};
            json_array_set(at, i, others[k]);
            const rad_status status = read(root, &error);
            ck_assert_msg(status == RAD_OK || *error.text, "%zu", i);
            refused += status != RAD_OK;
        }
        json_array_set_new(at, i, value);
        refused += spoil(root, value, read);
    }
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) json_decref(others[k]);
    return refused;
}

/* Members without which a file is none. */
static void without(json_t *root, const char *const *keys, reading *read) {
    for (; *keys; keys++) {
        rad_error error = {0};
        json_t *value = json_incref(json_object_get(root, *keys));
        ck_assert_msg(value != NULL, "%s", *keys);
        json_object_del(root, *keys);
        ck_assert_msg(read(root, &error) != RAD_OK && *error.text, "%s", *keys);
        json_object_set_new(root, *keys, value);
    }
    rad_error error = {0};
    ck_ok(read(root, &error));
}

/* What counts columns or patterns of the covariance has to be one of them. */
static void beyond_the_panel(json_t *root) {
    static const char *const members[] = {"panel", "patterns"};
    json_t *covariance = json_object_get(root, "covariance");
    ck_assert_uint_gt(json_array_size(json_object_get(covariance, "panel")), 1);
    for (size_t m = 0; m < 2; m++) {
        json_t *list = json_object_get(covariance, members[m]);
        const size_t last = json_array_size(list) - 1;
        json_t *value = json_incref(json_array_get(list, last));
        json_t *const wrong[] = {json_integer(-1), json_integer(1000), json_integer(65536), json_real(0.5),
                                 json_null()};
        for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
            rad_error error = {0};
            json_array_set_new(list, last, wrong[k]);
            ck_assert_int_eq(read_summary(root, &error), RAD_UNREADABLE);
            ck_assert_msg(strstr(error.text, "covariance"), "%s %zu: %s", members[m], k, error.text);
        }
        json_array_set_new(list, last, value);
    }
}

START_TEST(of_summaries) {
    static const char *const needed[] = {"format",   "study",     "site",   "release", "rules",    "cohort",
                                         "withheld", "variables", "levels", "tables",  "survival", NULL};
    rad_bytes body;
    make_summary(&study, &body);
    char *text = rad_new_raw(body.length + 3, 1, NULL);
    memcpy(text, body.data, body.length);
    memcpy(text + body.length, "\n}", 3);
    json_t *root = json_loads(text, 0, NULL);
    ck_assert(root != NULL);
    without(root, needed, read_summary);
    ck_assert_uint_gt(spoil(root, root, read_summary), 200);
    beyond_the_panel(root);
    rad_error error = {0};
    json_object_set_new(root, "format", json_string("radsum 2"));
    ck_assert_int_eq(read_summary(root, &error), RAD_UNREADABLE);
    json_object_set_new(root, "format", json_string("radsum 1"));
    json_object_set_new(json_object_get(root, "study"), "id", json_string("t"));
    ck_assert_int_eq(read_summary(root, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "belongs to study t, not to s"), "%s", error.text);
    json_decref(root);
    rad_free(text);
    rad_bytes_free(&body);
    rad_study_free(&study);
}
END_TEST

START_TEST(of_harmonisations) {
    static const char *const needed[] = {"format", "study_hash", "columns", "variables", "sites", NULL};
    rad_error error = {0};
    rad_harmonisation combat;
    ck_ok(rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error));
    json_t *root =
        json_pack("{s:s, s:s, s:s, s:[s], s:[{s:s, s:b, s:f, s:f, s:[f]}], s:[{s:s, s:[f], s:[f]}]}",
                  "format", "radiomill harmonisation 1", "study", "s", "study_hash", study.hash, "columns",
                  "age", "variables", "name", "f1", "used", 1, "location", 10.0, "scale", 2.0, "slopes", 0.5,
                  "sites", "site", "A", "gamma", 0.5, "delta", 4.0);
    ck_assert(root != NULL);
    without(root, needed, read_harmonisation);
    ck_assert_uint_gt(spoil(root, root, read_harmonisation), 50);
    char *text = json_dumps(root, 0);
    ck_ok(rad_harmonisation_read(put("harmonisation.json", text, strlen(text)), &study, &combat, &error));
    /* expected 10 + 0.5 * 8 = 14; 14 + 2 * ((20 - 14) / 2 - 0.5) / sqrt(4) = 16.5 */
    ck_near(rad_harmonise_value(&combat, 0, &combat.effects[0], 20, (const double[]){8}), 16.5, 1e-15);
    rad_harmonisation_free(&combat);
    free(text);
    json_object_set_new(root, "study_hash", json_string("0"));
    ck_assert_int_eq(read_harmonisation(root, &error), RAD_CONFIG);
    json_decref(root);
    rad_study_free(&study);
}
END_TEST

/* Tables of a site, and clinical ones beside them. */
START_TEST(of_tables) {
    static const struct {
        const char *study, *table, *clinical, *words;
    } rows[] = {
        {"", "case,f1,sex,t,e\na,1,F,3,1\nb,NA,M,,\n", NULL, NULL},
        {"", "case,f1\na,1\nb,2\n", "case,sex,t,e\nb,M,1,0\na,,2,1\nc,F,3,1\n", NULL},
        {"", "patient,f1,sex,t,e\na,1,F,3,1\n", NULL, "no column is called case, which names the patient"},
        {"", "case,f1,t,e\na,1,3,1\n", NULL, "no column is called sex, which the study needs; a clinical"},
        {"", "case,f1,t,e\na,1,3,1\n", "case,age\na,1\n",
         "no column is called sex, which the study needs, nor in"},
        {"", "case,f1,sex,e\na,1,F,1\n", NULL, "no column is called t"},
        {"", "case,g1,sex,t,e\na,1,F,3,1\n", NULL, "no column matches f*"},
        {"", "case,f1,sex,t,e\na,x,F,3,1\n", NULL, ":2: f1 is x; a number is needed"},
        {"", "case,f1,sex,t,e\na,inf,F,3,1\n", NULL, ":2: f1 is inf; a number is needed"},
        {"", "case,f1,sex,t,e\na,1,D,3,1\n", NULL, ":2: sex is D; which is not one of the levels"},
        {"", "case,f1,sex,t,e\na,1,F,-3,1\n", NULL, "times must be 0 or more, events 0 or 1"},
        {"", "case,f1,sex,t,e\na,1,F,3,2\n", NULL, "times must be 0 or more, events 0 or 1"},
        {"", "case,f1,sex,t,e\na,1,F,soon,1\n", NULL, ":2: t is soon; a number is needed"},
        {"", "case,f1,sex,t,e\n,1,F,3,1\n", NULL, ":2: case is empty; every row needs a patient"},
        {"", "case,f1,sex,t,e\na,1,F,3,1\na,2,F,3,1\n", NULL,
         "a patient has more than one row (rows 1 and 2); say"},
        {"", "case,f1\na,1\n", "case,sex,t,e\na,F,1,0\na,F,1,0\n",
         "a patient has two rows; only one is allowed"},
        {"", "case,f1\na,1\n", "who,sex,t,e\na,F,1,0\n",
         "no column is called case, by which rows are joined"},
        {"variables: {f1: {transform: log}}\n", "case,f1,sex,t,e\na,0,F,3,1\n", NULL,
         "the study asks for its logarithm"},
        {"where: {roi: [x, y]}\n", "case,f1,sex,t,e,roi\na,1,F,3,1,z\n", NULL, "no row belongs to the study"},
        {"where: {roi: [x, y]}\n", "case,f1,sex,t,e\na,1,F,3,1\n", NULL, "no column is called roi"},
        {"where: {roi: x}\n", "case,f1,sex,t,e,roi\na,1,F,3,1,x\na,2,F,3,1,y\nb,,,,,x\n", NULL, NULL},
        {"settings: 0123\n", "case,f1,sex,t,e\na,1,F,3,1\n", NULL,
         "with unknown settings; the study asks for settings 0123"},
        {"repeats: {occasion: scan, levels: [one, two]}\n", "case,f1,sex,t,e,scan\na,1,F,3,1,three\n", NULL,
         "scan is three"},
        {"repeats: {occasion: scan, levels: [one, two]}\n",
         "case,f1,sex,t,e,scan\na,1,F,3,1,one\na,2,F,3,1,one\n", NULL, "of one occasion"},
        {"", "case,f1,f1\na,1,2\n", NULL, "f1"},
        {"", "case,f1,sex,t,e\na,1,F,3\n", NULL, ":2"},
        {"", "case,f1,sex,t,e\na,1,\"F,3,1\n", NULL, "quote"},
        {"", "", NULL, "empty"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512], path[300];
        rad_error error = {0};
        rad_cohort cohort;
        snprintf(text, sizeof text,
                 "study: s\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}}\n"
                 "outcomes: {d: {time: t, event: e, grid: [0, 6]}}\n%s",
                 rows[i].study);
        ck_ok(rad_study_parse(text, strlen(text), "study", &study, &error));
        snprintf(path, sizeof path, "%s", put("rows.csv", rows[i].table, strlen(rows[i].table)));
        const char *clinical = rows[i].clinical;
        if (clinical) clinical = put("clinical.csv", clinical, strlen(clinical));
        const rad_status status = rad_cohort_read(path, clinical, &study, &cohort, &error);
        ck_assert_msg((status == RAD_OK) == !rows[i].words, "%s: %s", rows[i].table, error.text);
        if (rows[i].words)
            ck_assert_msg(strstr(error.text, rows[i].words), "%s: %s", rows[i].words, error.text);
        if (status == RAD_OK) {
            ck_assert_uint_eq(cohort.rows, 2);
            rad_cohort_free(&cohort);
        }
        rad_study_free(&study);
    }
}
END_TEST

/* Rows that miss a variable of the covariance count nowhere, where the study says so. */
START_TEST(complete_rows) {
    static const char table[] = "case,f1,f2,g\na,1,2,\nb,,3,1\nc,4,NA,1\nd,5,6,2\n";
    for (int complete = 0; complete < 2; complete++) {
        char text[256];
        rad_error error = {0};
        rad_cohort cohort;
        snprintf(text, sizeof text, "study: s\nfeatures: [f*, g]\ncovariance: [f*]\nmissing: %s\n",
                 complete ? "complete" : "pairwise");
        ck_ok(rad_study_parse(text, strlen(text), "study", &study, &error));
        ck_ok(rad_cohort_read(put("rows.csv", table, sizeof table - 1), NULL, &study, &cohort, &error));
        ck_assert_uint_eq(cohort.rows, complete ? 2 : 4);
        ck_assert_uint_eq(cohort.incomplete, complete ? 2 : 0);
        ck_assert_str_eq(cohort.patients[1], complete ? "d" : "b");
        const double *f1 = cohort.values, *f2 = f1 + cohort.rows, *g = f2 + cohort.rows;
        ck_assert(f1[0] == 1 && f2[0] == 2 && isnan(g[0]));
        ck_assert(f1[cohort.rows - 1] == 5 && f2[cohort.rows - 1] == 6 && g[cohort.rows - 1] == 2);
        rad_cohort_free(&cohort);
        rad_study_free(&study);
    }
}
END_TEST

/* A list that is too long is refused, not cut. */
START_TEST(of_options) {
    char text[512] = "";
    rad_error error = {0};
    rad_image image;
    ck_ok(rad_image_begin(&image, "log", &error));
    for (size_t used = 0; used + 16 < sizeof text; used = strlen(text))
        snprintf(text + used, sizeof text - used, "%sfbs%zu", used ? "," : "", used + 1);
    const rad_image before = image;
    ck_assert_int_eq(rad_image_set_text(&image, "discretisation", text, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "too long"), "%s", error.text);
    memset(text, ',', 100);
    text[100] = '\0';
    ck_assert_int_eq(rad_image_set_text(&image, "families", text, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "at most 64 values"), "%s", error.text);
    ck_assert(!memcmp(&before.features.discretisation, &image.features.discretisation,
                      sizeof before.features.discretisation));
    ck_assert_int_eq(rad_image_begin(&image, "lag", &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "`lag` is not a filter"), "%s", error.text);
    ck_ok(rad_image_begin(&image, "mean", &error));
    ck_assert_int_eq(rad_image_set_text(&image, "sigma", "1", &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "mean has no option `sigma`; its options are size dimension"), "%s",
                  error.text);
}
END_TEST

int main(void) {
    if (!mkdtemp(folder)) return 1;
    Suite *suite = suite_create("refusals");
    TCase *tests = tcase_create("refusals");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, of_studies, 0, sizeof studies / sizeof studies[0]);
    tcase_add_test(tests, of_many);
    tcase_add_test(tests, of_policies);
    tcase_add_test(tests, of_keys);
    tcase_add_test(tests, of_summaries);
    tcase_add_test(tests, of_harmonisations);
    tcase_add_test(tests, of_tables);
    tcase_add_test(tests, complete_rows);
    tcase_add_test(tests, of_options);
    const int code = test_run(suite);
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) ? 1 : code;
}
