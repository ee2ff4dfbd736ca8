/* Signatures and the weights they are made of: what is accepted gives a score or a reason, and what is made
 * of weights reads back. */
#include "fuzz.h"

#include "../../federate/site/weights.h"

#include <math.h>
#include <string.h>

static void run_weights(const uint8_t *data, size_t size) {
    static fuzz_file input;
    rad_error error = {0};
    rad_warnings warnings = {.count = 0};
    rad_bytes text = {0};
    const rad_weights_about about = {
        .weights = fuzz_put(&input, data, size), .id = "fuzz", .model = size % 2 ? "logistic" : "cox"};
    if (rad_weights_convert(&about, &text, &warnings, &error) != RAD_OK) FUZZ_REFUSED(error);
    rad_bytes_free(&text);
}

static void run(const uint8_t *data, size_t size) {
    static double values[RAD_SCORE_MODEL_FEATURES];
    rad_error error = {0};
    rad_score_model p;
    size_t at;
    if (size && *data == '"') {
        run_weights(data, size);
        return;
    }
    if (rad_score_model_parse((const char *)data, size, "input", &p, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    for (size_t i = 0; i < p.term_count; i++) values[i] = 2;
    const double score = rad_score_model_score(&p, values, &at);
    FUZZ_CHECK(isfinite(score) || isnan(score));
    FUZZ_CHECK(at <= p.term_count && (isnan(score) || at == p.term_count));
    if (!isnan(score)) {
        const double probability = rad_score_model_probability(&p, score);
        FUZZ_CHECK(probability >= 0 && probability <= 1);
        for (size_t i = 0; i < p.horizons; i++) {
            const double risk = rad_score_model_risk(&p, i, score);
            FUZZ_CHECK(risk >= 0 && risk <= 1);
        }
        for (size_t i = 0; i < p.cut_count; i++)
            FUZZ_CHECK(rad_cut_level(&p.cuts[i], score) <= p.cuts[i].count);
    }
    rad_score_model_free(&p);
}

const fuzzer fuzzer_signature = {"signature", run, fuzz_shape_text};
