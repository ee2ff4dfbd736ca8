#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"

#include <math.h>
#include <string.h>

static size_t variable_of(const rad_cohort *c, const char *name) {
    size_t v = 0;
    while (v < c->count && strcmp(c->variables[v].name, name) != 0) v++;
    return v;
}

/* Part `which` of the patients by a column of the model: those of its level, and with the second level those
 * of the first; either side of a number of two values. False after the last part. */
static bool part_of(const rad_permitting *m, const rad_design *d, size_t column, size_t which,
                    const uint64_t *rows, uint64_t *set) {
    if (d->column[column].level) {
        if (which > (d->column[column].at == 1)) return false;
        rad_cohort_level(m->cohort, d->column[column].of, which ? 0 : (int)d->column[column].at, rows, set);
        return true;
    }
    const size_t v = variable_of(m->cohort, d->column[column].name);
    if (which > 1 || v == m->cohort->count || !m->two[v]) return false;
    rad_cohort_side(m->cohort, v, which == 1, rows, set);
    return true;
}

/* May the patients of a class who have every column of the model be summed over, and each part of them? */
static rad_status fit_class(rad_permitting *m, const rad_design *d, const uint64_t *complete, rad_class *k,
                            uint64_t *set, bool *fits) {
    const size_t words = m->cohort->words;
    uint64_t *rows = rad_new(words, sizeof *rows, m->error);
    if (!rows) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    for (size_t w = 0; w < words; w++) rows[w] = complete[w] & k->present[w];
    *fits = true;
    for (int add = 0; add < 2; add++) {
        *fits = *fits && rad_sets_may_add(&k->sets, rows, m->permit->cell);
        if (add && *fits) status = rad_sets_add(&k->sets, rows, m->error);
        for (size_t i = 0; i < d->count && status == RAD_OK; i++)
            for (size_t which = 0; status == RAD_OK && part_of(m, d, i, which, rows, set); which++) {
                if (rad_is_zero(set, words * sizeof *set)) continue;
                *fits = *fits && rad_sets_may_add(&k->sets, set, m->permit->cell);
                if (add && *fits) status = rad_sets_add(&k->sets, set, m->error);
            }
    }
    rad_free(rows);
    return status;
}

/* Products of a variable with the numbers of the model, and whether all of these may leave themselves. */
static bool fit_variable(const rad_permitting *m, const rad_design *d, const double *columns, size_t v,
                         double *values) {
    const rad_cohort *c = m->cohort;
    for (size_t i = 0; i < d->count; i++) {
        if (d->column[i].level) continue;
        const size_t own = variable_of(c, d->column[i].name);
        if (own == v || own == c->count || !m->permit->powers[own]) return false;
        if (!rad_permit_product(m->permit, c->values + v * c->rows, columns + i * c->rows, c->rows,
                                m->rules->dominance, values))
            return false;
    }
    return true;
}

static rad_status fit_all(rad_permitting *m, const rad_design *d, const double *columns, uint64_t *sets,
                          double *values, bool *fits) {
    const rad_cohort *c = m->cohort;
    rad_permit *p = m->permit;
    rad_status status = RAD_OK;
    size_t some = 0;
    for (size_t r = 0; r < c->rows; r++) {
        bool all = true;
        for (size_t i = 0; i < d->count; i++) all = all && !isnan(columns[i * c->rows + r]);
        if (all) rad_bitset_add(sets, r);
    }
    for (size_t k = 0; k < p->class_count && status == RAD_OK; k++)
        status = fit_class(m, d, sets, &p->classes[k], sets + c->words, &fits[k]);
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        if (c->variables[v].kind != RAD_FEATURE || !p->powers[v]) continue;
        p->blocks[RAD_MODEL][v] = fits[p->of[v]] && fit_variable(m, d, columns, v, values);
        some += p->blocks[RAD_MODEL][v];
        p->withheld += !p->blocks[RAD_MODEL][v];
    }
    if (status != RAD_OK || some) return status;
    return rad_permit_refuse(
        m, "model", RAD_RULE_CELL,
        "the patients who have all its columns, or the levels among them, differ from other sets "
        "by fewer than %zu. Leave a covariate out of `model`",
        p->cell);
}

/* The columns of the model against the number of patients, and every sum that it needs. */
static rad_status permit(rad_permitting *m) {
    const rad_cohort *c = m->cohort;
    rad_design *d = rad_new(1, sizeof *d, m->error);
    rad_status status = d ? rad_design_make(m->study, d, m->error) : RAD_NO_MEMORY;
    if (status == RAD_OK && (double)d->count + 1 > m->rules->parameters * (double)c->rows) {
        status = rad_permit_refuse(
            m, "model", RAD_RULE_PARAMETERS,
            "%zu columns with the intercept for %zu patients; at most %g per patient. Leave "
            "covariates out of `model`",
            d->count + 1, c->rows, m->rules->parameters);
        rad_free(d);
        return status;
    }
    double *columns = d ? rad_new_raw((d->count + 1) * c->rows, sizeof *columns, m->error) : NULL;
    uint64_t *sets = rad_new(2 * c->words, sizeof *sets, m->error);
    bool *fits = rad_new(m->permit->class_count, sizeof *fits, m->error);
    if (status == RAD_OK && (!columns || !sets || !fits)) status = RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_cohort_columns(c, m->study, d, columns);
        status = fit_all(m, d, columns, sets, columns + d->count * c->rows, fits);
    }
    rad_free(d);
    rad_free(columns);
    rad_free(sets);
    rad_free(fits);
    return status;
}

/* Sums of a model of one variable. Products come from the same loops as those of the covariance: the columns
 * and the variable, 0 where a patient misses any of them. */
typedef struct modelling {
    const rad_summing *m;
    size_t columns;
    const double *x; /* [column][row] */
} modelling;

static rad_status sum_model(const modelling *g, size_t v, double *x, rad_exact *products, uint64_t *rows) {
    const rad_cohort *c = g->m->cohort;
    const size_t q = g->columns;
    rad_exact *out = g->m->summary->blocks[RAD_MODEL].sums + v * g->m->summary->blocks[RAD_MODEL].cells;
    for (size_t r = 0; r < c->rows; r++) {
        bool all = !isnan(c->values[v * c->rows + r]);
        for (size_t i = 0; i < q; i++) all = all && !isnan(g->x[i * c->rows + r]);
        if (all) rad_bitset_add(rows, r);
        for (size_t i = 0; i < q; i++) x[i * c->rows + r] = all ? g->x[i * c->rows + r] : 0;
        x[q * c->rows + r] = all ? c->values[v * c->rows + r] : 0;
    }
    out[0] = rad_exact_whole((int64_t)rad_bitset_count(rows, c->words));
    rad_status status = rad_exact_sum_powers(x + q * c->rows, rows, c->rows, 2, out + 1, NULL);
    for (size_t i = 0; i < q && status == RAD_OK; i++)
        status = rad_exact_sum_powers(x + i * c->rows, rows, c->rows, 1, out + rad_design_d(i), NULL);
    if (status == RAD_OK) status = rad_exact_sum_products(x, q + 1, c->rows, 1, products, NULL);
    if (status != RAD_OK) return status;
    for (size_t j = 0; j <= q; j++)
        for (size_t i = 0; i <= j; i++) {
            rad_exact *from = &products[j * (j + 1) / 2 + i];
            if (j < q)
                out[rad_design_dd(q, i, j)] = *from;
            else if (i < q)
                out[rad_design_dy(q, i)] = *from;
            else
                rad_exact_free(from);
        }
    g->m->summary->blocks[RAD_MODEL].shown[v] = true;
    return RAD_OK;
}

static rad_status model_variable(size_t v, void *context, rad_error *error) {
    const modelling *g = context;
    const rad_cohort *c = g->m->cohort;
    const size_t q = g->columns;
    if (!g->m->permit->blocks[RAD_MODEL][v]) return RAD_OK;
    double *x = rad_new_raw((q + 1) * c->rows, sizeof *x, error);
    rad_exact *products = rad_new((q + 1) * (q + 2) / 2, sizeof *products, error);
    uint64_t *rows = rad_new(c->words, sizeof *rows, error);
    const rad_status status = x && products && rows ? sum_model(g, v, x, products, rows) : RAD_NO_MEMORY;
    rad_free(x);
    rad_free(products);
    rad_free(rows);
    return status;
}

/* Of features: covariates explain, and are not explained. */
static rad_status allow_all(rad_permitting *m) {
    for (size_t v = 0; v < m->cohort->count; v++)
        m->permit->blocks[RAD_MODEL][v] = m->cohort->variables[v].kind == RAD_FEATURE;
    return RAD_OK;
}

static rad_status sum(const rad_summing *m) {
    rad_design *d = rad_new(1, sizeof *d, m->error);
    rad_status status = d ? rad_design_make(m->study, d, m->error) : RAD_NO_MEMORY;
    double *x = status == RAD_OK ? rad_new_raw((d->count + 1) * m->cohort->rows, sizeof *x, m->error) : NULL;
    if (status == RAD_OK && !x) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_analyses_blocks(m->study, RAD_MODEL, m->summary, m->error);
    if (status == RAD_OK) {
        modelling g = {m, d->count, x};
        rad_cohort_columns(m->cohort, m->study, d, x);
        status = rad_parallel_try(m->cohort->count, m->threads, model_variable, &g, NULL);
        if (status != RAD_OK) rad_fail(m->error, status, "out of memory: a model");
    }
    rad_free(d);
    rad_free(x);
    return status;
}

static json_t *products(const rad_cohort *c, const rad_study *study, const rad_permit *p) {
    bool some = false;
    for (size_t v = 0; v < c->count; v++) some = some || p->blocks[RAD_MODEL][v];
    rad_design *d = rad_new(1, sizeof *d, NULL);
    json_t *all = d ? json_array() : NULL;
    some = some && d && rad_design_make(study, d, NULL) == RAD_OK;
    for (size_t i = 0; some && i < d->count; i++) rad_tree_add(&all, json_string(d->column[i].name));
    rad_free(d);
    return all;
}

const rad_site_analysis rad_site_model = {
    .permit = permit, .allow_all = allow_all, .sum = sum, .products = products};
