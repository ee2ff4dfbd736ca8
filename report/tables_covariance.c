#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <math.h>
#include <string.h>

rad_status rad_tables_covariance(FILE *out, const rad_results *r, rad_error *error) {
    const rad_summary *t = &r->pool->total;
    (void)error;
    fputs("a,b,n,covariance,correlation,sites,patients\r\n", out);
    for (size_t j = 0, at = 0; j < t->panel; j++)
        for (size_t i = 0; i <= j; i++, at++) {
            const rad_relation *x = &r->covariance.pairs[at];
            const rad_basis basis = rad_pool_covariance_basis(r, i, j);
            if (!t->product_shown[at]) continue;
            rad_csv_put(out, t->variables[t->of[i]].name);
            rad_fields_text(out, t->variables[t->of[j]].name);
            rad_fields_count(out, basis.shown, x->n);
            rad_fields_number(out, x->covariance);
            rad_fields_number(out, x->correlation);
            rad_fields_basis(out, r, &basis, "%.90s, %.90s", t->variables[t->of[i]].name,
                             t->variables[t->of[j]].name);
        }
    return RAD_OK;
}

rad_status rad_tables_components(FILE *out, const rad_results *r, rad_error *error) {
    const double n = (double)r->covariance.correlations.count;
    double sum = 0;
    (void)error;
    fputs("component,eigenvalue,share,cumulative,mixed,sites,patients\r\n", out);
    for (size_t k = 0; k < r->covariance.correlations.count; k++) {
        sum += r->covariance.values[k];
        const double numbers[] = {r->covariance.values[k], r->covariance.values[k] / n, sum / n};
        fprintf(out, "%zu", k + 1);
        rad_fields_numbers(out, numbers, 3);
        rad_fields_text(out, r->covariance.mixed ? "yes" : "no");
        rad_fields_basis(out, r, &r->covariance.matrix, "component %zu", k + 1);
    }
    return RAD_OK;
}

rad_status rad_tables_loadings(FILE *out, const rad_results *r, rad_error *error) {
    const rad_correlations *c = &r->covariance.correlations;
    (void)error;
    fputs("variable,component,weight,loading,sites,patients\r\n", out);
    for (size_t k = 0; k < r->covariance.components; k++)
        for (size_t i = 0; i < c->count; i++) {
            const double weight = r->covariance.vectors[k * c->count + i];
            rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
            fprintf(out, ",%zu", k + 1);
            rad_fields_number(out, weight);
            rad_fields_number(out, weight * sqrt(fmax(0, r->covariance.values[k])));
            rad_fields_basis(out, r, &r->covariance.matrix, "component %zu", k + 1);
        }
    return RAD_OK;
}

rad_status rad_tables_clusters(FILE *out, const rad_results *r, rad_error *error) {
    const rad_correlations *c = &r->covariance.correlations;
    const rad_covariance_results *x = &r->covariance;
    (void)error;
    fputs("variable,cluster,keep,sites,patients\r\n", out);
    for (size_t i = 0; i < c->count; i++) {
        const char *name = r->pool->total.variables[c->of[i]].name;
        rad_csv_put(out, name);
        fprintf(out, ",%zu,%s", x->cluster[i], x->kept[i] ? "yes" : "no");
        rad_fields_basis(out, r, &x->matrix, "%.150s", name);
    }
    return RAD_OK;
}

/* Columns of the correlations. */
static rad_basis pair_of(const rad_results *r, size_t i, size_t j) {
    const rad_summary_variable *variables = r->pool->total.variables;
    const size_t *of = r->covariance.correlations.of;
    return rad_pool_covariance_basis(r, (size_t)variables[of[i < j ? i : j]].panel,
                                     (size_t)variables[of[i < j ? j : i]].panel);
}

/* The weakest of the three pairs. */
static rad_basis basis_given(const rad_results *r, size_t i, size_t j, size_t given) {
    const rad_basis a = pair_of(r, i, given), b = pair_of(r, j, given), own = pair_of(r, i, j),
                    least = rad_basis_least(&a, &b);
    return rad_basis_least(&own, &least);
}

rad_status rad_tables_partial(FILE *out, const rad_results *r, rad_error *error) {
    const rad_correlations *c = &r->covariance.correlations;
    const rad_summary_variable *variables = r->pool->total.variables;
    size_t volume = 0;
    (void)error;
    fputs("a,b,correlation,given_volume,sites,patients\r\n", out);
    rad_fields_unasked(r, !*r->pool->study->volume);
    while (volume < c->count && strcmp(r->pool->study->volume, variables[c->of[volume]].name) != 0) volume++;
    for (size_t j = 0; j < c->count && volume < c->count; j++)
        for (size_t i = 0; i < j; i++) {
            rad_csv_put(out, variables[c->of[i]].name);
            rad_fields_text(out, variables[c->of[j]].name);
            rad_fields_number(out, c->r[i * c->count + j]);
            rad_fields_number(out, rad_correlations_given(c, i, j, volume));
            const rad_basis basis = basis_given(r, i, j, volume);
            rad_fields_basis(out, r, &basis, "%.90s, %.90s", variables[c->of[i]].name,
                             variables[c->of[j]].name);
        }
    return RAD_OK;
}
