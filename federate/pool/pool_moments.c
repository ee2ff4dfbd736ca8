#include "pool_moments.h"

#include "../../core/memory.h"
#include "estimates.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>

static rad_status add(rad_pool *p, rad_summary *site, int threads, rad_error *error) {
    (void)threads;
    return rad_pool_add_sets(p, site, 0, 1, error);
}

static const rad_moments nothing; /* describes as undefined */

/* All variables, as a whole and by site. */
static rad_status describe_all(const rad_pool *p, rad_moments_results *m, rad_error *error) {
    const size_t count = p->total.count;
    size_t cells;
    if (!rad_multiply(count, p->count, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many variables of sites");
    m->basis = rad_new(count, sizeof *m->basis, error);
    m->all = rad_new(count, sizeof *m->all, error);
    m->site = rad_new(cells, sizeof *m->site, error);
    rad_status status = m->basis && m->all && m->site ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        const double centre = p->total.variables[v].centre;
        m->basis[v] = rad_pool_basis_of(p, 0, v);
        status = rad_describe(m->basis[v].shown ? &p->total.moments[v] : &nothing, centre, &m->all[v], error);
        for (size_t s = 0; s < p->count && status == RAD_OK; s++)
            status = rad_describe(&p->sites[s].moments[v], centre, &m->site[v * p->count + s], error);
    }
    return status;
}

static rad_status test_sites(const rad_pool *p, rad_moments_results *m, rad_error *error) {
    const rad_moments **groups = rad_new(p->count, sizeof(const rad_moments *), error);
    rad_status status = groups ? rad_inference_allocate(p->total.count, &m->sites, error) : RAD_NO_MEMORY;
    m->sites.kind = RAD_TEST_ANOVA;
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        for (size_t s = 0; s < p->count; s++) groups[s] = &p->sites[s].moments[v];
        status = rad_inference_anova(groups, m->basis[v].shown ? p->count : 0, &m->sites.test[v], error);
        m->sites.test[v].basis = m->basis[v];
    }
    if (status == RAD_OK) status = rad_inference_adjust_tests(&m->sites, p->total.count, error);
    rad_free(groups);
    return status;
}

/* Meta-analyses of the means of the sites. */
static rad_status analyse_means(const rad_pool *p, rad_moments_results *m, rad_error *error) {
    rad_estimates e;
    rad_status status = rad_estimates_allocate(p->count, &e, error);
    m->means = rad_new(p->total.count, sizeof *m->means, error);
    if (!m->means) status = RAD_NO_MEMORY;
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        rad_estimates_means(p, m->site, v, &e);
        rad_estimates_analyse(p, &e, RAD_META_REML, &m->means[v]);
    }
    rad_estimates_free(&e);
    return status;
}

static rad_status compute(rad_results *r, rad_error *error) {
    rad_status status = describe_all(r->pool, &r->moments, error);
    if (status == RAD_OK) status = test_sites(r->pool, &r->moments, error);
    return status == RAD_OK ? analyse_means(r->pool, &r->moments, error) : status;
}

static void clear(rad_results *r) {
    rad_free(r->moments.basis);
    rad_free(r->moments.all);
    rad_free(r->moments.site);
    rad_free(r->moments.means);
    rad_inference_free(&r->moments.sites);
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_sets(f, site, 0, 1);
}

rad_status rad_pool_moments_leave_out(const rad_pool *p, size_t site, size_t v, rad_left_out *out,
                                      rad_error *error) {
    const rad_moments *own = &p->sites[site].moments[v];
    const double centre = p->total.variables[v].centre;
    rad_moments rest = {0};
    rad_description one;
    rad_status status = rad_pool_without(p, site, 0, v, &rest, &out->basis, error);
    if (status == RAD_OK) status = rad_describe(own, centre, &one, error);
    if (status == RAD_OK)
        status = rad_describe(out->basis.shown ? &rest : &nothing, centre, &out->others, error);
    if (status == RAD_OK) {
        const double deviation = out->others.deviation;
        out->distance = deviation > 0 ? (one.mean - out->others.mean) / deviation : NAN;
        out->rows = rad_pool_rows_of(p, 0, v) - (own->powers ? p->sites[site].rows : 0);
    }
    rad_moments_free(&rest);
    return status;
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_summary *s = &at->pool->sites[at->site];
    uint64_t shown = 0;
    for (size_t v = 0; v < s->count; v++) shown += s->moments[v].powers > 0;
    return rad_coverage_add(at, "", NULL, s->count, shown, error);
}

const rad_pool_analysis rad_pool_moments = {
    .add = add, .compute = compute, .clear = clear, .see = see, .cover = cover};
