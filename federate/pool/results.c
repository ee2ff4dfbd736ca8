#include "relations.h"

#include "../../core/memory.h"
#include "../../io/csv.h"
#include "put.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LOADINGS = 10 };

static void put_tests(const rad_pool *p, const rad_tests *t, FILE *out) {
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_test *x = &t->test[v];
        const double numbers[] = {x->statistic, x->df1, x->df2,  x->p,     t->adjusted[v],
                                  x->estimate,  x->low, x->high, x->effect};
        rad_csv_put(out, p->total.variables[v].name);
        rad_put_text(out, p->study->factors[t->factor].name);
        rad_put_text(out, rad_test_words[t->kind]);
        fprintf(out, ",%" PRIu64, x->n);
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
}

rad_status rad_relations_tests(FILE *out, void *context, rad_error *error) {
    const rad_results *r = context;
    (void)error;
    fputs("variable,group,test,n,statistic,df1,df2,p,p_adjusted,difference,low,high,eta_squared\r\n", out);
    for (size_t i = 0; i < r->findings.group_count; i++) put_tests(r->pool, &r->findings.groups[i], out);
    return RAD_OK;
}

rad_status rad_relations_sites(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    const rad_tests *all = &((const rad_results *)context)->findings.sites;
    (void)error;
    fputs("variable,n,sites,statistic,df1,df2,p,p_adjusted,eta_squared\r\n", out);
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_test *t = &all->test[v];
        const double numbers[] = {t->statistic, t->df1, t->df2, t->p, all->adjusted[v], t->effect};
        rad_csv_put(out, p->total.variables[v].name);
        fprintf(out, ",%" PRIu64 ",%zu", t->n, rad_pool_sites_of(p, 0, v));
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
    return RAD_OK;
}

/* The table without its row and column of missing values; false where a site hides a cell. */
static bool take_table(const rad_pool *p, size_t table, int64_t *counts) {
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    for (size_t r = 0; r < a->levels; r++)
        for (size_t c = 0; c < b->levels; c++) {
            const size_t at = r * (b->levels + 1) + c;
            for (size_t s = 0; s < p->count; s++)
                if (p->sites[s].tables[table][at] < 0) return false;
            counts[r * b->levels + c] = p->total.tables[table][at];
        }
    return true;
}

bool rad_relations_table_test(const rad_pool *p, size_t table, rad_test *chi, rad_test *fisher) {
    int64_t counts[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS];
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    *chi = *fisher = (rad_test){.p = NAN, .estimate = NAN, .statistic = NAN, .df1 = NAN};
    if (!take_table(p, table, counts)) return false;
    rad_test_chi_square(counts, a->levels, b->levels, chi);
    if (a->levels == 2 && b->levels == 2) rad_test_fisher(counts, fisher);
    return true;
}

rad_status rad_relations_tables(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("row_variable,column_variable,n,chi_square,df,p,p_fisher,odds_ratio\r\n", out);
    for (size_t t = 0; t < s->table_count; t++) {
        rad_test chi, fisher;
        const bool whole = rad_relations_table_test(p, t, &chi, &fisher);
        rad_csv_put(out, s->factors[s->tables[t][0]].name);
        rad_put_text(out, s->factors[s->tables[t][1]].name);
        if (whole)
            fprintf(out, ",%" PRIu64, chi.n);
        else
            fputc(',', out);
        const double numbers[] = {chi.statistic, chi.df1, chi.p, fisher.p, fisher.estimate};
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
    return RAD_OK;
}

static rad_status take_components(rad_results *out, rad_error *error) {
    rad_status status = rad_correlations_take(out->pool, &out->correlations, error);
    const size_t n = out->correlations.count;
    out->components = n < LOADINGS ? n : LOADINGS;
    out->values = rad_new(n, sizeof *out->values, error);
    out->vectors = rad_new(n * LOADINGS, sizeof *out->vectors, error);
    if (status == RAD_OK && (!out->values || !out->vectors)) status = RAD_NO_MEMORY;
    return status == RAD_OK
               ? rad_components_take(&out->correlations, out->components, out->values, out->vectors, error)
               : status;
}

rad_status rad_results_make(const rad_pool *pool, bool withhold, rad_results *out, rad_error *error) {
    *out = (rad_results){.pool = pool};
    rad_status status =
        pool->study->analyses & RAD_ANALYSIS_COVARIANCE ? take_components(out, error) : RAD_OK;
    if (status == RAD_OK && pool->total.models.cells)
        status = rad_combat_fit(pool, withhold, &out->combat, error);
    if (status == RAD_OK && pool->total.models.cells) status = rad_models_take(pool, &out->models, error);
    if (status == RAD_OK) status = rad_findings_take(pool, &out->correlations, &out->findings, error);
    if (status == RAD_OK) status = rad_estimates_analyse(pool, &out->findings, &out->means, error);
    if (status != RAD_OK) rad_results_free(out);
    return status;
}

void rad_results_free(rad_results *r) {
    rad_correlations_free(&r->correlations);
    rad_harmonisation_free(&r->combat);
    rad_models_free(&r->models);
    rad_findings_free(&r->findings);
    rad_free(r->means);
    rad_free(r->values);
    rad_free(r->vectors);
    *r = (rad_results){.pool = NULL};
}

rad_status rad_relations_components(FILE *out, void *context, rad_error *error) {
    const rad_results *r = context;
    const double n = (double)r->correlations.count;
    double sum = 0;
    (void)error;
    fputs("component,eigenvalue,share,cumulative\r\n", out);
    for (size_t k = 0; k < r->correlations.count; k++) {
        sum += r->values[k];
        const double numbers[] = {r->values[k], r->values[k] / n, sum / n};
        fprintf(out, "%zu", k + 1);
        rad_put_numbers(out, numbers, 3);
        rad_put_end(out);
    }
    return RAD_OK;
}

rad_status rad_relations_loadings(FILE *out, void *context, rad_error *error) {
    const rad_results *r = context;
    const rad_correlations *c = &r->correlations;
    (void)error;
    fputs("variable,component,weight,loading\r\n", out);
    for (size_t k = 0; k < r->components; k++)
        for (size_t i = 0; i < c->count; i++) {
            const double weight = r->vectors[k * c->count + i];
            rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
            fprintf(out, ",%zu", k + 1);
            rad_put_number(out, weight);
            rad_put_number(out, weight * sqrt(fmax(0, r->values[k])));
            rad_put_end(out);
        }
    return RAD_OK;
}

rad_status rad_relations_clusters(FILE *out, void *context, rad_error *error) {
    const rad_results *r = context;
    const rad_correlations *c = &r->correlations;
    const rad_findings *f = &r->findings;
    (void)error;
    fputs("variable,cluster,keep\r\n", out);
    for (size_t i = 0; i < c->count; i++) {
        rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
        fprintf(out, ",%zu,%s\r\n", f->cluster[i], f->kept[i] ? "yes" : "no");
    }
    return RAD_OK;
}

rad_status rad_relations_partial(FILE *out, void *context, rad_error *error) {
    const rad_results *r = context;
    const rad_correlations *c = &r->correlations;
    const rad_summary_variable *variables = r->pool->total.variables;
    size_t volume = 0;
    (void)error;
    fputs("a,b,correlation,given_volume\r\n", out);
    while (volume < c->count && strcmp(r->pool->study->volume, variables[c->of[volume]].name) != 0) volume++;
    for (size_t j = 0; j < c->count && volume < c->count; j++)
        for (size_t i = 0; i < j; i++) {
            rad_csv_put(out, variables[c->of[i]].name);
            rad_put_text(out, variables[c->of[j]].name);
            rad_put_number(out, c->r[i * c->count + j]);
            rad_put_number(out, rad_correlations_given(c, i, j, volume));
            rad_put_end(out);
        }
    return RAD_OK;
}
