#include "curve.h"

#include "../../core/memory.h"
#include "distributions.h"

#include <math.h>

/* Interval by interval while there are patients; the first point is at time 0. */
static void walk(const rad_lifetable *t, const double *grid, rad_curve *out) {
    rad_curve_point at = {.at_risk = out->n, .survival = 1, .grid_low = 1, .low = NAN, .high = NAN};
    double sum = 0; /* Greenwood's */
    out->point[0] = at;
    for (size_t i = 0; i + 1 < t->edges && at.at_risk; i++) {
        const uint64_t n = at.at_risk, d = t->counts[2 * i], c = t->counts[2 * i + 1];
        at = (rad_curve_point){.time = grid[t->edge[i + 1]],
                               .at_risk = n,
                               .events = d,
                               .censored = c,
                               .survival = at.survival * (d ? 1 - (double)d / (double)n : 1),
                               .grid_low = at.grid_low * (d ? 1 - (double)d / (double)(n - c) : 1)};
        sum += d ? (double)d / ((double)n * (double)(n - d)) : 0;
        at.se = at.survival > 0 ? at.survival * sqrt(sum) : NAN;
        const bool inside = at.survival > 0 && at.survival < 1;
        const double half = inside ? RAD_Z95 * sqrt(sum) / log(at.survival) : NAN;
        at.low = pow(at.survival, exp(-half));
        at.high = pow(at.survival, exp(half));
        if (!inside) at.low = at.high = NAN;
        out->events += d;
        out->point[i + 1] = at;
        out->count = i + 2;
        at.at_risk = n - d - c;
    }
}

static void find_median(rad_curve *c) {
    c->median_low = 0;
    c->median_high = INFINITY;
    for (size_t i = 0; i < c->count; i++) {
        if (c->point[i].grid_low > 0.5) c->median_low = c->point[i].time;
        if (c->point[i].survival <= 0.5 && isinf(c->median_high)) c->median_high = c->point[i].time;
    }
}

/* Of the sites first .. first + count - 1, of which `least` are needed. */
typedef struct span {
    size_t first, count, least;
} span;

static rad_status compute(const rad_pool *p, span of, size_t outcome, size_t stratum, rad_curve *out,
                          rad_error *error) {
    rad_rules rules = p->rules;
    size_t sites = 0;
    rad_lifetable joined;
    *out = (rad_curve){.median_low = NAN, .median_high = NAN};
    const rad_lifetables **list = rad_pool_lifetables(p, outcome, of.first, of.count, error);
    if (!list) return RAD_NO_MEMORY;
    const rad_joining joining = {list, of.count, of.least, stratum, 1};
    rad_status status = rad_lifetables_join(&joining, &joined, &sites, error);
    rad_free(list);
    rules.sites = (int)of.least;
    out->basis = rad_basis_make(&rules, sites, rad_pool_patients(&joined));
    out->basis.shown = out->basis.shown && joined.edges > 1; /* else no time is common to them */
    if (status == RAD_OK && out->basis.shown) {
        out->point = rad_new(joined.edges, sizeof *out->point, error);
        if (!out->point) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK && out->basis.shown) {
        out->n = out->basis.patients;
        walk(&joined, p->study->survivals[outcome].grid, out);
        find_median(out);
    }
    rad_lifetable_free(&joined);
    return status;
}

rad_status rad_curve_compute(const rad_pool *p, size_t outcome, size_t stratum, rad_curve *out,
                             rad_error *error) {
    return compute(p, (span){0, p->count, (size_t)p->rules.sites}, outcome, stratum, out, error);
}

rad_status rad_curve_of_site(const rad_pool *p, size_t site, size_t outcome, size_t stratum, rad_curve *out,
                             rad_error *error) {
    return compute(p, (span){site, 1, 1}, outcome, stratum, out, error);
}

rad_status rad_curve_of_table(const rad_lifetable *t, const double *grid, rad_curve *out, rad_error *error) {
    *out = (rad_curve){.count = 1, .n = rad_pool_patients(t)};
    out->point = rad_new(t->edges, sizeof *out->point, error);
    if (!out->point) return RAD_NO_MEMORY;
    walk(t, grid, out);
    return RAD_OK;
}

void rad_curve_free(rad_curve *c) {
    rad_free(c->point);
    *c = (rad_curve){.count = 0};
}
