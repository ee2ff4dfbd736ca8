#include "pool_histograms.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_first(const void *a, const void *b) {
    const rad_grid_count *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

rad_basis rad_pool_histograms_basis(const rad_pool *pool, size_t variable) {
    size_t sites = 0;
    uint64_t patients = 0;
    for (size_t i = 0; i < pool->count; i++) {
        const rad_summary_variable *v = &pool->sites[i].variables[variable];
        uint64_t n = 0;
        for (size_t k = 0; k < v->count_count; k++) n += v->counts[k].count;
        sites += n > 0;
        patients += n;
    }
    return rad_basis_make(&pool->rules, sites, patients);
}

rad_status rad_pool_histograms_join(const rad_pool *pool, size_t variable, rad_grid_count **out,
                                    size_t *count, rad_error *error) {
    size_t total = 0, used = 0;
    for (size_t i = 0; i < pool->count; i++) total += pool->sites[i].variables[variable].count_count;
    rad_grid_count *all = rad_new(total, sizeof *all, error);
    if (!all) return RAD_NO_MEMORY;
    for (size_t i = 0; i < pool->count; i++) {
        const rad_summary_variable *v = &pool->sites[i].variables[variable];
        if (v->count_count) memcpy(all + used, v->counts, v->count_count * sizeof *all);
        used += v->count_count;
    }
    if (total > 1) qsort(all, total, sizeof *all, by_first);
    *count = 0;
    for (size_t i = 0; i < total; i++) { /* those that overlap become one */
        rad_grid_count *last = *count ? &all[*count - 1] : NULL;
        if (last && all[i].first < last->end) {
            last->count += all[i].count;
            last->end = all[i].end > last->end ? all[i].end : last->end;
        } else {
            all[(*count)++] = all[i];
        }
    }
    *out = all;
    return RAD_OK;
}

typedef struct weighted {
    double edge;
    uint64_t count;
} weighted;

static int by_edge(const void *a, const void *b) {
    const weighted *x = a, *y = b;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

/* The k-th smallest (from 1) of sorted edges with weights. */
static double select_edge(const weighted *list, size_t count, uint64_t k) {
    size_t i = 0;
    for (uint64_t below = list[0].count; i + 1 < count && below < k;) below += list[++i].count;
    return list[i].edge;
}

static rad_status refuse(const rad_pool *pool, size_t variable, double q, uint64_t n, rad_error *error) {
    const double least = n ? fmin(0.5, pool->rules.cell / (double)n) : 0.5;
    return rad_fail(error, RAD_REFUSED,
                    "quantile %g of %s: fewer than %d of %llu patients lie beyond it, and it would reveal "
                    "them; ask for quantiles from %.3g to %.3g",
                    q, pool->total.variables[variable].name, pool->rules.cell, (unsigned long long)n, least,
                    1 - least);
}

/* Where the patients of a site lie at least and at most: in their intervals, but for those that may lie
 * beyond the outer ends. Returns how many bounds there are. */
static size_t bound(const rad_summary *s, size_t variable, weighted *low, weighted *high) {
    const rad_summary_variable *v = &s->variables[variable];
    const uint64_t tail = s->rules.cell > 0 ? (uint64_t)s->rules.cell - 1 : 0;
    size_t count = 0;
    if (!v->count_count) return 0;
    for (; count < v->count_count; count++) {
        const rad_grid_count *c = &v->counts[count];
        low[count] = (weighted){rad_grid_edge(&v->grid, c->first), c->count};
        high[count] = (weighted){rad_grid_edge(&v->grid, c->end), c->count};
    }
    const uint64_t below = tail < low[0].count ? tail : low[0].count,
                   beyond = tail < high[count - 1].count ? tail : high[count - 1].count;
    low[0].count -= below;
    high[count - 1].count -= beyond;
    low[count] = (weighted){-INFINITY, below};
    high[count] = (weighted){INFINITY, beyond};
    return count + 1;
}

rad_status rad_pool_histograms_quantiles(const rad_pool *pool, size_t variable, rad_quantile *out,
                                         rad_error *error) {
    const rad_basis basis = rad_pool_histograms_basis(pool, variable);
    const uint64_t n = basis.patients;
    size_t intervals = pool->count, count = 0;
    for (size_t i = 0; i < pool->count; i++) intervals += pool->sites[i].variables[variable].count_count;
    weighted *low = rad_new(intervals, sizeof *low, error), *high = rad_new(intervals, sizeof *high, error);
    rad_status status = low && high ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < pool->count && status == RAD_OK; i++)
        count += bound(&pool->sites[i], variable, low + count, high + count);
    if (count > 1) qsort(low, count, sizeof *low, by_edge);
    if (count > 1) qsort(high, count, sizeof *high, by_edge);
    for (size_t i = 0; i < pool->study->quantile_count && status == RAD_OK; i++) {
        const double q = pool->study->quantiles[i], h = n ? (double)(n - 1) * q + 1 : 0;
        out[i] =
            (rad_quantile){basis, NAN, NAN, basis.shown && (double)n * fmin(q, 1 - q) < pool->rules.cell};
        if (!basis.shown || out[i].edge) continue;
        out[i].low = select_edge(low, count, (uint64_t)floor(h));
        out[i].high = select_edge(high, count, (uint64_t)ceil(h));
    }
    rad_free(low);
    rad_free(high);
    return status;
}

/* Quantiles that are too near to the edge; the first one in words. */
static size_t count_edges(const rad_pool *p, rad_error *error) {
    size_t count = 0;
    for (size_t v = 0; v < p->total.count && rad_study_asks(p->study, RAD_HISTOGRAMS); v++) {
        const rad_basis basis = rad_pool_histograms_basis(p, v);
        for (size_t i = 0; i < p->study->quantile_count && basis.shown; i++) {
            const double q = p->study->quantiles[i];
            if ((double)basis.patients * fmin(q, 1 - q) >= p->rules.cell) continue;
            if (!count++) (void)refuse(p, v, q, basis.patients, error);
        }
    }
    return count;
}

static rad_status compute(rad_results *r, rad_error *error) {
    r->quantiles_refused = count_edges(r->pool, r->withhold ? NULL : error);
    return r->quantiles_refused && !r->withhold ? RAD_REFUSED : RAD_OK;
}

static void see(const rad_summary *s, const rad_study *study, rad_fewest *f) {
    (void)study;
    for (size_t v = 0; v < s->count; v++)
        for (size_t i = 0; i < s->variables[v].count_count; i++)
            rad_fewest_see(f, s->variables[v].counts[i].count, s->variables[v].name, "an interval");
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_summary *s = &at->pool->sites[at->site];
    uint64_t shown = 0;
    for (size_t v = 0; v < s->count; v++) shown += s->variables[v].counted;
    return rad_coverage_add(at, "", NULL, s->count - at->pool->study->computed_count, shown, error);
}

const rad_pool_analysis rad_pool_histograms = {.compute = compute, .see = see, .cover = cover};
