#include "rmst.h"

#include "../../core/memory.h"
#include "distributions.h"

#include <math.h>

void rad_rmst_compute(const rad_curve *c, size_t last, rad_rmst *out) {
    const rad_curve_point *p = c->point;
    double area = 0, least = 0, variance = 0;
    for (size_t i = last; i > 0; i--) { /* `area` is that from point i on */
        const double n = (double)p[i].at_risk, d = (double)p[i].events;
        if (d > 0 && area > 0) variance += area * area * d / (n * (n - d));
        area += p[i - 1].survival * (p[i].time - p[i - 1].time);
        least += p[i].grid_low * (p[i].time - p[i - 1].time);
    }
    *out = (rad_rmst){p[last].time, area, least, sqrt(variance)};
}

/* The last point of a curve that is not beyond the time. */
static size_t find_last(const rad_curve *c, double time) {
    size_t last = c->count - 1;
    while (last && c->point[last].time > time) last--;
    return last;
}

static void compare(const rad_curve *first, const rad_curve *level, rad_rmst_test *out) {
    rad_rmst a, b;
    const double time = fmin(first->point[first->count - 1].time, level->point[level->count - 1].time);
    rad_rmst_compute(first, find_last(first, time), &a);
    rad_rmst_compute(level, find_last(level, time), &b);
    out->time = time;
    out->difference = b.mean - a.mean;
    out->se = sqrt(a.se * a.se + b.se * b.se);
    out->low = out->difference - RAD_Z95 * out->se;
    out->high = out->difference + RAD_Z95 * out->se;
    if (out->se > 0) out->p = rad_chi_square_tail(out->difference * out->difference / (out->se * out->se), 1);
}

static rad_status compare_all(const rad_pool *p, size_t outcome, const rad_lifetable *joined, size_t levels,
                              size_t sites, rad_rmst_test *test, rad_error *error) {
    const double *grid = p->study->survivals[outcome].grid;
    rad_curve first = {0};
    rad_status status = rad_curve_of_table(&joined[0], grid, &first, error);
    for (size_t l = 1; l < levels && status == RAD_OK; l++) {
        const size_t least = joined[l].sites < joined[0].sites ? joined[l].sites : joined[0].sites;
        rad_curve curve = {0};
        test[l].basis = rad_basis_make(&p->rules, least < sites ? least : sites,
                                       rad_pool_patients(&joined[0]) + rad_pool_patients(&joined[l]));
        if (!test[l].basis.shown) continue;
        status = rad_curve_of_table(&joined[l], grid, &curve, error);
        if (status == RAD_OK) compare(&first, &curve, &test[l]);
        rad_curve_free(&curve);
    }
    rad_curve_free(&first);
    return status;
}

rad_status rad_rmst_compare(const rad_pool *p, size_t outcome, size_t factor, rad_rmst_test *test,
                            rad_error *error) {
    const size_t levels = p->study->factors[factor].levels,
                 stratum = rad_lifetable_stratum(p->study, outcome, factor, 0);
    const rad_lifetables **list = rad_pool_lifetables(p, outcome, 0, p->count, error);
    rad_lifetable *joined = rad_new(levels, sizeof *joined, error);
    rad_status status = list && joined ? RAD_OK : RAD_NO_MEMORY;
    size_t sites = 0;
    for (size_t l = 0; l < levels; l++)
        test[l] =
            (rad_rmst_test){.time = NAN, .difference = NAN, .se = NAN, .low = NAN, .high = NAN, .p = NAN};
    const rad_joining joining = {list, p->count, (size_t)p->rules.sites, stratum, levels};
    if (status == RAD_OK) status = rad_lifetables_join(&joining, joined, &sites, error);
    if (status == RAD_OK && joined->edges > 1)
        status = compare_all(p, outcome, joined, levels, sites, test, error);
    else
        for (size_t l = 0; l < levels; l++) test[l].basis = rad_basis_make(&p->rules, 0, 0);
    for (size_t l = 0; joined && l < levels; l++) rad_lifetable_free(&joined[l]);
    rad_free(joined);
    rad_free(list);
    return status;
}
