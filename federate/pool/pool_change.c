#include "pool_change.h"

#include "../change.h"
#include "../describe.h"
#include "distributions.h"
#include "pool_analyses.h"

#include <math.h>

static const rad_paired undefined = {.difference = NAN,
                                     .deviation = NAN,
                                     .t = NAN,
                                     .df = NAN,
                                     .p = NAN,
                                     .low = NAN,
                                     .high = NAN,
                                     .effect = NAN};

/* By n, mean and the sum of squares about it. */
static void test(uint64_t count, double mean, double square, rad_paired *out) {
    const double n = (double)count;
    out->n = count;
    if (!out->basis.shown || count < 2) return;
    out->difference = mean;
    out->deviation = sqrt(square / (n - 1));
    out->df = n - 1;
    const double se = out->deviation / sqrt(n), half = rad_t_quantile(0.975, out->df) * se;
    if (!(se > 0)) return;
    out->t = mean / se;
    out->p = rad_t_two_sided(out->t, out->df);
    out->low = mean - half;
    out->high = mean + half;
    out->effect = mean / out->deviation;
}

rad_status rad_change_of_pair(const rad_pool *p, size_t v, size_t i, size_t j, rad_paired *out,
                              rad_error *error) {
    const rad_blocks *b = &p->total.blocks[RAD_RELIABILITY];
    const size_t k = p->study->occasion_count;
    const rad_exact *sums = &b->sums[v * b->cells];
    const uint64_t n = (uint64_t)rad_exact_double(&sums[0]);
    double ii = 0, jj = 0, ij = 0;
    *out = undefined;
    out->basis = rad_pool_basis_of_blocks(p, RAD_RELIABILITY, v);
    if (!n) return RAD_OK;
    rad_exact difference = {0};
    rad_status status = rad_exact_add(&difference, &sums[1 + j], error);
    if (status == RAD_OK) status = rad_exact_subtract(&difference, &sums[1 + i], error);
    const double mean = rad_exact_double(&difference) / (double)n;
    rad_exact_free(&difference);
    if (status == RAD_OK)
        status = rad_describe_scatter(n, &sums[1 + i], &sums[1 + i], &sums[rad_repeats_product(k, i, i)], &ii,
                                      error);
    if (status == RAD_OK)
        status = rad_describe_scatter(n, &sums[1 + j], &sums[1 + j], &sums[rad_repeats_product(k, j, j)], &jj,
                                      error);
    if (status == RAD_OK)
        status = rad_describe_scatter(n, &sums[1 + i], &sums[1 + j], &sums[rad_repeats_product(k, i, j)], &ij,
                                      error);
    if (status == RAD_OK) test(n, mean, fmax(0, ii + jj - 2 * ij), out);
    return status;
}

/* Sites that have patients of the level. */
static rad_basis basis_of(const rad_pool *p, size_t v, size_t factor, size_t level) {
    const rad_moments all = rad_change_moments(&p->total, p->study, v, factor, level, 1);
    size_t sites = 0;
    for (size_t s = 0; s < p->count; s++) {
        const rad_moments m = rad_change_moments(&p->sites[s], p->study, v, factor, level, 1);
        sites += m.powers && m.n;
    }
    return rad_basis_make(&p->rules, sites, all.n);
}

rad_status rad_change_of_level(const rad_pool *p, size_t v, size_t factor, size_t level, size_t j,
                               rad_paired *out, rad_error *error) {
    const rad_moments m = rad_change_moments(&p->total, p->study, v, factor, level, j);
    rad_description d;
    *out = undefined;
    out->basis = basis_of(p, v, factor, level);
    rad_status status = rad_describe(&m, 0, &d, error);
    if (status == RAD_OK && m.powers) test(d.n, d.mean, d.n > 1 ? d.variance * (double)(d.n - 1) : 0, out);
    return status;
}

/* Of levels with patients at enough sites; all of them, or none of the test. */
rad_status rad_change_between(const rad_pool *p, size_t v, size_t factor, size_t j, rad_test_kind kind,
                              rad_test *out, rad_error *error) {
    const size_t levels = p->study->factors[factor].levels;
    const rad_moments nothing = {0};
    rad_moments m[RAD_FACTOR_LEVELS];
    const rad_moments *list[RAD_FACTOR_LEVELS] = {&nothing, &nothing};
    rad_basis basis = {.sites = p->count, .shown = true};
    uint64_t n = 0;
    for (size_t l = 0; l < levels; l++) {
        const rad_basis own = basis_of(p, v, factor, l);
        m[l] = rad_change_moments(&p->total, p->study, v, factor, l, j);
        list[l] = &m[l];
        n += m[l].n;
        if (own.sites < basis.sites) basis.sites = own.sites;
        basis.shown = basis.shown && own.shown;
    }
    basis.patients = n;
    for (size_t l = 0; l < levels && !basis.shown; l++) list[l] = &nothing;
    rad_status status = kind == RAD_TEST_ANOVA
                            ? rad_inference_anova(list, levels, out, error)
                            : rad_inference_means(list[0], list[1], kind == RAD_TEST_WELCH, out, error);
    out->basis = basis;
    return status;
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    const rad_blocks *b = &site->blocks[RAD_CHANGE];
    rad_fewest_see_blocks(f, site, b, "changes");
    for (size_t v = 0; v < site->count && b->cells; v++)
        for (size_t g = 0; g < study->factor_count; g++)
            for (size_t l = 0; study->changes_by[g] && b->shown[v] && l < study->factors[g].levels; l++)
                rad_fewest_see(f, rad_change_moments(site, study, v, g, l, 1).n, site->variables[v].name,
                               "changes of a group");
}

const rad_pool_analysis rad_pool_change = {.see = see};
