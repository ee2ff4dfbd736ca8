#include "pool_groups.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

static rad_status add(rad_pool *p, rad_summary *site, int threads, rad_error *error) {
    (void)threads;
    return rad_pool_add_sets(p, site, 1, site->sets, error);
}

static bool shows_all(const rad_pool *p, size_t site, size_t factor, size_t variable) {
    for (size_t l = 0; l < p->study->factors[factor].levels; l++)
        if (!rad_summary_level(&p->sites[site], p->study, factor, l, variable)->powers) return false;
    return true;
}

static rad_status add_level(rad_moments *to, const rad_moments *from, rad_error *error) {
    rad_status status = RAD_OK;
    to->powers = 2;
    to->n += from->n;
    for (int k = 0; k < 2 && status == RAD_OK; k++) status = rad_exact_add(&to->sum[k], &from->sum[k], error);
    return status;
}

static rad_status add_site(const rad_pool *p, size_t site, size_t factor, size_t variable, bool all,
                           rad_group_levels *x, rad_error *error) {
    rad_status status = RAD_OK;
    bool some = false;
    for (size_t l = 0; l < x->count && status == RAD_OK; l++) {
        const rad_moments *m = rad_summary_level(&p->sites[site], p->study, factor, l, variable);
        x->with[l] += m->n > 0;
        some = some || m->n > 0;
        if (!all) status = add_level(&x->own[l], m, error);
    }
    x->sites += some;
    return status;
}

rad_status rad_pool_groups_gather(const rad_pool *p, size_t factor, size_t variable, rad_group_levels *x,
                                  rad_error *error) {
    bool all = true;
    rad_status status = RAD_OK;
    *x = (rad_group_levels){.count = p->study->factors[factor].levels};
    for (size_t i = 0; i < p->count && all; i++) all = shows_all(p, i, factor, variable);
    for (size_t i = 0; i < p->count && status == RAD_OK; i++)
        if (all || shows_all(p, i, factor, variable))
            status = add_site(p, i, factor, variable, all, x, error);
    for (size_t l = 0; l < x->count; l++)
        x->moments[l] = all ? rad_summary_level(&p->total, p->study, factor, l, variable) : &x->own[l];
    return status;
}

void rad_pool_groups_free_levels(rad_group_levels *x) {
    for (size_t l = 0; l < x->count; l++) rad_moments_free(&x->own[l]);
}

rad_basis rad_pool_groups_basis(const rad_pool *p, const rad_group_levels *x) {
    size_t used = 0, sites = x->sites;
    uint64_t n = 0;
    for (size_t l = 0; l < x->count; l++) {
        used += x->with[l] > 0;
        n += x->moments[l]->n;
    }
    for (size_t l = 0; l < x->count && used <= 2; l++)
        if (x->with[l] && x->with[l] < sites) sites = x->with[l];
    return rad_basis_make(&p->rules, sites, n);
}

static rad_status test_one(const rad_group_levels *x, const rad_basis *basis, rad_test_kind kind,
                           rad_test *out, rad_error *error) {
    const size_t count = basis->shown ? x->count : 0;
    static const rad_moments nothing;
    rad_status status = kind == RAD_TEST_ANOVA ? rad_inference_anova(x->moments, count, out, error)
                                               : rad_inference_means(count ? x->moments[0] : &nothing,
                                                                     count ? x->moments[1] : &nothing,
                                                                     kind == RAD_TEST_WELCH, out, error);
    out->basis = *basis;
    return status;
}

/* All tests of a group: the first of them, as many as there are kinds. */
static rad_status test_all(const rad_pool *p, size_t factor, rad_tests *tests, size_t kinds,
                           rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t k = 0; k < kinds && status == RAD_OK; k++)
        status = rad_inference_allocate(p->total.count, &tests[k], error);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        rad_group_levels x;
        status = rad_pool_groups_gather(p, factor, v, &x, error);
        const rad_basis basis = rad_pool_groups_basis(p, &x);
        for (size_t k = 0; k < kinds && status == RAD_OK; k++)
            status = test_one(&x, &basis, tests[k].kind, &tests[k].test[v], error);
        rad_pool_groups_free_levels(&x);
    }
    for (size_t k = 0; k < kinds && status == RAD_OK; k++)
        status = rad_inference_adjust_tests(&tests[k], p->total.count, error);
    return status;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_groups_results *g = &r->groups;
    rad_status status = RAD_OK;
    if (!rad_study_asks(s, RAD_GROUPS)) return RAD_OK;
    g->tests = rad_new(s->factor_count * RAD_TEST_KINDS, sizeof *g->tests, error);
    if (!g->tests) return RAD_NO_MEMORY;
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        const size_t first = g->count;
        for (int how = 0; how < RAD_TEST_KINDS && s->factors[f].group; how++)
            if (how == RAD_TEST_ANOVA || s->factors[f].levels == 2)
                g->tests[g->count++] = (rad_tests){.factor = f, .kind = (rad_test_kind)how};
        status = test_all(r->pool, f, g->tests + first, g->count - first, error);
    }
    return status;
}

static void clear(rad_results *r) {
    for (size_t i = 0; i < r->groups.count; i++) rad_inference_free(&r->groups.tests[i]);
    rad_free(r->groups.tests);
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_sets(f, site, 1, site->sets);
}

const rad_tests *rad_pool_groups_find(const rad_groups_results *g, size_t factor, rad_test_kind kind) {
    for (size_t i = 0; i < g->count; i++)
        if (g->tests[i].factor == factor && g->tests[i].kind == kind) return &g->tests[i];
    return NULL;
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_study *study = at->pool->study;
    const rad_summary *s = &at->pool->sites[at->site];
    rad_status status = RAD_OK;
    for (size_t f = 0; f < study->factor_count && status == RAD_OK; f++) {
        uint64_t shown = 0;
        if (!study->factors[f].group) continue;
        for (size_t l = 0; l < study->factors[f].levels; l++)
            for (size_t v = 0; v < s->count; v++) shown += rad_summary_level(s, study, f, l, v)->powers > 0;
        status =
            rad_coverage_add(at, study->factors[f].name, NULL,
                             study->factors[f].levels * (s->count - study->computed_count), shown, error);
    }
    return status;
}

const rad_pool_analysis rad_pool_groups = {
    .add = add, .compute = compute, .clear = clear, .see = see, .cover = cover};
