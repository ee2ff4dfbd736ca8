#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

rad_status rad_tables_covariance(FILE *out, const rad_results *r, rad_error *error) {
    const rad_summary *t = &r->pool->total;
    (void)error;
    fputs("a,b,n,covariance,correlation\r\n", out);
    for (size_t j = 0, at = 0; j < t->panel; j++)
        for (size_t i = 0; i <= j; i++, at++) {
            const rad_relation *x = &r->covariance.pairs[at];
            if (!t->product_shown[at]) continue;
            rad_csv_put(out, t->variables[t->of[i]].name);
            rad_fields_text(out, t->variables[t->of[j]].name);
            fprintf(out, ",%" PRIu64, x->n);
            rad_fields_number(out, x->covariance);
            rad_fields_number(out, x->correlation);
            rad_fields_end(out);
        }
    return RAD_OK;
}

rad_status rad_tables_components(FILE *out, const rad_results *r, rad_error *error) {
    const double n = (double)r->covariance.correlations.count;
    double sum = 0;
    (void)error;
    fputs("component,eigenvalue,share,cumulative\r\n", out);
    for (size_t k = 0; k < r->covariance.correlations.count; k++) {
        sum += r->covariance.values[k];
        const double numbers[] = {r->covariance.values[k], r->covariance.values[k] / n, sum / n};
        fprintf(out, "%zu", k + 1);
        rad_fields_numbers(out, numbers, 3);
        rad_fields_end(out);
    }
    return RAD_OK;
}

rad_status rad_tables_loadings(FILE *out, const rad_results *r, rad_error *error) {
    const rad_correlations *c = &r->covariance.correlations;
    (void)error;
    fputs("variable,component,weight,loading\r\n", out);
    for (size_t k = 0; k < r->covariance.components; k++)
        for (size_t i = 0; i < c->count; i++) {
            const double weight = r->covariance.vectors[k * c->count + i];
            rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
            fprintf(out, ",%zu", k + 1);
            rad_fields_number(out, weight);
            rad_fields_number(out, weight * sqrt(fmax(0, r->covariance.values[k])));
            rad_fields_end(out);
        }
    return RAD_OK;
}

rad_status rad_tables_clusters(FILE *out, const rad_results *r, rad_error *error) {
    const rad_correlations *c = &r->covariance.correlations;
    const rad_covariance_results *x = &r->covariance;
    (void)error;
    fputs("variable,cluster,keep\r\n", out);
    for (size_t i = 0; i < c->count; i++) {
        rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
        fprintf(out, ",%zu,%s\r\n", x->cluster[i], x->kept[i] ? "yes" : "no");
    }
    return RAD_OK;
}

rad_status rad_tables_partial(FILE *out, const rad_results *r, rad_error *error) {
    const rad_correlations *c = &r->covariance.correlations;
    const rad_summary_variable *variables = r->pool->total.variables;
    size_t volume = 0;
    (void)error;
    fputs("a,b,correlation,given_volume\r\n", out);
    while (volume < c->count && strcmp(r->pool->study->volume, variables[c->of[volume]].name) != 0) volume++;
    for (size_t j = 0; j < c->count && volume < c->count; j++)
        for (size_t i = 0; i < j; i++) {
            rad_csv_put(out, variables[c->of[i]].name);
            rad_fields_text(out, variables[c->of[j]].name);
            rad_fields_number(out, c->r[i * c->count + j]);
            rad_fields_number(out, rad_correlations_given(c, i, j, volume));
            rad_fields_end(out);
        }
    return RAD_OK;
}
