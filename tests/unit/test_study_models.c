/* `models:` of a study: what is read, and both sides of what is refused. */
#include "../../federate/closed.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static rad_error error;
static rad_study study;

static rad_status parse(const char *model) {
    char text[4096];
    const int length =
        snprintf(text, sizeof text,
                 "study: s\nfeatures: [\"f*\", volume]\ncovariates: {age: number, sex: {levels: [F, M]}}\n"
                 "outcomes:\n  response: {levels: [\"no\", \"yes\"]}\n  stage: {levels: [I, II, III]}\n  "
                 "count: number\n"
                 "  relapse: {time: months, event: relapsed, grid: [0, 12, 24]}\ngroups: [stage]\n"
                 "covariance: [f1]\nmodels:\n%s\n",
                 model);
    return rad_study_parse(text, (size_t)length, "s.yaml", &study, &error);
}

START_TEST(reads) {
    ck_ok(parse(
        "  a: {family: cox, response: relapse, terms: [f1, \"f2*\", age, sex], strata: site, ties: breslow,\n"
        "      penalty: {kind: elastic, alpha: 0.5, path: 7, ratio: 0.1, choose: bic}, validate: "
        "leave-one-site-out,\n"
        "      rounds: 9, scale: {\"f*\": [0, 2], f1: [3, 4]}}\n"
        "  b: {family: logistic, response: response, terms: [age], penalty: {kind: lasso, lambda: [2, 1]}}\n"
        "  c: {family: poisson, response: count, terms: [sex], offset: age, scale: pooled}\n"
        "  d: {family: gaussian, response: f3, terms: [age]}\n"
        "  e: {family: lda, response: stage, terms: [f1]}\n"
        "  f: {family: mixed, response: age, terms: [f1]}"));
    double centre, scale;
    const rad_model *m = study.models;
    ck_assert_uint_eq(study.model_count, 6);
    ck_assert_str_eq(m[0].name, "a");
    ck_assert_int_eq(m[0].family, RAD_MODEL_COX);
    ck_assert_int_eq(m[0].ties, RAD_TIES_BRESLOW);
    ck_assert_uint_eq(m[0].of, 0);
    ck_assert(m[0].leave_one_site_out && rad_patterns_match(&m[0].terms, "f2x"));
    ck_assert(m[0].penalty.choose == RAD_CHOOSE_BIC && m[1].penalty.choose == RAD_CHOOSE_LEFT_OUT);
    ck_assert(m[0].penalty.alpha == 0.5 && m[0].penalty.path == 7 && m[0].penalty.ratio == 0.1);
    ck_assert_int_eq(m[0].rounds, 9);
    rad_model_scaling(&m[0], "f1", &centre, &scale);
    ck_assert(centre == 3 && scale == 4);
    rad_model_scaling(&m[0], "f9", &centre, &scale);
    ck_assert(centre == 0 && scale == 2);
    rad_model_scaling(&m[0], "age", &centre, &scale);
    ck_assert(centre == 0 && scale == 1);
    ck_assert(m[1].penalty.alpha == 1 && m[1].penalty.lambdas == 2 && m[1].penalty.lambda[1] == 1);
    ck_assert_int_eq(m[1].rounds, RAD_MODEL_ROUNDS + 2 * RAD_MODEL_MORE);
    ck_assert_int_eq(m[2].rounds, RAD_MODEL_ROUNDS);
    ck_assert(!m[1].leave_one_site_out);
    ck_assert_int_eq(m[1].ties, RAD_TIES_EFRON);
    ck_assert_str_eq(m[2].offset, "age");
    ck_assert_int_eq(m[2].scale, RAD_SCALE_POOLED);
    ck_assert_uint_eq(m[3].of, SIZE_MAX);
    ck_assert_str_eq(rad_model_family_word(m[4].family), "lda");
    ck_assert(m[3].scale == RAD_SCALE_POOLED && m[3].select == RAD_SELECT_NONE && !m[5].ml);
    ck_assert(rad_study_asks(&study, RAD_MODELS));
    /* the covariance has the columns of models that follow from it, and of no others */
    ck_assert(rad_study_in_panel(&study, "f1", true) && rad_study_in_panel(&study, "f3", true));
    ck_assert(rad_study_in_panel(&study, "age", false) && !rad_study_in_panel(&study, "f2", true));
    ck_assert(!rad_study_in_panel(&study, "count", false));
    rad_study_free(&study);
}
END_TEST

START_TEST(reads_closed) {
    ck_ok(parse(
        "  a: {family: gaussian, response: age, terms: [\"f2*\", count, stage], forward: f, enter: 0.1}\n"
        "  b: {family: gaussian, response: age, terms: [f1], penalty: {kind: lasso}, scale: none}\n"
        "  c: {family: mixed, response: f4, terms: [f1], method: ml}"));
    ck_assert(study.models[0].select == RAD_SELECT_F && study.models[0].enter == 0.1);
    ck_assert_int_eq(study.models[1].scale, RAD_SCALE_NONE);
    ck_assert(study.models[2].ml);
    bool all;
    ck_assert_uint_eq(rad_closed_more(&study, &all), 3); /* age, count, f4 */
    ck_assert(!all);
    ck_assert(rad_study_in_panel(&study, "f22", true) && !rad_study_in_panel(&study, "f22", false));
    ck_assert(rad_study_in_panel(&study, "count", false) && !rad_study_in_panel(&study, "f3", true));
    rad_study_free(&study);
    ck_ok(parse("  a: {family: cox, response: relapse, terms: [\"f*\"]}"));
    ck_assert(!rad_study_asks(&study, RAD_MODELS) && !rad_study_in_panel(&study, "f3", true));
    rad_study_free(&study);
}
END_TEST

/* What is wrong, and what the line says. */
static const struct {
    const char *model, *says;
} wrong[] = {
    {"  a: {family: coxx, response: relapse, terms: [f1]}", "did you mean cox?"},
    {"  a: {family: cox, response: relaps, terms: [f1]}", "did you mean relapse?"},
    {"  a: {family: cox, response: relapse, terms: [agee]}", "did you mean age?"},
    {"  a: {family: cox, response: relapse, terms: [f1], penalti: {kind: lasso}}", "did you mean penalty?"},
    {"  a: {family: cox, response: age, terms: [f1]}", "is not an outcome with a time"},
    {"  a: {family: logistic, response: stage, terms: [f1]}", "of two levels"},
    {"  a: {family: logistic, response: age, terms: [f1]}", "of two levels"},
    {"  a: {family: poisson, response: sex, terms: [f1]}", "that is a number"},
    {"  a: {family: poisson, response: f1, terms: [f1]}", "that is a number"},
    {"  a: {family: gaussian, response: age, terms: [age]}", "is the response"},
    {"  a: {family: gaussian, response: age, terms: []}", "a list of 1 or more"},
    {"  a: {family: gaussian, response: age}", "is expected"},
    {"  a: [1]", "is expected"},
    {"  a-b: {family: lda, response: stage, terms: [f1]}", "letters, digits and _"},
    {"  a: {family: logistic, response: sex, terms: [f1], ties: efron}", "goes with family: cox"},
    {"  a: {family: cox, response: relapse, terms: [f1], offset: age}",
     "goes with family: poisson or logistic"},
    {"  a: {family: logistic, response: sex, terms: [f1], rounds: 0}", "from 1 to 200"},
    {"  a: {family: logistic, response: sex, terms: [f1], rounds: 201}", "from 1 to 200"},
    {"  a: {family: logistic, response: sex, terms: [f1], rounds: 1.5}", "whole number"},
    {"  a: {family: logistic, response: sex, terms: [f1], validate: some}", "none, leave-one-site-out"},
    {"  a: {family: logistic, response: sex, terms: [f1], scale: {f1: [0, 0]}}", "a scale above 0"},
    {"  a: {family: logistic, response: sex, terms: [f1], scale: {f1: [0]}}", "[centre, scale]"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lassoo}}", "did you mean lasso?"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, alpha: 1}}",
     "kind: elastic"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: elastic}}", "kind: elastic"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: ridge}}",
     "is needed with kind: ridge"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, lambda: [1, 1]}}", "falls"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, lambda: 0}}", "above 0"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, lambda: 1, path: 3}}",
     "not both"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, path: 1}}", "from 2 to 100"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, ratio: 0.95}}", "to 0.9"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: none, path: 3}}", "no lambda"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, choose: bicc}}",
     "did you mean bic?"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: lasso, lambda: 1, choose: bic}}",
     "several lambdas"},
    {"  a: {family: logistic, response: sex, terms: [f1], penalty: {kind: ridge, lambda: [2, 1], choose: "
     "aic}}",
     "several lambdas"},
    {"  a: {family: gaussian, response: age, terms: [f1], penalty: {kind: lasso, choose: bic}}",
     "fitted in rounds"},
    {"  a: {family: logistic, response: sex, terms: [f1], forward: aic}", "goes with family: gaussian"},
    {"  a: {family: gaussian, response: age, terms: [f1], forward: aicc}", "did you mean aic?"},
    {"  a: {family: gaussian, response: age, terms: [f1], forward: aic, enter: 0.1}", "goes with forward: f"},
    {"  a: {family: gaussian, response: age, terms: [f1], forward: f, enter: 1}", "to 0.999"},
    {"  a: {family: gaussian, response: age, terms: [f1], forward: aic, penalty: {kind: lasso}}",
     "without a penalty"},
    {"  a: {family: gaussian, response: age, terms: [f1], method: ml}", "goes with family: mixed"},
    {"  a: {family: mixed, response: age, terms: [f1], method: mle}", "did you mean ml?"},
    {"  a: {family: mixed, response: age, terms: [f1], penalty: {kind: lasso}}", "has no penalty"},
    {"  a: {family: gaussian, response: age, terms: [f1, sex]}", "under `groups` or `model`"},
    {"  a: {family: lda, response: sex, terms: [f1]}", "under `groups`"},
    {"  a: {family: lda, response: stage, terms: [f1, sex]}", "numbers and features"},
    {"  a: {family: gaussian, response: age, terms: [f1]}\nanalyses: [moments]", "under `analyses`"},
};

START_TEST(refuses) {
    ck_assert_msg(parse(wrong[_i].model) == RAD_CONFIG, "%s", wrong[_i].model);
    ck_assert_msg(strstr(error.text, wrong[_i].says), "%s: %s", wrong[_i].model, error.text);
    ck_assert_ptr_nonnull(strstr(error.text, "s.yaml:"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("study_models");
    TCase *c = tcase_create("study_models");
    tcase_add_test(c, reads);
    tcase_add_test(c, reads_closed);
    tcase_add_loop_test(c, refuses, 0, sizeof wrong / sizeof wrong[0]);
    suite_add_tcase(suite, c);
    return test_run(suite);
}
