#include "estimates.h"

#include "../../core/memory.h"
#include "logrank.h"

#include <math.h>

rad_status rad_estimates_allocate(size_t sites, rad_estimates *e, rad_error *error) {
    *e = (rad_estimates){0, rad_new(sites, sizeof *e->site, error), rad_new(sites, sizeof *e->y, error),
                         rad_new(sites, sizeof *e->v, error), 0};
    return e->site && e->y && e->v ? RAD_OK : RAD_NO_MEMORY;
}

void rad_estimates_free(rad_estimates *e) {
    rad_free(e->site);
    rad_free(e->y);
    rad_free(e->v);
    *e = (rad_estimates){.count = 0};
}

static void begin(rad_estimates *e) {
    e->count = 0;
    e->patients = 0;
}

/* n patients have the estimate. */
static void add(rad_estimates *e, size_t site, uint64_t n, double y, double v) {
    if (!isfinite(y) || !(v > 0) || !isfinite(v)) return;
    e->site[e->count] = site;
    e->y[e->count] = y;
    e->v[e->count++] = v;
    e->patients += n;
}

rad_basis rad_estimates_basis(const rad_pool *p, const rad_estimates *e) {
    return rad_basis_make(&p->rules, e->count, e->patients);
}

void rad_estimates_analyse(const rad_pool *p, const rad_estimates *e, rad_meta_method method, rad_meta *out) {
    rad_meta_analyse(e->y, e->v, rad_estimates_basis(p, e).shown ? e->count : 0, method, out);
    out->sites = e->count;
}

void rad_estimates_means(const rad_pool *p, const rad_description *site, size_t variable, rad_estimates *e) {
    begin(e);
    for (size_t s = 0; s < p->count; s++) {
        const rad_description *d = &site[variable * p->count + s];
        if (d->n > 1) add(e, s, d->n, d->mean, d->variance / (double)d->n);
    }
}

rad_status rad_estimates_differences(const rad_pool *p, size_t factor, size_t variable, rad_estimates *e,
                                     rad_error *error) {
    rad_status status = RAD_OK;
    begin(e);
    for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
        const rad_moments *a = rad_summary_level(&p->sites[s], p->study, factor, 0, variable),
                          *b = rad_summary_level(&p->sites[s], p->study, factor, 1, variable);
        rad_description x, y;
        double difference;
        status = rad_describe(a, 0, &x, error);
        if (status == RAD_OK) status = rad_describe(b, 0, &y, error);
        if (status == RAD_OK) status = rad_describe_difference(a, b, &difference, error);
        if (status == RAD_OK && x.n > 1 && y.n > 1)
            add(e, s, x.n + y.n, difference, x.variance / (double)x.n + y.variance / (double)y.n);
    }
    return status;
}

rad_status rad_estimates_slopes(const rad_pool *p, size_t columns, size_t column, size_t variable,
                                rad_estimates *e, rad_error *error) {
    rad_term term[RAD_DESIGN_MAX + 1];
    rad_status status = RAD_OK;
    begin(e);
    for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
        status = rad_pool_model_of_site(p, s, columns, variable, term, error);
        if (status == RAD_OK)
            add(e, s, term[column].n, term[column].estimate, term[column].se * term[column].se);
    }
    return status;
}

/* Of ranks within sites: the variance of Fisher's z is 1.06 / (n - 3) (Fieller, Hartley and Pearson 1957). */
static double spread_of(const rad_pool *p, size_t i, size_t j) {
    const rad_summary *t = &p->total;
    const rad_computed *a = rad_study_computed(p->study, t->variables[t->of[i]].name),
                       *b = rad_study_computed(p->study, t->variables[t->of[j]].name);
    return a && b && a->kind == RAD_COMPUTED_RANK && b->kind == RAD_COMPUTED_RANK ? 1.06 : 1;
}

void rad_estimates_correlations(const rad_pool *p, size_t i, size_t j, rad_estimates *e) {
    const double spread = spread_of(p, i, j);
    begin(e);
    for (size_t s = 0; s < p->count; s++) {
        const rad_relation *all = p->sites[s].relations, *r = all ? &all[j * (j + 1) / 2 + i] : NULL;
        if (r && r->n > 3) add(e, s, r->n, atanh(r->correlation), spread / (double)(r->n - 3));
    }
}

void rad_estimates_odds(const rad_pool *p, size_t table, rad_estimates *e) {
    const size_t columns = p->study->factors[p->study->tables[table][1]].levels + 1;
    begin(e);
    for (size_t s = 0; s < p->count; s++) {
        const int64_t *counts = p->sites[s].tables[table];
        const int64_t cell[] = {counts[0], counts[1], counts[columns], counts[columns + 1]};
        double x[4], half = 0, variance = 0;
        uint64_t n = 0;
        bool shown = true;
        for (size_t i = 0; i < 4; i++) {
            shown = shown && cell[i] >= 0;
            if (!cell[i]) half = 0.5;
            n += cell[i] > 0 ? (uint64_t)cell[i] : 0;
        }
        for (size_t i = 0; i < 4; i++) {
            x[i] = (double)cell[i] + half;
            variance += 1 / x[i];
        }
        if (shown) add(e, s, n, log(x[0] * x[3] / (x[1] * x[2])), variance);
    }
}

rad_status rad_estimates_hazards(const rad_pool *p, size_t outcome, size_t factor, rad_estimates *e,
                                 rad_error *error) {
    rad_logrank *test = rad_new(1, sizeof *test, error);
    rad_status status = test ? RAD_OK : RAD_NO_MEMORY;
    begin(e);
    for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
        status = rad_logrank_of_site(p, s, outcome, factor, test, error);
        if (status == RAD_OK) add(e, s, test->n, test->estimate, test->variance);
    }
    rad_free(test);
    return status;
}
