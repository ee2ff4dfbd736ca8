/* Summaries of this study: what is accepted is written and read back the same; one in sixteen is pooled and
 * shown. Signatures hold (sodium.c), so that their form is looked at and no more. */
#include "../../federate/describe.h"
#include "../../federate/pool/plausible.h"
#include "../../federate/pool/pool_histograms.h"
#include "../../io/bytes.h"
#include "../../report/pooled_tables.h"
#include "../../report/report.h"
#include "fuzz.h"

static const char study_text[] =
    "study: fuzz\npatient: patient\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {response: {levels: [\"no\", \"yes\"]}, death: {time: months, event: relapse, grid: [0, 6, "
    "12, 24, 36]}}\n"
    "groups: [sex]\ntables: [[sex, response]]\n"
    "covariance: [f*]\nmodel: [sex]\nthresholds: {mode: datashield}\n";

/* The same with scores and ranks, whose members files of the other do not have. */
static const char scores_text[] =
    "study: fuzz\npatient: patient\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {response: {levels: [\"no\", \"yes\"]}, death: {time: months, event: relapse, grid: [0, 6, "
    "12, 24, 36]}}\n"
    "performance:\n"
    "  risk: {score: f0, outcome: response, event: \"yes\", scale: probability, cuts: [0.25, 0.5, 0.75]}\n"
    "  prognosis: {score: age, outcome: death}\n"
    "groups: [sex]\nanalyses: [moments, groups, performance, ranks]\nthresholds: {mode: datashield}\n";

static void describe_it(const rad_pool *pool) {
    rad_error error = {0};
    for (size_t v = 0; v < pool->total.count; v++) {
        rad_quantile q[RAD_QUANTILES_MAX];
        rad_grid_count *counts = NULL;
        size_t count;
        rad_description d;
        FUZZ_CHECK(rad_describe(&pool->total.moments[v], 0, &d, &error) == RAD_OK || *error.text);
        FUZZ_CHECK(rad_pool_histograms_quantiles(pool, v, q, &error) == RAD_OK);
        FUZZ_CHECK(rad_pool_histograms_join(pool, v, &counts, &count, &error) == RAD_OK);
        free(counts);
    }
    for (size_t j = 0; j < pool->total.panel; j++) {
        rad_pair_view view;
        rad_relation r;
        if (rad_summary_pair(&pool->total, 0, j, &view))
            FUZZ_CHECK(rad_describe_pair(&view, &r, &error) == RAD_OK || *error.text);
    }
}

static void show_it(const rad_pool *pool) {
    static rad_pooled_body *const tables[] = {
        rad_tables_models,        rad_tables_tests,  rad_tables_pair_tests,     rad_tables_estimates,
        rad_tables_harmonisation, rad_tables_curves, rad_tables_curves_by_site, rad_tables_logrank,
        rad_tables_medians,       rad_report_page};
    static rad_pooled_body *const of_scores[] = {rad_tables_performance, rad_tables_performance_by_site,
                                                 rad_tables_roc,         rad_tables_calibration,
                                                 rad_tables_decision,    rad_tables_ranks,
                                                 rad_report_page};
    static FILE *nowhere;
    rad_error error = {0};
    rad_results results;
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    if (rad_results_make(pool, true, &results, &error) != RAD_OK) return;
    const bool scores = pool->study->performance_count; /* what a study does not ask for has no table */
    for (size_t i = 0; i < sizeof tables / sizeof tables[0] && !scores; i++)
        FUZZ_CHECK(tables[i](nowhere, &results, &error) == RAD_OK || *error.text);
    for (size_t i = 0; i < sizeof of_scores / sizeof of_scores[0] && scores; i++)
        FUZZ_CHECK(of_scores[i](nowhere, &results, &error) == RAD_OK || *error.text);
    rad_results_free(&results);
}

static void pool_it(const rad_study *study, rad_summary *summary) {
    rad_error error = {0};
    rad_pool pool = {.study = study};
    if (rad_pool_add(&pool, summary, 1, &error) == RAD_OK) describe_it(&pool);
    if (pool.count) show_it(&pool);
    rad_pool_free(&pool);
}

/* The file with the end that a signed one has. */
static const char *with_end(const char *body, size_t length, size_t *whole) {
    static char text[1 << 17];
    static char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1];
    memset(key, '0', sizeof key - 1);
    memset(value, '0', sizeof value - 1);
    FUZZ_CHECK(length + 512 < sizeof text);
    memcpy(text, body, length);
    *whole = length + (size_t)snprintf(text + length, 512, RAD_RADSUM_TAIL, key, value);
    return text;
}

static size_t body_of(const uint8_t *data, size_t size) {
    static const char mark[] = ",\n \"signature\":";
    const uint8_t *found = memmem(data, size, mark, sizeof mark - 1);
    return found ? (size_t)(found - data) : size;
}

static void run(const uint8_t *data, size_t size) {
    static rad_study studies[2];
    static char site[RAD_SITE] = "";
    static unsigned char key[RAD_KEY_BYTES];
    rad_trusted trusted = {.name = &site, .key = &key, .count = 1};
    rad_error error = {0};
    rad_summary summary, back;
    rad_radsum_head head;
    rad_bytes body, again;
    size_t whole;
    static fuzz_file input;
    const bool scores = memmem(data, size, "\"performance\"", 13);
    rad_study *study = &studies[scores];
    const char *study_of = scores ? scores_text : study_text;
    if (!study->id) FUZZ_CHECK(rad_study_parse(study_of, strlen(study_of), "study", study, &error) == RAD_OK);
    if (size > 1 << 16) return;
    if (size % 16 == 0 && rad_radsum_peek(fuzz_put(&input, data, size), NULL, &head, &error) == RAD_OK)
        snprintf(site, sizeof site, "%s", head.site);
    fuzz_take_hash(data, size, "\"hash\":\"", study->hash);
    const char *text = with_end((const char *)data, body_of(data, size), &whole);
    rad_status status =
        rad_radsum_parse(text, whole, "input", study, size % 2 ? NULL : &trusted, &summary, &error);
    if (status != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    snprintf(site, sizeof site, "%s", summary.site);
    FUZZ_CHECK(rad_radsum_body(&summary, study, &body, &error) == RAD_OK);
    text = with_end((const char *)body.data, body.length, &whole);
    FUZZ_CHECK(rad_radsum_parse(text, whole, "again", study, &trusted, &back, &error) == RAD_OK);
    FUZZ_CHECK(rad_radsum_body(&back, study, &again, &error) == RAD_OK);
    FUZZ_CHECK(body.length == again.length && !memcmp(body.data, again.data, body.length));
    if (rad_plausible_check(&summary, study, &error) != RAD_OK) FUZZ_REFUSED(error);
    const bool shown = body.length % 16 == 0;
    rad_bytes_free(&body);
    rad_bytes_free(&again);
    rad_summary_free(&back);
    if (shown) pool_it(study, &summary);
    rad_summary_free(&summary);
}

const fuzzer fuzzer_radsum = {"radsum", run, fuzz_shape_text};
