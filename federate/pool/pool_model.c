#include "pool_model.h"

#include "../../core/memory.h"
#include "covbat.h"
#include "distributions.h"
#include "inference.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>
#include <string.h>

static const rad_term none = {NAN, NAN, NAN, NAN, NAN, NAN, 0, {0}};

static void finish(rad_term *r, double df) {
    r->df = df;
    r->t = r->estimate / r->se;
    r->p = r->se > 0 ? rad_t_two_sided(r->t, df) : NAN;
}

/* Slopes, and behind them the intercept of the model without sites. */
static void fit_terms(const rad_scatter *s, size_t q, size_t intercepts, double shift, const double *means,
                      rad_fit *f, rad_term *out) {
    for (size_t j = 0; j <= q; j++) out[j] = none;
    if (!(s->n > 0) || !rad_scatter_fit(s, q, f)) return;
    const double df = s->n - (double)(f->used + intercepts), variance = f->residual / df;
    double intercept = s->y + shift, share = 1 / s->n;
    for (size_t j = 0; j < q && df > 0; j++) {
        out[j] = (rad_term){.estimate = f->slope[j],
                            .se = sqrt(variance * f->inverse[j * q + j]),
                            .adjusted = NAN,
                            .n = (uint64_t)s->n};
        finish(&out[j], df);
        if (isnan(f->slope[j])) continue;
        intercept -= f->slope[j] * means[j];
        for (size_t i = 0; i < q; i++)
            if (!isnan(f->slope[i])) share += means[i] * f->inverse[i * q + j] * means[j];
    }
    if (intercepts == 1 && df > 0) {
        out[q] = (rad_term){
            .estimate = intercept, .se = sqrt(variance * share), .adjusted = NAN, .n = (uint64_t)s->n};
        finish(&out[q], df);
    }
}

/* What all variables are fitted with. */
typedef struct fitting {
    const rad_pool *pool;
    rad_design design;
    bool by_site; /* an intercept for each site */
    rad_scatter all, one;
    rad_fit fit;
    size_t sites;                  /* with the variable */
    size_t with[RAD_DESIGN_MAX];   /* sites that tell something of a column */
    size_t first[RAD_DESIGN_MAX];  /* sites with patients of the first level of its factor */
    double behind[RAD_DESIGN_MAX]; /* patients of the former */
} fitting;

/* Batches within sites are no terms. */
static rad_status compute_scatter(const fitting *f, const rad_exact *cells, rad_scatter *out,
                                  rad_error *error) {
    const rad_status status = rad_scatter_compute(cells, f->design.count, out, error);
    if (status == RAD_OK) rad_scatter_drop(out, f->design.count, f->design.covariates);
    return status;
}

/* Means of the columns as the study's rows have them: a centre is added again. */
static void raw_means(const fitting *f, double *means) {
    const rad_summary *t = &f->pool->total;
    for (size_t j = 0; j < f->design.covariates; j++) {
        means[j] = f->all.d[j];
        for (size_t v = 0; v < t->count && !f->design.column[j].level; v++)
            if (!strcmp(t->variables[v].name, f->design.column[j].name)) means[j] += t->variables[v].centre;
    }
}

/* Patients of the first level of a column's factor: those of none of its others. */
static double first_level(const fitting *f, const rad_exact *cells, size_t column) {
    double n = rad_exact_double(&cells[0]);
    for (size_t j = 0; j < f->design.covariates; j++)
        if (f->design.column[j].level && f->design.column[j].of == f->design.column[column].of)
            n -= rad_exact_double(&cells[rad_design_d(j)]);
    return n;
}

/* What the sums of a site add to what the terms stand on. */
static void count_site(fitting *f, const rad_exact *cells) {
    const size_t q = f->design.covariates;
    const double n = rad_exact_double(&cells[0]);
    f->sites += n > 0;
    for (size_t j = 0; j < q; j++) {
        const bool level = f->design.column[j].level && !f->by_site;
        const bool tells = f->by_site ? f->one.dd[j * q + j] > 0
                           : level    ? rad_exact_double(&cells[rad_design_d(j)]) > 0
                                      : n > 0;
        f->with[j] += tells;
        f->first[j] += level ? first_level(f, cells, j) > 0 : n > 0;
        f->behind[j] += tells || !f->by_site ? n : 0;
    }
}

/* The scatters of the sites, added up where each has an intercept, and which of them the terms stand on. */
static rad_status add_sites(fitting *f, size_t v, rad_error *error) {
    const size_t q = f->design.covariates;
    rad_status status = RAD_OK;
    f->sites = 0;
    memset(f->with, 0, sizeof f->with);
    memset(f->first, 0, sizeof f->first);
    memset(f->behind, 0, sizeof f->behind);
    if (f->by_site) rad_scatter_clear(&f->all, q);
    for (size_t i = 0; i < f->pool->count && status == RAD_OK; i++) {
        const rad_blocks *b = &f->pool->sites[i].blocks[RAD_MODEL];
        if (!b->cells || !b->shown[v]) continue;
        if (f->by_site) status = compute_scatter(f, &b->sums[v * b->cells], &f->one, error);
        if (f->by_site) rad_scatter_add(&f->all, &f->one, q);
        count_site(f, &b->sums[v * b->cells]);
    }
    return status;
}

/* Terms that stand on too little are undefined. */
static void keep_shown(const fitting *f, rad_term *out) {
    const size_t q = f->design.covariates;
    size_t least = f->sites;
    for (size_t j = 0; j < q; j++) least = f->first[j] < least ? f->first[j] : least;
    for (size_t j = 0; j <= q; j++) {
        const size_t sites = j == q ? least : f->with[j] < f->first[j] ? f->with[j] : f->first[j];
        const rad_basis basis =
            rad_basis_make(&f->pool->rules, sites, (uint64_t)(j == q ? f->all.n : f->behind[j]));
        if (!basis.shown) out[j] = none;
        out[j].basis = basis;
    }
}

/* All levels of a factor, but those that no site tells of; it stands on what the weakest of them does. */
static void test_factor(const fitting *f, size_t factor, const rad_term *term, rad_test *out) {
    size_t at[RAD_DESIGN_MAX], count = 0, q = f->design.covariates;
    rad_basis basis = rad_basis_make(&f->pool->rules, 0, 0);
    for (size_t j = 0; j < q; j++) {
        if (!f->design.column[j].level || f->design.column[j].of != factor || !f->with[j]) continue;
        basis = count ? rad_basis_least(&basis, &term[j].basis) : term[j].basis;
        at[count++] = j;
    }
    const bool some = count && basis.shown && term[at[0]].n;
    const double square = some ? rad_inference_joint(f->fit.slope, f->fit.inverse, q, at, count) : NAN;
    rad_inference_f(square, some ? count : 0, f->fit.residual, some ? term[at[0]].df : 0, out);
    out->n = some ? term[at[0]].n : 0;
    out->basis = basis;
}

static rad_status fit_variable(fitting *f, size_t v, rad_term *out, rad_error *error) {
    double means[RAD_DESIGN_MAX] = {0};
    const rad_blocks *b = &f->pool->total.blocks[RAD_MODEL];
    const size_t q = f->design.covariates;
    rad_status status = compute_scatter(f, &b->sums[v * b->cells], &f->all, error);
    raw_means(f, means);
    if (status == RAD_OK) status = add_sites(f, v, error);
    if (status == RAD_OK)
        fit_terms(&f->all, q, f->by_site ? f->sites : 1, f->pool->total.variables[v].centre, means, &f->fit,
                  out);
    if (status == RAD_OK) keep_shown(f, out);
    if (f->by_site) out[q] = none;
    return status;
}

rad_status rad_pool_model_of_site(const rad_pool *p, size_t site, size_t q, size_t v, rad_term *out,
                                  rad_error *error) {
    static const double means[RAD_DESIGN_MAX] = {0};
    const rad_blocks *b = &p->sites[site].blocks[RAD_MODEL];
    rad_status status = RAD_OK;
    for (size_t j = 0; j <= q; j++) out[j] = none;
    if (!b->cells || !b->shown[v]) return RAD_OK;
    rad_scatter *s = rad_new(1, sizeof *s, error);
    rad_fit *f = rad_new(1, sizeof *f, error);
    const size_t columns = rad_design_columns(b->cells);
    status = s && f ? rad_scatter_compute(&b->sums[v * b->cells], columns, s, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_scatter_drop(s, columns, q);
        fit_terms(s, q, 1, 0, means, f, out);
    }
    rad_free(s);
    rad_free(f);
    return status;
}

static rad_status adjust(size_t count, size_t terms, rad_term *term, rad_error *error) {
    double *values = rad_new(count, sizeof *values, error),
           *adjusted = rad_new(count, sizeof *adjusted, error);
    rad_status status = values && adjusted ? RAD_OK : RAD_NO_MEMORY;
    for (size_t at = 0; at < terms && status == RAD_OK; at++) {
        for (size_t v = 0; v < count; v++) values[v] = term[v * terms + at].p;
        status = rad_inference_adjust(values, count, adjusted, error);
        for (size_t v = 0; v < count; v++) term[v * terms + at].adjusted = adjusted[v];
    }
    rad_free(values);
    rad_free(adjusted);
    return status;
}

/* One for each factor whose levels are columns. */
static rad_status allocate_factors(const rad_pool *p, const rad_design *d, rad_models *m, rad_error *error) {
    for (size_t j = 0; j < d->covariates; j++) m->factors += d->column[j].level && d->column[j].at == 1;
    rad_status status = RAD_OK;
    for (int by_site = 0; by_site < 2 && status == RAD_OK; by_site++) {
        m->joint[by_site] = rad_new(m->factors, sizeof *m->joint[by_site], error);
        if (!m->joint[by_site]) return RAD_NO_MEMORY;
        for (size_t j = 0, k = 0; j < d->covariates && status == RAD_OK; j++) {
            if (!d->column[j].level || d->column[j].at != 1) continue;
            m->joint[by_site][k] = (rad_tests){.factor = d->column[j].of, .kind = RAD_TEST_ANOVA};
            status = rad_inference_allocate(p->total.count, &m->joint[by_site][k++], error);
        }
    }
    return status;
}

static rad_status allocate(const rad_pool *p, const rad_design *d, rad_models *m, rad_error *error) {
    size_t cells;
    m->terms = d->covariates + 1;
    if (!rad_multiply(p->total.count, m->terms, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many models");
    m->name = rad_new(m->terms, sizeof *m->name, error);
    for (int by_site = 0; by_site < 2; by_site++)
        m->term[by_site] = rad_new(cells, sizeof *m->term[by_site], error);
    if (!m->name || !m->term[0] || !m->term[1]) return RAD_NO_MEMORY;
    for (size_t j = 0; j < m->terms; j++)
        snprintf(m->name[j], sizeof m->name[j], "%s", j < d->covariates ? d->column[j].name : "(Intercept)");
    for (size_t i = 0; i < cells; i++) m->term[0][i] = m->term[1][i] = none;
    return allocate_factors(p, d, m, error);
}

/* All variables, with an intercept for each site or without. */
static rad_status fit_variables(fitting *f, rad_models *m, rad_error *error) {
    const rad_summary *t = &f->pool->total;
    rad_tests *joint = m->joint[f->by_site];
    rad_status status = RAD_OK;
    for (size_t v = 0; v < t->count && status == RAD_OK; v++) {
        rad_term *term = &m->term[f->by_site][v * m->terms];
        const bool shown = t->blocks[RAD_MODEL].shown[v];
        if (shown) status = fit_variable(f, v, term, error);
        for (size_t k = 0; k < m->factors; k++) {
            rad_inference_f(NAN, 0, NAN, 0, &joint[k].test[v]);
            if (shown && status == RAD_OK) test_factor(f, joint[k].factor, term, &joint[k].test[v]);
        }
    }
    if (status == RAD_OK) status = adjust(t->count, m->terms, m->term[f->by_site], error);
    for (size_t k = 0; k < m->factors && status == RAD_OK; k++)
        status = rad_inference_adjust_tests(&joint[k], t->count, error);
    return status;
}

static rad_status fit_all(const rad_pool *p, rad_models *m, rad_error *error) {
    fitting *f = rad_new(1, sizeof *f, error);
    if (!f) return RAD_NO_MEMORY;
    f->pool = p;
    rad_status status = rad_design_make(p->study, &f->design, error);
    if (status == RAD_OK) status = allocate(p, &f->design, m, error);
    for (int by_site = 0; by_site < 2 && status == RAD_OK; by_site++) {
        f->by_site = by_site;
        status = fit_variables(f, m, error);
    }
    rad_free(f);
    return status;
}

static rad_status compute(rad_results *r, rad_error *error) {
    if (!r->pool->total.blocks[RAD_MODEL].cells) return RAD_OK;
    rad_status status = rad_combat_fit(r->pool, r->withhold, &r->combat, error);
    if (status == RAD_OK && r->pool->study->batch_covariance > 0)
        status = rad_covbat_fit(r->pool, &r->combat, error);
    return status == RAD_OK ? fit_all(r->pool, &r->models, error) : status;
}

static void clear(rad_results *r) {
    rad_harmonisation_free(&r->combat);
    rad_free(r->models.name);
    rad_free(r->models.term[0]);
    rad_free(r->models.term[1]);
    for (int by_site = 0; by_site < 2; by_site++) {
        for (size_t k = 0; r->models.joint[by_site] && k < r->models.factors; k++)
            rad_inference_free(&r->models.joint[by_site][k]);
        rad_free(r->models.joint[by_site]);
    }
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_blocks(f, site, &site->blocks[RAD_MODEL], "the model");
}

const rad_pool_analysis rad_pool_model = {.compute = compute, .clear = clear, .see = see};
