#include "pool_survival.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

#include <stdio.h>

static rad_status compute_outcome(const rad_pool *p, size_t outcome, rad_survival_results *r,
                                  rad_error *error) {
    const rad_study *s = p->study;
    r->strata = rad_lifetable_strata(s, outcome);
    r->curve = rad_new(r->strata, sizeof *r->curve, error);
    r->test = rad_new(2 * s->factor_count, sizeof *r->test, error);
    rad_status status = r->curve && r->test ? RAD_OK : RAD_NO_MEMORY;
    for (size_t k = 0; k < r->strata && status == RAD_OK; k++)
        status = rad_curve_compute(p, outcome, k, &r->curve[k], error);
    for (size_t k = 0; k < 2 * s->factor_count && status == RAD_OK; k++)
        if (s->survivals[outcome].by[k / 2])
            status = rad_logrank_compute(p, outcome, k / 2, k % 2, &r->test[k], error);
    return status;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    if (!rad_study_asks(s, RAD_SURVIVAL)) return RAD_OK;
    r->survival = rad_new(s->survival_count, sizeof *r->survival, error);
    if (!r->survival) return RAD_NO_MEMORY;
    for (size_t o = 0; o < s->survival_count && status == RAD_OK; o++)
        status = compute_outcome(r->pool, o, &r->survival[o], error);
    return status;
}

static void clear(rad_results *r) {
    for (size_t o = 0; o < r->pool->study->survival_count && r->survival; o++) {
        for (size_t k = 0; k < r->survival[o].strata && r->survival[o].curve; k++)
            rad_curve_free(&r->survival[o].curve[k]);
        rad_free(r->survival[o].curve);
        rad_free(r->survival[o].test);
    }
    rad_free(r->survival);
}

static void see(const rad_summary *s, const rad_study *study, rad_fewest *f) {
    for (size_t o = 0; o < study->survival_count; o++)
        for (size_t k = 0; k < s->lifetables[o].strata; k++) {
            const rad_lifetable *t = &s->lifetables[o].stratum[k];
            for (size_t i = 0; i < t->edges; i++) {
                const uint64_t censored = i + 1 < t->edges ? t->counts[2 * i + 1] : 0;
                rad_fewest_see(f, t->counts[2 * i] + censored, study->survivals[o].name,
                               "who left in an interval");
            }
        }
}

static rad_status cover_strata(const rad_covering *at, size_t outcome, const char *by, size_t first,
                               size_t count, rad_error *error) {
    const rad_lifetables *t = &at->pool->sites[at->site].lifetables[outcome];
    const char *what = at->pool->study->survivals[outcome].name;
    char name[3 * RAD_NAME];
    uint64_t shown = 0;
    for (size_t k = first; k < first + count && k < t->strata; k++) shown += t->stratum[k].edges > 0;
    snprintf(name, sizeof name, "%s%s%s", what, *by ? " by " : "", by);
    return rad_coverage_add(at, name, what, count, shown, error);
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_study *s = at->pool->study;
    rad_status status = RAD_OK;
    for (size_t o = 0; o < s->survival_count && status == RAD_OK; o++) {
        status = cover_strata(at, o, "", 0, 1, error);
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++)
            if (s->survivals[o].by[f])
                status = cover_strata(at, o, s->factors[f].name, rad_lifetable_stratum(s, o, f, 0),
                                      s->factors[f].levels, error);
    }
    return status;
}

const rad_pool_analysis rad_pool_survival = {.compute = compute, .clear = clear, .see = see, .cover = cover};
