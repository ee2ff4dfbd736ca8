/* Signatures: scores against closed forms, both sides of each cut and bound, what is refused and in which
 * words. */
#include "../../federate/score_model.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static rad_error error;
static rad_score_model p;

static rad_status parse(const char *text) {
    error = (rad_error){0};
    return rad_score_model_parse(text, strlen(text), "s.yaml", &p, &error);
}

#define HEAD "signature: s\nharmonisation: none\n"
#define ONE  "features: [{name: a, weight: 1}]\n"

START_TEST(linear_score) {
    const double values[3] = {exp(3), 9, -0.5};
    size_t at;
    ck_assert_int_eq(parse(HEAD "model: linear\nintercept: 10\nfeatures:\n"
                                "  - {name: a, transform: log, centre: 1, scale: 4, weight: 2}\n"
                                "  - {name: b, transform: sqrt, weight: 3}\n"
                                "  - {name: c, transform: log1p, weight: -1}\n"),
                     RAD_OK);
    ck_assert_double_eq_tol(rad_score_model_score(&p, values, &at), 10 + 2 * 0.5 + 3 * 3 + log(2), 1e-14);
    ck_assert_uint_eq(at, 3);
    rad_score_model_free(&p);
}
END_TEST

/* Each transform on either side of where it begins. */
START_TEST(transforms) {
    static const struct {
        const char *word;
        double x, y;
    } rows[] = {{"log", 0.25, -1.38629436111989062},
                {"log", 0, NAN},
                {"log10", 0.001, -3},
                {"log10", 0, NAN},
                {"log2", 0.125, -3},
                {"log2", 1, 0},
                {"log2", 0, NAN},
                {"log2", -1, NAN},
                {"log1p", -0.5, -0.693147180559945309},
                {"log1p", -1, NAN},
                {"sqrt", 0, 0},
                {"sqrt", 0.0625, 0.25},
                {"sqrt", -0.5, NAN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        size_t at;
        snprintf(text, sizeof text, HEAD "model: linear\nfeatures: [{name: a, transform: %s, weight: 1}]\n",
                 rows[i].word);
        ck_assert_int_eq(parse(text), RAD_OK);
        const double y = rad_score_model_score(&p, &rows[i].x, &at);
        ck_assert_msg(isnan(rows[i].y) ? isnan(y) : fabs(y - rows[i].y) <= 1e-15 * fabs(y),
                      "%s of %g is %.17g", rows[i].word, rows[i].x, y);
        rad_score_model_free(&p);
    }
}
END_TEST

/* Terms that cancel: the sum keeps what each addition loses. */
START_TEST(cancellation) {
    const double values[3] = {1e16, 1, -1e16};
    size_t at;
    ck_assert_int_eq(parse(HEAD "model: linear\nfeatures: [{name: a, weight: 1}, {name: b, weight: 1}, "
                                "{name: c, weight: 1}]\n"),
                     RAD_OK);
    ck_assert(rad_score_model_score(&p, values, &at) == 1);
    rad_score_model_free(&p);
}
END_TEST

/* No value, no logarithm, or none that a double holds: NaN, and which feature it was. */
START_TEST(without_a_score) {
    const double fine[2] = {1, 1}, missing[2] = {1, NAN}, zero[2] = {0, 1}, vast[2] = {1, 1e300};
    size_t at;
    ck_assert_int_eq(parse(HEAD "model: linear\nfeatures: [{name: a, transform: log, weight: 1}, {name: b, "
                                "weight: 1e10}]\n"),
                     RAD_OK);
    ck_assert(rad_score_model_score(&p, fine, &at) == 1e10);
    ck_assert_double_nan(rad_score_model_score(&p, missing, &at));
    ck_assert_uint_eq(at, 1);
    ck_assert_double_nan(rad_score_model_score(&p, zero, &at));
    ck_assert_uint_eq(at, 0);
    ck_assert_double_nan(rad_score_model_score(&p, vast, &at));
    ck_assert_uint_eq(at, 2);
    rad_score_model_free(&p);
}
END_TEST

START_TEST(links) {
    static const struct {
        const char *link;
        double score, probability;
    } rows[] = {{"logit", 0, 0.5},
                {"logit", 1, 0.731058578630004879},
                {"logit", -800, 0},
                {"logit", 800, 1},
                {"probit", 0, 0.5},
                {"probit", 1.959963984540054, 0.975},
                {"cloglog", 0, 0.632120558828557678},
                {"cloglog", -40, 4.24835425529158899e-18}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, HEAD "model: logistic\nlink: %s\n" ONE, rows[i].link);
        ck_assert_int_eq(parse(text), RAD_OK);
        const double is = rad_score_model_probability(&p, rows[i].score), should = rows[i].probability;
        ck_assert_msg(fabs(is - should) <= 1e-15 * should, "%s of %g is %.17g", rows[i].link, rows[i].score,
                      is);
        rad_score_model_free(&p);
    }
}
END_TEST

START_TEST(risks) {
    ck_assert_int_eq(parse(HEAD "model: cox\nbaseline: {survival: {0: 1, 12.5: 0.9}}\n" ONE), RAD_OK);
    ck_assert_uint_eq(p.horizons, 2);
    ck_assert_str_eq(p.risk[1], "risk_12.5");
    ck_assert(rad_score_model_risk(&p, 0, 5) == 0);
    ck_assert_double_eq_tol(rad_score_model_risk(&p, 1, 0), 0.1, 1e-16);
    ck_assert_double_eq_tol(rad_score_model_risk(&p, 1, log(2)), 1 - 0.81, 1e-15);
    ck_assert(rad_score_model_risk(&p, 1, 800) == 1);
    rad_score_model_free(&p);
}
END_TEST

/* Both sides of a cut, and the value at it. */
START_TEST(cuts) {
    static const struct {
        const char *text;
        const char *below, *at, *above;
    } rows[] = {{"score > 0.3", "no", "no", "yes"},
                {"score >= 0.3", "no", "yes", "yes"},
                {" score<0.3 ", "yes", "no", "no"},
                {"score <= 3e-1", "yes", "yes", "no"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_cut cut = {.name = "c"};
        ck_assert(rad_cut_parse(rows[i].text, &cut));
        ck_assert_str_eq(cut.of, "score");
        ck_assert_str_eq(cut.level[rad_cut_level(&cut, nextafter(0.3, 0))], rows[i].below);
        ck_assert_str_eq(cut.level[rad_cut_level(&cut, 0.3)], rows[i].at);
        ck_assert_str_eq(cut.level[rad_cut_level(&cut, nextafter(0.3, 1))], rows[i].above);
    }
    const struct {
        const char *text, *below, *above;
    } said[] = {{"x > 1", "x <= 1", "x > 1"}, {"x >= 1", "x < 1", "x >= 1"}, {"x < 1", "x < 1", "x >= 1"}};
    for (size_t i = 0; i < 3; i++) {
        rad_cut cut = {.name = "c"};
        char words[64];
        ck_assert(rad_cut_parse(said[i].text, &cut));
        ck_assert_str_eq(rad_cut_words(&cut, 0, words, sizeof words), said[i].below);
        ck_assert_str_eq(rad_cut_words(&cut, 1, words, sizeof words), said[i].above);
    }
    static const char *const wrong[] = {"score",           "score = 0.3", "> 0.3",
                                        "score > ",        "score > x",   "score > inf",
                                        "score > 0.3 0.4", "score >> 1",  "score > nan"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        rad_cut cut = {.name = "c"};
        ck_assert_msg(!rad_cut_parse(wrong[i], &cut), "%s", wrong[i]);
    }
    ck_assert_int_eq(parse(HEAD "model: linear\n" ONE
                                "cutoffs: {risk: {of: score, cuts: [1, 2], levels: [low, middle, high]}}\n"),
                     RAD_OK);
    static const double values[] = {0.9, 1, 1.1, 2, 2.1};
    static const char *const levels[] = {"low", "low", "middle", "middle", "high"};
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(p.cuts[0].level[rad_cut_level(&p.cuts[0], values[i])], levels[i]);
    rad_score_model_free(&p);
}
END_TEST

START_TEST(refused) {
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"model: linear\nharmonisation: none\n" ONE, "signature is missing"},
        {"signature: s\nmodel: linear\n" ONE, "harmonisation is missing: none, or the hash"},
        {HEAD ONE, "model is missing"},
        {HEAD "model: linear\n", "features is missing"},
        {HEAD "model: linear\nweights: 1\n" ONE, "weights is not a key of a signature"},
        {"signature: a b\nharmonisation: none\nmodel: linear\n" ONE, "an id of letters"},
        {HEAD "model: forest\n" ONE, "model: one of linear, logistic, cox is expected"},
        {HEAD "model: linear\nlink: logit\n" ONE, "only a logistic model has one"},
        {HEAD "model: logistic\nlink: log\n" ONE, "link: one of logit, probit, cloglog"},
        {HEAD "model: cox\nintercept: 1\n" ONE, "a Cox model has none"},
        {HEAD "model: linear\nbaseline: {survival: {1: 1}}\n" ONE, "only a Cox model has one"},
        {HEAD "model: cox\nbaseline: {survival: {1: 0}}\n" ONE, "a share above 0, at most 1"},
        {HEAD "model: cox\nbaseline: {survival: {1: 1.01}}\n" ONE, "a share above 0, at most 1"},
        {HEAD "model: cox\nbaseline: {survival: {-1: 1}}\n" ONE, "a time of 0 or more"},
        {HEAD "model: cox\nbaseline: {survival: {2: 0.9, 1: 0.8}}\n" ONE, "times rise"},
        {HEAD "model: cox\nbaseline: {survival: {1: 0.8, 2: 0.9}}\n" ONE, "shares do not"},
        {HEAD "model: linear\nfeatures: [{name: a}]\n", "{name: column, weight: 0.4} is expected"},
        {HEAD "model: linear\nfeatures: []\n", "a list of 1 to"},
        {HEAD "model: linear\nfeatures: [{name: a, weight: nan}]\n", "weight: a number is expected"},
        {HEAD "model: linear\nfeatures: [{name: a, weight: 1, scale: 0}]\n", "above 0"},
        {HEAD "model: linear\nfeatures: [{name: a, weight: 1, transform: exp}]\n",
         "transform: one of none, log, log10, log2, log1p, sqrt is expected"},
        {HEAD "model: linear\nfeatures: [{name: a, weight: 1, definition: abc}]\n", "32 digits of a hash"},
        {HEAD "model: linear\nfeatures: [{name: a, weight: 1}, {name: a, weight: 2}]\n", "a is given twice"},
        {HEAD "model: linear\nfeatures: [{name: a, weight: 1, definition: 00112233445566778899aabbccddeeff}, "
              "{name: b, weight: 2, definition: 00112233445566778899aabbccddeeff}]\n",
         "b is given twice, by its definition"},
        {"signature: s\nharmonisation: 12\nmodel: linear\n" ONE, "64 digits of a hash"},
        {HEAD "model: linear\n" ONE "cutoffs: {high: \"probability > 0.5\"}\n",
         "probability is not a number of this model; it has score"},
        {HEAD "model: linear\n" ONE "cutoffs: {score: \"score > 0.5\"}\n", "score is no name of a class"},
        {HEAD "model: linear\n" ONE "cutoffs: {high: \"score > x\"}\n", "a comparison of one variable"},
        {HEAD "model: linear\n" ONE "cutoffs: {high: {of: score, cuts: [1, 1], levels: [a, b, c]}}\n",
         "1 is not above 1"},
        {HEAD "model: linear\n" ONE "cutoffs: {high: {of: score, cuts: [1], levels: [a, b, c]}}\n",
         "1 cut makes 2 levels, and 3 are given"},
        {HEAD "model: linear\n" ONE "cutoffs: {high: {of: score, cuts: [1], levels: [a, a]}}\n", "twice"},
        {HEAD "model: linear\n" ONE "provenance: {study: 12}\n", "64 digits"},
        {HEAD "model: linear\n" ONE "provenance: {who: me}\n", "who is not a key of provenance"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_msg(parse(rows[i].text) == RAD_CONFIG, "%zu: %s", i, rows[i].words);
        ck_assert_msg(strstr(error.text, rows[i].words) != NULL, "%s: %s", rows[i].words, error.text);
        ck_assert_msg(!strncmp(error.text, "s.yaml:", 7), "%s", error.text);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("score_model");
    TCase *tests = tcase_create("score_model");
    tcase_add_test(tests, linear_score);
    tcase_add_test(tests, transforms);
    tcase_add_test(tests, cancellation);
    tcase_add_test(tests, without_a_score);
    tcase_add_test(tests, links);
    tcase_add_test(tests, risks);
    tcase_add_test(tests, cuts);
    tcase_add_test(tests, refused);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
