/* Summaries of this study: what is accepted is written, read back the same, pooled and described. */
#include "fuzz.h"

#include "../../federate/describe.h"
#include "../../federate/survival.h"
#include "../../io/bytes.h"
#include "../../report/report.h"

#include <string.h>

static const char study_text[] =
    "study: fuzz\npatient: patient\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {response: {levels: [\"no\", \"yes\"]}, death: {time: months, event: relapse, grid: [0, 6, "
    "12, 24, 36]}}\n"
    "groups: [sex]\ntables: [[sex, response]]\n"
    "covariance: [f*]\nmodel: [sex]\nthresholds: {mode: datashield}\n";

static void pool_it(const rad_study *study, rad_summary *summary) {
    rad_error error = {0};
    rad_pool pool = {.study = study};
    if (rad_pool_add(&pool, summary, 1, &error) == RAD_OK) {
        for (size_t v = 0; v < pool.total.count; v++) {
            rad_quantile q[RAD_QUANTILES_MAX];
            rad_grid_count *counts = NULL;
            size_t count;
            rad_description d;
            if (rad_describe(&pool.total.moments[v], 0, &d, &error) != RAD_OK && !error.text[0]) abort();
            if (rad_pool_quantiles(&pool, v, q, &error) != RAD_OK) abort();
            if (rad_pool_histogram(&pool, v, &counts, &count, &error) != RAD_OK) abort();
            free(counts);
        }
        for (size_t j = 0; j < pool.total.panel; j++) {
            rad_pair_view view;
            rad_relation r;
            if (rad_summary_pair(&pool.total, 0, j, &view) && rad_relate(&view, &r, &error) != RAD_OK &&
                !error.text[0])
                abort();
        }
    }
    rad_related related;
    static rad_put_body *const tables[] = {
        rad_models_table,     rad_relations_tests, rad_relations_tables,        rad_estimates_table,
        rad_combat_table,     rad_survival_curves, rad_survival_curves_by_site, rad_survival_tests,
        rad_survival_medians, rad_report_page};
    if (pool.count && rad_related_make(&pool, true, &related, &error) == RAD_OK) {
        static FILE *nowhere;
        if (!nowhere) nowhere = fopen("/dev/null", "w");
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
            if (tables[i](nowhere, &related, &error) != RAD_OK && !error.text[0]) abort();
        rad_related_free(&related);
    }
    rad_pool_free(&pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rad_study study;
    rad_error error = {0};
    rad_summary summary, back;
    rad_bytes body, again;
    if (!study.id && rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) != RAD_OK)
        abort();
    if (rad_radsum_parse((const char *)data, size, "input", &study, NULL, &summary, &error) != RAD_OK) {
        if (!error.text[0]) abort();
        return 0;
    }
    if (rad_radsum_body(&summary, &study, &body, &error) != RAD_OK) abort();
    const size_t length = body.length;
    char *whole = malloc(length + 3);
    if (!whole) abort();
    memcpy(whole, body.data, length);
    memcpy(whole + length, "\n}", 3);
    if (rad_radsum_parse(whole, length + 2, "again", &study, NULL, &back, &error) != RAD_OK) abort();
    if (rad_radsum_body(&back, &study, &again, &error) != RAD_OK) abort();
    if (length != again.length || memcmp(whole, again.data, length) != 0) abort();
    free(whole);
    rad_bytes_free(&again);
    rad_bytes_free(&body);
    rad_summary_free(&back);
    pool_it(&study, &summary);
    rad_summary_free(&summary);
    return 0;
}
