#include "discriminant.h"

#include "../../core/memory.h"
#include "distributions.h"

#include <math.h>

rad_status rad_discriminant_allocate(size_t columns, size_t groups, rad_discriminant *d, rad_error *error) {
    *d = (rad_discriminant){.columns = columns, .groups = groups};
    d->estimate = rad_new(groups * (columns + 1), sizeof *d->estimate, error);
    d->distance = rad_new(groups, sizeof *d->distance, error);
    d->statistic = rad_new(groups, sizeof *d->statistic, error);
    d->p = rad_new(groups, sizeof *d->p, error);
    if (d->estimate && d->distance && d->statistic && d->p) return RAD_OK;
    rad_discriminant_free(d);
    return RAD_NO_MEMORY;
}

void rad_discriminant_free(rad_discriminant *d) {
    rad_free(d->estimate);
    rad_free(d->distance);
    rad_free(d->statistic);
    rad_free(d->p);
    *d = (rad_discriminant){.columns = 0};
}

void rad_discriminant_within(rad_gram *g, const rad_group_means *group, size_t groups) {
    const size_t k = g->columns;
    for (size_t c = 0; c < groups; c++)
        for (size_t i = 0; i < k && group[c].n > 0; i++)
            for (size_t j = 0; j < k; j++)
                g->cross[i * k + j] -=
                    group[c].n * (group[c].mean[i] - g->mean[i]) * (group[c].mean[j] - g->mean[j]);
}

/* W x = right for the columns that are independent, by the root of W; x is NaN for the others. */
typedef struct root {
    size_t used, columns, *at; /* owned */
    double *l, *x;             /* [columns][columns], [columns]; owned */
} root;

static void decompose(const rad_gram *g, root *r) {
    const size_t k = r->columns;
    for (size_t c = 0; c < k; c++) {
        double *row = r->l + r->used * k, left = g->cross[c * k + c];
        const double all = left;
        for (size_t i = 0; i < r->used; i++) {
            const double *other = r->l + i * k;
            double sum = g->cross[c * k + r->at[i]];
            for (size_t j = 0; j < i; j++) sum -= row[j] * other[j];
            row[i] = sum / other[i];
            left -= row[i] * row[i];
        }
        if (!(left > 1e-12 * all)) continue;
        row[r->used] = sqrt(left);
        r->at[r->used++] = c;
    }
}

static void solve(root *r, const double *right) {
    const size_t k = r->columns;
    for (size_t c = 0; c < k; c++) r->x[c] = NAN;
    for (size_t i = 0; i < r->used; i++) {
        double sum = right[r->at[i]];
        for (size_t j = 0; j < i; j++) sum -= r->l[i * k + j] * r->x[r->at[j]];
        r->x[r->at[i]] = sum / r->l[i * k + i];
    }
    for (size_t i = r->used; i-- > 0;) {
        double sum = r->x[r->at[i]];
        for (size_t j = i + 1; j < r->used; j++) sum -= r->l[j * k + i] * r->x[r->at[j]];
        r->x[r->at[i]] = sum / r->l[i * k + i];
    }
}

/* One group against the first. */
static void compare(const rad_group_means *group, size_t at, root *r, double df, double *difference,
                    rad_discriminant *d) {
    const size_t q = d->columns;
    const double n = group[0].n, m = group[at].n, used = (double)r->used;
    double *out = d->estimate + at * (q + 1), between = 0;
    if (!(n > 0 && m > 0)) return;
    out[q] = log(m / n);
    for (size_t c = 0; c < q; c++) difference[c] = group[at].mean[c] - group[0].mean[c];
    solve(r, difference);
    for (size_t c = 0; c < q; c++) {
        out[c] = r->x[c] * df;
        if (isnan(out[c])) continue;
        between += difference[c] * out[c];
        out[q] -= out[c] * (group[at].mean[c] + group[0].mean[c]) / 2;
    }
    d->distance[at] = between;
    if (!(d->df2 > 0)) return;
    d->statistic[at] = d->df2 / (used * df) * (n * m / (n + m)) * between;
    d->p[at] = rad_f_tail(d->statistic[at], d->df1, d->df2);
}

rad_status rad_discriminant_fit(const rad_gram *within, const rad_group_means *group, rad_discriminant *d,
                                rad_error *error) {
    const size_t q = d->columns;
    root r = {.columns = q};
    double present = 0;
    for (size_t g = 0; g < d->groups; g++) present += group[g].n > 0;
    const double df = within->n - present;
    for (size_t i = 0; i < d->groups * (q + 1); i++) d->estimate[i] = i <= q ? 0 : NAN;
    for (size_t g = 0; g < d->groups; g++) d->distance[g] = d->statistic[g] = d->p[g] = NAN;
    d->df1 = d->df2 = NAN;
    r.at = rad_new(q, sizeof *r.at, error);
    r.l = rad_new(q * q, sizeof *r.l, error);
    r.x = rad_new(q, sizeof *r.x, error);
    double *difference = rad_new(q, sizeof *difference, error);
    const rad_status status = r.at && r.l && r.x && difference ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) decompose(within, &r);
    if (status == RAD_OK && df > 0 && r.used) {
        d->df1 = (double)r.used;
        d->df2 = df - (double)r.used + 1;
        for (size_t g = 1; g < d->groups; g++) compare(group, g, &r, df, difference, d);
    }
    rad_free(r.at);
    rad_free(r.l);
    rad_free(r.x);
    rad_free(difference);
    return status;
}
