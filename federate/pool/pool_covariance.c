#include "pool_covariance.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../describe.h"
#include "clusters.h"
#include "components.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>

/* One summary on its way into the total. */
typedef struct adding {
    rad_pool *pool;
    rad_summary *from;
    int64_t *column; /* of the site's panel for each column of the pool's; -1: none */
    uint64_t *least; /* patients of a pair, by column */
    uint64_t *shown; /* pairs, by column */
} adding;

/* Are the pairs of the site those of its variables, all of them? */
static bool is_regular(const adding *a) {
    const rad_summary *s = a->from, *t = &a->pool->total;
    if (s->panel != t->panel || s->patterns != 1) return false;
    for (size_t i = 0; i < s->panel * (s->panel + 1) / 2; i++)
        if (!s->product_shown[i]) return false;
    return true;
}

static rad_status add_pair(rad_pair *to, const rad_pair_view *from, rad_error *error) {
    to->n += from->n;
    rad_status status = rad_exact_add(&to->a, from->a, error);
    if (status == RAD_OK) status = rad_exact_add(&to->aa, from->aa, error);
    if (status == RAD_OK) status = rad_exact_add(&to->b, from->b, error);
    if (status == RAD_OK) status = rad_exact_add(&to->bb, from->bb, error);
    return status;
}

/* Pairs of the pool get sums of their own: copies of those of their variables, so far. */
static rad_status split_pairs(size_t j, void *context, rad_error *error) {
    const adding *a = context;
    rad_summary *t = &a->pool->total;
    rad_status status = RAD_OK;
    for (size_t i = 0; i <= j && status == RAD_OK; i++) {
        rad_pair *pair = &t->pairs[j * (j + 1) / 2 + i];
        const rad_moments *x = &t->moments[t->of[i]], *y = &t->moments[t->of[j]];
        const rad_pair_view all = {
            .n = x->n, .a = &x->sum[0], .b = &y->sum[0], .aa = &x->sum[1], .bb = &y->sum[1]};
        status = add_pair(pair, &all, error);
    }
    return status;
}

static rad_status add_column(size_t j, void *context, rad_error *error) {
    const adding *a = context;
    rad_summary *t = &a->pool->total;
    rad_status status = RAD_OK;
    uint64_t least = 0, shown = 0;
    for (size_t i = 0; i <= j && a->column[j] >= 0 && status == RAD_OK; i++) {
        const size_t at = j * (j + 1) / 2 + i;
        rad_pair_view view;
        if (a->column[i] < 0 || !rad_summary_pair(a->from, (size_t)a->column[i], (size_t)a->column[j], &view))
            continue;
        t->product_shown[at] = true;
        t->pair_sites[at] += view.n > 0;
        shown++;
        if (view.n && (!least || view.n < least)) least = view.n;
        if (a->from->relations) status = rad_describe_pair(&view, &a->from->relations[at], error);
        if (status == RAD_OK) status = rad_exact_add(&t->products[at], view.ab, error);
        if (status == RAD_OK && t->pairs) status = add_pair(&t->pairs[at], &view, error);
    }
    a->least[j] = least;
    a->shown[j] = shown;
    return status;
}

/* The panel of the study, of the variables of the first site. */
static rad_status begin(rad_pool *p, rad_error *error) {
    rad_summary *t = &p->total;
    size_t panel = 0;
    for (size_t v = 0; v < t->count && rad_study_asks(p->study, RAD_COVARIANCE); v++)
        if (rad_study_in_panel(p->study, t->variables[v].name, t->variables[v].kind == RAD_FEATURE))
            t->variables[v].panel = (int64_t)panel++;
    rad_status status = panel ? rad_summary_allocate_panel(t, panel, 1, error) : RAD_OK;
    if (panel && status == RAD_OK) {
        t->pair_sites = rad_new(panel * (panel + 1) / 2, sizeof *t->pair_sites, error);
        if (!t->pair_sites) status = RAD_NO_MEMORY;
    }
    for (size_t v = 0; v < t->count && status == RAD_OK; v++)
        if (t->variables[v].panel >= 0) t->of[t->variables[v].panel] = v;
    return status;
}

static rad_status allocate(adding *a, rad_error *error) {
    const size_t panel = a->pool->total.panel;
    const bool few = panel <= RAD_RELATIONS_MAX;
    a->column = rad_new_raw(panel, sizeof *a->column, error);
    a->least = rad_new(panel, sizeof *a->least, error);
    a->shown = rad_new(panel, sizeof *a->shown, error);
    if (few) a->from->relations = rad_new(panel * (panel + 1) / 2, sizeof *a->from->relations, error);
    return a->column && a->least && a->shown && (!few || a->from->relations) ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status add_columns(adding *a, int threads, rad_error *error) {
    rad_summary *t = &a->pool->total;
    uint64_t *least_pair = &a->from->least_pair;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < t->panel; i++) a->column[i] = a->from->variables[t->of[i]].panel;
    if (!t->pairs && !is_regular(a)) {
        t->pairs = rad_new(t->panel * (t->panel + 1) / 2, sizeof *t->pairs, error);
        if (!t->pairs) return RAD_NO_MEMORY;
        if (a->pool->count) status = rad_parallel_try(t->panel, threads, split_pairs, a, NULL);
    }
    if (status == RAD_OK) status = rad_parallel_try(t->panel, threads, add_column, a, NULL);
    if (status != RAD_OK) return rad_pool_fail_adding(status, a->from, error);
    *least_pair = 0;
    for (size_t j = 0; j < t->panel; j++) a->from->pairs_shown += a->shown[j];
    for (size_t j = 0; j < t->panel; j++)
        if (a->least[j] && (!*least_pair || a->least[j] < *least_pair)) *least_pair = a->least[j];
    return RAD_OK;
}

/* What the pool keeps of a site has no covariance: memory goes with the square of the panel, not with the
 * sites. */
static void drop_panel(rad_summary *s) {
    const size_t pairs = s->panel * (s->panel + 1) / 2;
    for (size_t i = 0; i < s->panel * s->patterns; i++) rad_moments_free(&s->partial[i]);
    for (size_t i = 0; i < pairs; i++) rad_exact_free(&s->products[i]);
    rad_free(s->of);
    rad_free(s->partial);
    rad_free(s->products);
    rad_free(s->product_shown);
    s->of = NULL;
    s->partial = NULL;
    s->products = NULL;
    s->product_shown = NULL;
    s->panel = s->patterns = 0;
}

static rad_status add(rad_pool *p, rad_summary *site, int threads, rad_error *error) {
    adding a = {.pool = p, .from = site};
    rad_status status = p->count ? RAD_OK : begin(p, error);
    if (status == RAD_OK && p->total.panel) {
        status = allocate(&a, error);
        if (status == RAD_OK) status = add_columns(&a, threads, error);
        rad_free(a.column);
        rad_free(a.least);
        rad_free(a.shown);
    }
    if (status == RAD_OK) drop_panel(site);
    return status;
}

static rad_basis basis_of(const rad_pool *p, size_t at, uint64_t n) {
    return rad_basis_make(&p->rules, p->total.pair_sites[at], n);
}

rad_basis rad_pool_covariance_basis(const rad_results *r, size_t i, size_t j) {
    const size_t at = j * (j + 1) / 2 + i;
    return basis_of(r->pool, at, r->covariance.pairs[at].n);
}

static rad_status relate_pairs(const rad_pool *p, rad_covariance_results *c, rad_error *error) {
    const rad_summary *t = &p->total;
    rad_status status = RAD_OK;
    c->pairs = rad_new(t->panel * (t->panel + 1) / 2, sizeof *c->pairs, error);
    if (!c->pairs) return RAD_NO_MEMORY;
    for (size_t j = 0, at = 0; j < t->panel; j++)
        for (size_t i = 0; i <= j && status == RAD_OK; i++, at++) {
            rad_pair_view view;
            c->pairs[at] = (rad_relation){0, NAN, NAN};
            if (!rad_summary_pair(t, i, j, &view)) continue;
            c->pairs[at].n = view.n;
            if (basis_of(p, at, view.n).shown) status = rad_describe_pair(&view, &c->pairs[at], error);
        }
    return status;
}

/* The weakest pair of those in the matrix, and whether others are of other patients. */
static void find_matrix(const rad_results *r, rad_covariance_results *c) {
    const rad_summary *t = &r->pool->total;
    rad_basis most = {0};
    for (size_t b = 0; b < c->correlations.count; b++)
        for (size_t a = 0; a <= b; a++) {
            const rad_basis x =
                rad_pool_covariance_basis(r, (size_t)t->variables[c->correlations.of[a]].panel,
                                          (size_t)t->variables[c->correlations.of[b]].panel);
            c->matrix = b ? rad_basis_least(&c->matrix, &x) : x;
            most.patients = x.patients > most.patients ? x.patients : most.patients;
            most.sites = x.sites > most.sites ? x.sites : most.sites;
        }
    c->mixed = c->matrix.patients < most.patients || c->matrix.sites < most.sites;
}

static rad_status find_components(rad_covariance_results *c, rad_error *error) {
    enum { VECTORS = 10 };
    const size_t n = c->correlations.count;
    c->components = n < VECTORS ? n : VECTORS;
    c->values = rad_new(n, sizeof *c->values, error);
    c->vectors = rad_new(n * VECTORS, sizeof *c->vectors, error);
    return c->values && c->vectors
               ? rad_components_compute(&c->correlations, c->components, c->values, c->vectors, error)
               : RAD_NO_MEMORY;
}

static rad_status find_clusters(const rad_pool *p, rad_covariance_results *c, rad_error *error) {
    c->cluster = rad_new(c->correlations.count, sizeof *c->cluster, error);
    c->kept = rad_new(c->correlations.count, sizeof *c->kept, error);
    return c->cluster && c->kept
               ? rad_clusters_compute(&c->correlations, p->study->redundancy, c->cluster, c->kept, error)
               : RAD_NO_MEMORY;
}

static rad_status compute(rad_results *r, rad_error *error) {
    rad_covariance_results *c = &r->covariance;
    if (!rad_study_asks(r->pool->study, RAD_COVARIANCE)) return RAD_OK;
    rad_status status = relate_pairs(r->pool, c, error);
    if (status == RAD_OK)
        status = rad_correlations_compute(&r->pool->total, c->pairs, &c->correlations, error);
    if (status == RAD_OK) find_matrix(r, c);
    if (status == RAD_OK) status = find_components(c, error);
    return status == RAD_OK ? find_clusters(r->pool, c, error) : status;
}

static void clear(rad_results *r) {
    rad_covariance_results *c = &r->covariance;
    rad_correlations_free(&c->correlations);
    rad_free(c->pairs);
    rad_free(c->values);
    rad_free(c->vectors);
    rad_free(c->cluster);
    rad_free(c->kept);
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see(f, site->least_pair, "a pair of the covariance", "");
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const size_t panel = at->pool->total.panel;
    return rad_coverage_add(at, "", NULL, panel * (panel + 1) / 2, at->pool->sites[at->site].pairs_shown,
                            error);
}

const rad_pool_analysis rad_pool_covariance = {
    .add = add, .compute = compute, .clear = clear, .see = see, .cover = cover};
