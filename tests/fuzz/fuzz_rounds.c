/* States of models and the answers of sites: what is accepted is within its bounds, is written as it was
 * read, and what a coordinator remembers in it is recalled or refused. */
#include "fuzz.h"

#include "../../federate/pool/fit.h"

#include <math.h>
#include <string.h>

static const char study_text[] =
    "study: fuzz\nfeatures: [\"f*\"]\noutcomes: {response: {levels: [\"no\", \"yes\"]}}\n"
    "models: {m: {family: logistic, response: response, terms: [f1, f2]}}\n";

static void look_at_state(rad_round_state *s, const rad_study *study) {
    rad_error error = {0};
    rad_rounds_fit f = {.study = study};
    const size_t columns = rad_round_columns(s);
    FUZZ_CHECK(s->term_count && columns <= RAD_DESIGN_MAX + 1 && s->point_count <= RAD_ROUND_POINTS);
    FUZZ_CHECK(!s->point_count == (*s->result != '\0'));
    for (size_t i = 0; i < s->point_count; i++) {
        FUZZ_CHECK(s->points[i].ask < RAD_ASKS && s->points[i].digits >= RAD_ROUND_FINE);
        for (size_t k = 0; k < columns; k++) FUZZ_CHECK(fabs(s->points[i].beta[k]) <= RAD_ROUND_BETA);
    }
    f.state = *s;
    *s = (rad_round_state){.round = 0};
    if (rad_fit_recall(study, NULL, &f, &error) != RAD_OK)
        FUZZ_REFUSED(error);
    else
        FUZZ_CHECK(f.track_count && f.lambdas <= RAD_LAMBDAS_MAX);
    rad_fit_free(&f);
}

/* The answer to one point that asks for that; false: it is none. */
static bool look_at_answer(const uint8_t *data, size_t size, const rad_study *study, rad_round_ask ask) {
    rad_error error = {0};
    rad_round_sums sums;
    rad_round_term terms[2] = {{"f1", 0, 1}, {"f2", 0, 1}};
    rad_round_point points[1] = {{.ask = ask}};
    rad_round_state state = {
        .intercept = true, .terms = terms, .term_count = 2, .points = points, .point_count = 1};
    rad_bytes file = {(unsigned char *)data, size}, again = {0};
    memcpy(state.study_hash, study->hash, sizeof state.study_hash);
    strcpy(state.model, "m");
    fuzz_take_hash(data, size, "\"state\": \"", state.digest);
    if (rad_round_sums_parse(&file, "input", &state, NULL, &sums, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return false;
    }
    const rad_rounds_fit f = {.study = study, .model = &study->models[0]};
    const size_t told = sums.points[0].count;
    FUZZ_CHECK(sums.point_count == 1 &&
               (told == rad_round_cell_count(ask, 3) ||
                (ask == RAD_ASK_ORDER && (told == 1 || told == RAD_ORDER_CELLS || told == RAD_SLOPE_CELLS))));
    (void)rad_fit_order_is_possible(&f, &sums, 0);
    FUZZ_CHECK(rad_round_sums_text(&sums, &again, &error) == RAD_OK && again.length);
    rad_bytes_free(&again);
    rad_round_sums_free(&sums);
    return true;
}

static void run(const uint8_t *data, size_t size) {
    static rad_study study;
    rad_error error = {0};
    rad_round_state state;
    if (!study.id)
        FUZZ_CHECK(rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) == RAD_OK);
    if (size > 1 << 16) return;
    fuzz_take_hash(data, size, "\"hash\": \"", study.hash);
    if (rad_round_state_parse((const char *)data, size, "input", &state, &error) == RAD_OK) {
        look_at_state(&state, &study);
        return;
    }
    FUZZ_REFUSED(error);
    fuzz_take_hash(data, size, "\"study\": \"", study.hash);
    if (!look_at_answer(data, size, &study, RAD_ASK_INFORMATION))
        (void)look_at_answer(data, size, &study, RAD_ASK_ORDER);
}

const fuzzer fuzzer_rounds = {"rounds", run, fuzz_shape_text};
