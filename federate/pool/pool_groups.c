#include "pool_groups.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

static rad_status add(rad_pool *p, rad_summary *site, int threads, rad_error *error) {
    (void)threads;
    return rad_pool_add_sets(p, site, 1, site->sets, error);
}

static rad_status test_one(const rad_pool *p, const rad_tests *t, size_t variable, rad_test *out,
                           rad_error *error) {
    const rad_factor *f = &p->study->factors[t->factor];
    const rad_moments *groups[RAD_FACTOR_LEVELS] = {NULL};
    for (size_t l = 0; l < f->levels; l++)
        groups[l] = rad_summary_level(&p->total, p->study, t->factor, l, variable);
    if (t->kind == RAD_TEST_ANOVA) return rad_inference_anova(groups, f->levels, out, error);
    return rad_inference_means(groups[0], groups[1], t->kind == RAD_TEST_WELCH, out, error);
}

static rad_status test_all(const rad_pool *p, rad_tests *t, rad_error *error) {
    rad_status status = rad_inference_allocate(p->total.count, t, error);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
        status = test_one(p, t, v, &t->test[v], error);
    return status == RAD_OK ? rad_inference_adjust_tests(t, p->total.count, error) : status;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_groups_results *g = &r->groups;
    rad_status status = RAD_OK;
    if (!rad_study_asks(s, RAD_GROUPS)) return RAD_OK;
    g->tests = rad_new(s->factor_count * RAD_TEST_KINDS, sizeof *g->tests, error);
    if (!g->tests) return RAD_NO_MEMORY;
    for (size_t f = 0; f < s->factor_count; f++)
        for (int how = 0; how < RAD_TEST_KINDS && s->factors[f].group && status == RAD_OK; how++) {
            if (how != RAD_TEST_ANOVA && s->factors[f].levels != 2) continue;
            rad_tests *t = &g->tests[g->count++];
            t->factor = f;
            t->kind = (rad_test_kind)how;
            status = test_all(r->pool, t, error);
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

const rad_pool_analysis rad_pool_groups = {.add = add, .compute = compute, .clear = clear, .see = see};
