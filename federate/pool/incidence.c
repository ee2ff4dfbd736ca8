#include "incidence.h"

#include "../../core/memory.h"
#include "distributions.h"

#include <math.h>

/* Sums over the intervals so far, by powers of the incidence at each: var F(t) = sum (F(t) - F_i)^2 d / (n (n
 * - d)) + S^2 c (n - c) / n^3 - 2 (F(t) - F_i) S c / n^2, d events of all causes, c of this one, F_i after
 * the interval, S before it. */
typedef struct sums {
    double square[3], own, cross[2];
} sums;

static double variance(const sums *s, double f) {
    return s->square[0] * f * f - 2 * s->square[1] * f + s->square[2] + s->own -
           2 * (s->cross[0] * f - s->cross[1]);
}

static void bound(rad_incidence_point *p) {
    const bool inside = p->incidence > 0 && p->incidence < 1 && p->se > 0;
    const double half = inside ? RAD_Z95 * p->se / (p->incidence * log(p->incidence)) : NAN;
    p->low = pow(p->incidence, exp(-half));
    p->high = pow(p->incidence, exp(half));
    if (!inside) p->low = p->high = NAN;
}

/* Interval by interval while there are patients. */
static void walk(const rad_lifetable *t, const double *grid, size_t cause, rad_incidence *out) {
    uint64_t at_risk = rad_pool_patients(t);
    double survival = 1, f = 0;
    sums s = {.own = 0};
    out->point[0] = (rad_incidence_point){.at_risk = at_risk, .low = NAN, .high = NAN};
    out->count = 1;
    for (size_t i = 0; i + 1 < t->edges && at_risk; i++) {
        const double n = (double)at_risk, d = (double)t->counts[2 * i],
                     c = (double)t->cause[i * t->causes + cause];
        f += survival * c / n;
        const double all = d < n ? d / (n * (n - d)) : 0; /* the last ones have nothing after them */
        for (int k = 0; k < 3; k++) s.square[k] += all * (k == 0 ? 1 : k == 1 ? f : f * f);
        s.own += survival * survival * c * (n - c) / (n * n * n);
        s.cross[0] += survival * c / (n * n);
        s.cross[1] += f * survival * c / (n * n);
        survival *= 1 - d / n;
        rad_incidence_point *p = &out->point[out->count++];
        *p = (rad_incidence_point){.time = grid[t->edge[i + 1]],
                                   .at_risk = at_risk,
                                   .events = t->cause[i * t->causes + cause],
                                   .incidence = f,
                                   .se = sqrt(fmax(0, variance(&s, f)))};
        bound(p);
        at_risk -= t->counts[2 * i] + t->counts[2 * i + 1];
    }
}

rad_status rad_incidence_compute(const rad_pool *p, size_t outcome, size_t stratum, size_t cause,
                                 rad_incidence *out, rad_error *error) {
    size_t sites = 0;
    rad_lifetable joined = {0};
    *out = (rad_incidence){.count = 0};
    const rad_lifetables **list = rad_pool_lifetables(p, outcome, 0, p->count, error);
    if (!list) return RAD_NO_MEMORY;
    const rad_joining joining = {list, p->count, (size_t)p->rules.sites, stratum, 1};
    rad_status status = rad_lifetables_join(&joining, &joined, &sites, error);
    rad_free(list);
    out->basis = rad_basis_make(&p->rules, sites, rad_pool_patients(&joined));
    out->basis.shown = out->basis.shown && joined.edges > 1 && cause < joined.causes;
    if (status == RAD_OK && out->basis.shown) {
        out->point = rad_new(joined.edges, sizeof *out->point, error);
        if (!out->point) status = RAD_NO_MEMORY;
        if (status == RAD_OK) walk(&joined, p->study->survivals[outcome].grid, cause, out);
    }
    rad_lifetable_free(&joined);
    return status;
}

void rad_incidence_free(rad_incidence *c) {
    rad_free(c->point);
    *c = (rad_incidence){.count = 0};
}
