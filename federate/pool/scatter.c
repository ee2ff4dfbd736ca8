#include "scatter.h"

#include "../../core/linear.h"
#include "../describe.h"

#include <math.h>
#include <string.h>

void rad_scatter_clear(rad_scatter *s, size_t q) {
    s->n = s->y = s->yy = 0;
    memset(s->d, 0, q * sizeof *s->d);
    memset(s->dy, 0, q * sizeof *s->dy);
    memset(s->dd, 0, q * q * sizeof *s->dd);
}

rad_status rad_scatter_compute(const rad_exact *cells, size_t q, rad_scatter *out, rad_error *error) {
    const uint64_t n = (uint64_t)rad_exact_double(&cells[0]);
    const rad_exact *y = &cells[1];
    rad_scatter_clear(out, q);
    out->n = (double)n;
    if (!n) return RAD_OK;
    out->y = rad_exact_double(y) / out->n;
    rad_status status = rad_describe_scatter(n, y, y, &cells[2], &out->yy, error);
    for (size_t j = 0; j < q && status == RAD_OK; j++) {
        const rad_exact *d = &cells[rad_design_d(j)];
        out->d[j] = rad_exact_double(d) / out->n;
        status = rad_describe_scatter(n, d, y, &cells[rad_design_dy(q, j)], &out->dy[j], error);
        for (size_t i = 0; i <= j && status == RAD_OK; i++) {
            status = rad_describe_scatter(n, &cells[rad_design_d(i)], d, &cells[rad_design_dd(q, i, j)],
                                          &out->dd[i * q + j], error);
            out->dd[j * q + i] = out->dd[i * q + j];
        }
    }
    return status;
}

void rad_scatter_add(rad_scatter *to, const rad_scatter *from, size_t q) {
    to->n += from->n;
    to->yy += from->yy;
    for (size_t i = 0; i < q; i++) to->dy[i] += from->dy[i];
    for (size_t i = 0; i < q * q; i++) to->dd[i] += from->dd[i];
}

void rad_scatter_drop(rad_scatter *s, size_t q, size_t keep) {
    for (size_t i = 0; i < keep; i++) memmove(&s->dd[i * keep], &s->dd[i * q], keep * sizeof *s->dd);
}

/* One column out of all others: a step of Gaussian elimination. */
static void sweep(rad_scatter *s, size_t q, size_t b) {
    double row[RAD_DESIGN_MAX];
    const double pivot = s->dd[b * q + b], y = s->dy[b];
    memcpy(row, &s->dd[b * q], q * sizeof *row);
    for (size_t i = 0; i < q; i++) {
        for (size_t j = 0; j < q; j++) s->dd[i * q + j] -= row[i] * row[j] / pivot;
        s->dy[i] -= row[i] * y / pivot;
    }
    s->yy -= y * y / pivot;
}

void rad_scatter_within(rad_scatter *s, size_t q, size_t keep) {
    const double nothing = 1e-12, yy = s->yy;
    double before[RAD_DESIGN_MAX] = {0};
    for (size_t i = 0; i < q; i++) before[i] = s->dd[i * q + i];
    for (size_t b = keep; b < q; b++) /* not those of nobody, nor the last of those that make up everybody */
        if (s->dd[b * q + b] > nothing * before[b]) sweep(s, q, b);
    if (s->yy <= nothing * yy) s->yy = 0;
    for (size_t i = 0; i < keep; i++) {
        if (s->dd[i * q + i] > nothing * before[i]) continue;
        for (size_t j = 0; j < q; j++) s->dd[i * q + j] = s->dd[j * q + i] = 0;
        s->dy[i] = 0;
    }
    rad_scatter_drop(s, q, keep);
}

bool rad_scatter_fit(const rad_scatter *s, size_t q, rad_fit *out) {
    double a[RAD_DESIGN_MAX * RAD_DESIGN_MAX], scale[RAD_DESIGN_MAX];
    size_t at[RAD_DESIGN_MAX], used = 0;
    for (size_t i = 0; i < q; i++) {
        out->slope[i] = NAN;
        for (size_t j = 0; j < q; j++) out->inverse[i * q + j] = NAN;
        if (s->dd[i * q + i] > 0) at[used++] = i;
    }
    out->used = used;
    out->residual = s->yy;
    if (!used) return true;
    for (size_t i = 0; i < used; i++) scale[i] = sqrt(s->dd[at[i] * q + at[i]]);
    for (size_t i = 0; i < used; i++)
        for (size_t j = 0; j < used; j++) a[i * used + j] = s->dd[at[i] * q + at[j]] / (scale[i] * scale[j]);
    const int n = (int)used;
    if (!rad_linear_cholesky('L', n, a)) return false;
    for (size_t i = 0; i < used; i++)
        if (a[i * used + i] < 1e-6) return false; /* all but a 1e-12th of it is a combination of the others */
    if (!rad_linear_invert('L', n, a)) return false;
    for (size_t i = 0; i < used; i++) {
        double slope = 0;
        for (size_t j = 0; j < used; j++) {
            const double entry = (i >= j ? a[i * used + j] : a[j * used + i]) / (scale[i] * scale[j]);
            out->inverse[at[i] * q + at[j]] = entry;
            slope += entry * s->dy[at[j]];
        }
        out->slope[at[i]] = slope;
        out->residual -= slope * s->dy[at[i]];
    }
    out->residual = fmax(0, out->residual);
    return true;
}
