#include "covbat.h"

#include "../../core/memory.h"
#include "components.h"

#include <math.h>
#include <string.h>

_Static_assert((int)RAD_COVBAT_MAX <= (int)RAD_RELATIONS_MAX, "pairs of each site are kept of such panels");

/* The panel at work. */
typedef struct covarying {
    const rad_pool *pool;
    rad_harmonisation *combat;
    size_t count;                        /* of the panel those that ComBat used */
    size_t at[RAD_COVBAT_MAX];           /* place in the panel of each, ascending */
    size_t of[RAD_COVBAT_MAX];           /* its variable */
    rad_scatter *scatter;                /* [variable], of one site; owned */
    double *within, *total, *mean, *sum; /* scatters, means by site, mean of all; owned */
    double n;
} covarying;

static double mean_of(const covarying *g, size_t site, size_t i) {
    const rad_harmonised *x = &g->combat->variables[g->of[i]];
    const rad_site_effect *e = &g->combat->effects[site * g->combat->count + g->of[i]];
    double mean = g->scatter[i].y - x->location;
    for (size_t j = 0; j < g->combat->columns; j++)
        if (!isnan(x->slope[j])) mean -= x->slope[j] * g->scatter[i].d[j];
    return (mean / x->scale - e->gamma_star) / sqrt(e->delta_star);
}

/* Scatter of what ComBat leaves of two variables at a site. */
static double residual_of(const covarying *g, size_t site, size_t i, size_t k, double product) {
    const rad_harmonisation *c = g->combat;
    const rad_harmonised *a = &c->variables[g->of[i]], *b = &c->variables[g->of[k]];
    const rad_scatter *s = &g->scatter[i], *t = &g->scatter[k];
    const size_t q = c->columns;
    for (size_t j = 0; j < q; j++) {
        if (!isnan(a->slope[j])) product -= a->slope[j] * t->dy[j];
        if (!isnan(b->slope[j])) product -= b->slope[j] * s->dy[j];
        for (size_t l = 0; l < q; l++)
            if (!isnan(a->slope[j]) && !isnan(b->slope[l]))
                product += a->slope[j] * s->dd[j * q + l] * b->slope[l];
    }
    const double delta =
        c->effects[site * c->count + g->of[i]].delta_star * c->effects[site * c->count + g->of[k]].delta_star;
    return product / (a->scale * b->scale * sqrt(delta));
}

/* False: the site does not have all pairs of the panel of the same patients, as the model has them. */
static rad_status add_site(covarying *g, size_t site, bool *fine, rad_error *error) {
    const rad_summary *s = &g->pool->sites[site];
    const rad_blocks *b = &s->blocks[RAD_MODEL];
    rad_status status = RAD_OK;
    for (size_t i = 0; i < g->count && status == RAD_OK; i++)
        status =
            rad_scatter_compute(&b->sums[g->of[i] * b->cells], g->combat->columns, &g->scatter[i], error);
    const double n = g->scatter[0].n;
    *fine = s->relations != NULL;
    for (size_t i = 0; i < g->count && *fine && status == RAD_OK; i++) {
        *fine = g->scatter[i].n == n;
        g->mean[site * g->count + i] = mean_of(g, site, i);
        g->sum[i] += n * g->mean[site * g->count + i];
        for (size_t k = 0; k <= i && *fine; k++) {
            const rad_relation *r = &s->relations[g->at[i] * (g->at[i] + 1) / 2 + g->at[k]];
            *fine = (double)r->n == n && isfinite(r->covariance);
            const double product = residual_of(g, site, i, k, r->covariance * (n - 1));
            g->within[i * g->count + k] += product;
            if (k < i) g->within[k * g->count + i] += product;
        }
    }
    g->n += n;
    return status;
}

/* Between the sites, as well. */
static void add_between(covarying *g) {
    const size_t m = g->count;
    memcpy(g->total, g->within, m * m * sizeof *g->total);
    for (size_t s = 0; s < g->combat->sites; s++) {
        if (g->combat->batch[s] == g->combat->sites) continue;
        const double n = rad_exact_double(
            &g->pool->sites[s].blocks[RAD_MODEL].sums[g->of[0] * g->pool->total.blocks[RAD_MODEL].cells]);
        for (size_t i = 0; i < m; i++)
            for (size_t k = 0; k < m; k++)
                g->total[i * m + k] +=
                    n * (g->mean[s * m + i] - g->sum[i] / g->n) * (g->mean[s * m + k] - g->sum[k] / g->n);
    }
}

/* Components of the correlations, as many as make up the share; their deviation within the sites. */
static rad_status find_parts(covarying *g, rad_error *error) {
    const size_t m = g->count;
    rad_correlations r = {.count = m, .of = g->of, .r = rad_new(m * m, sizeof *r.r, error)};
    double *values = rad_new(m, sizeof *values, error), *vectors = rad_new(m * m, sizeof *vectors, error);
    double scale[RAD_COVBAT_MAX], share = 0;
    size_t parts = 0;
    rad_status status = r.r && values && vectors ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < m; i++) scale[i] = sqrt(g->total[i * m + i] / (g->n - 1));
    for (size_t i = 0; i < m * m && status == RAD_OK; i++)
        r.r[i] = g->total[i] / ((g->n - 1) * scale[i / m] * scale[i % m]);
    if (status == RAD_OK) status = rad_components_compute(&r, m, values, vectors, error);
    while (status == RAD_OK && parts < m && share <= g->pool->study->batch_covariance * (double)m)
        share += values[parts++];
    rad_covbat *out = &g->combat->covbat;
    if (status == RAD_OK) status = rad_covbat_allocate(out, m, parts, error);
    for (size_t i = 0; i < m && status == RAD_OK; i++) {
        out->of[i] = g->of[i];
        out->centre[i] = g->sum[i] / g->n;
        out->scale[i] = scale[i];
    }
    for (size_t p = 0; p < parts && status == RAD_OK; p++) {
        double square = 0;
        memcpy(out->vector + p * m, vectors + p * m, m * sizeof *vectors);
        for (size_t i = 0; i < m * m; i++)
            square += vectors[p * m + i / m] * g->within[i] / (scale[i / m] * scale[i % m]) *
                      vectors[p * m + i % m];
        out->deviation[p] = sqrt(square / g->n);
    }
    rad_free(r.r);
    rad_free(values);
    rad_free(vectors);
    return status;
}

static rad_status add_sites(covarying *g, rad_error *error) {
    rad_harmonisation *c = g->combat;
    rad_status status = RAD_OK;
    bool fine = true;
    for (size_t s = 0; s < c->sites && status == RAD_OK && fine; s++) {
        if (c->batch[s] == c->sites) continue;
        status = add_site(g, s, &fine, error);
        if (!fine)
            snprintf(c->without, sizeof c->without,
                     "site %.60s does not show all pairs of the panel, of the patients who are in the model",
                     c->site[s]);
    }
    if (status != RAD_OK || !fine) return status;
    add_between(g);
    for (size_t i = 0; i < g->count; i++)
        if (!(g->within[i * g->count + i] > 0))
            snprintf(c->without, sizeof c->without, "a variable has no spread");
    return *c->without ? RAD_OK : find_parts(g, error);
}

rad_status rad_covbat_fit(const rad_pool *p, rad_harmonisation *c, rad_error *error) {
    covarying g = {.pool = p, .combat = c};
    if (p->total.panel > RAD_COVBAT_MAX) {
        snprintf(c->without, sizeof c->without,
                 "the panel has %zu variables, and at most %d are taken; name fewer under `covariance`",
                 p->total.panel, RAD_COVBAT_MAX);
        return RAD_OK;
    }
    for (size_t j = 0; j < p->total.panel; j++) {
        const size_t v = p->total.of[j];
        if (!c->variables[v].used) continue;
        g.at[g.count] = j;
        g.of[g.count++] = v;
    }
    if (g.count < 2) {
        snprintf(c->without, sizeof c->without, "fewer than two variables of the panel are harmonised");
        return RAD_OK;
    }
    g.scatter = rad_new(g.count, sizeof *g.scatter, error);
    g.within = rad_new(g.count * g.count, sizeof *g.within, error);
    g.total = rad_new(g.count * g.count, sizeof *g.total, error);
    g.mean = rad_new(c->sites * g.count, sizeof *g.mean, error);
    g.sum = rad_new(g.count, sizeof *g.sum, error);
    const rad_status status =
        g.scatter && g.within && g.total && g.mean && g.sum ? add_sites(&g, error) : RAD_NO_MEMORY;
    rad_free(g.scatter);
    rad_free(g.within);
    rad_free(g.total);
    rad_free(g.mean);
    rad_free(g.sum);
    return status;
}
