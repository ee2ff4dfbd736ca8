#include "components.h"

#include "../../core/memory.h"

#include <lapacke.h>
#include <lapacke_utils.h>
#include <math.h>
#include <string.h>

/* Largest first; the largest entry of each vector positive. */
static void arrange(size_t n, size_t count, const double *ascending, const double *columns, double *values,
                    double *vectors) {
    for (size_t k = 0; k < n; k++) values[k] = ascending[n - 1 - k];
    for (size_t k = 0; k < count; k++) {
        const double *from = columns + (count - 1 - k) * n;
        double largest = 0;
        for (size_t i = 0; i < n; i++)
            if (fabs(from[i]) > fabs(largest) * (1 + 1e-9)) largest = from[i];
        for (size_t i = 0; i < n; i++) vectors[k * n + i] = largest < 0 ? -from[i] : from[i];
    }
}

/* The matrix, and what LAPACK works in. */
typedef struct problem {
    lapack_int n, count; /* vectors that are wanted */
    double *matrix, *work, *ascending, *columns;
    double *buffer;
    lapack_int size, *whole; /* of buffer; 10 n whole numbers */
} problem;

/* The most that the steps below ask for. */
static rad_status allocate_buffer(problem *p, rad_error *error) {
    double first = 0, last = 0;
    LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'L', p->n, NULL, p->n, NULL, NULL, NULL, &first, -1);
    LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', p->n, p->count, NULL, p->n, NULL, NULL, p->n, &last,
                        -1);
    p->size = (lapack_int)fmax(18.0 * p->n, fmax(first, last));
    p->buffer = rad_new((size_t)p->size, sizeof *p->buffer, error);
    p->whole = rad_new((size_t)p->n, 10 * sizeof *p->whole, error);
    return p->buffer && p->whole ? RAD_OK : RAD_NO_MEMORY;
}

/* To a tridiagonal matrix once; of that all eigenvalues, and only the vectors that are wanted: others would
 * cost most. */
static bool solve(const problem *p) {
    const lapack_int n = p->n;
    double *d = p->work, *e = d + n, *tau = d + 2 * n, *d2 = d + 3 * n, *e2 = d + 4 * n, *w = d + 5 * n;
    lapack_int found = 0, *support = (lapack_int *)(void *)(d + 6 * n);
    lapack_logical accurate = 1;
    if (LAPACKE_dsy_nancheck(LAPACK_COL_MAJOR, 'L', n, p->matrix, n) ||
        LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'L', n, p->matrix, n, d, e, tau, p->buffer, p->size))
        return false;
    memcpy(p->ascending, d, (size_t)n * sizeof *d);
    memcpy(e2, e, (size_t)n * sizeof *e);
    memcpy(d2, d, (size_t)n * sizeof *d);
    if (LAPACKE_dsterf_work(n, p->ascending, e2)) return false;
    if (!p->count) return true;
    if (LAPACKE_dstemr_work(LAPACK_COL_MAJOR, 'V', 'I', n, d2, e, 0, 0, n - p->count + 1, n, &found, w,
                            p->columns, n, p->count, support, &accurate, p->buffer, p->size, p->whole,
                            10 * n) ||
        found != p->count)
        return false;
    return !LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', n, p->count, p->matrix, n, tau, p->columns,
                                n, p->buffer, p->size);
}

rad_status rad_components_compute(const rad_correlations *c, size_t count, double *values, double *vectors,
                                  rad_error *error) {
    const size_t n = c->count;
    if (!n) return RAD_OK;
    problem p = {.n = (lapack_int)n, .count = (lapack_int)count};
    p.matrix = rad_new_raw(n * n, sizeof *p.matrix, error);
    p.work = rad_new(8 * n, sizeof *p.work, error);
    p.ascending = rad_new(n, sizeof *p.ascending, error);
    p.columns = rad_new(n * (count + 1), sizeof *p.columns, error);
    rad_status status =
        p.matrix && p.work && p.ascending && p.columns ? allocate_buffer(&p, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        memcpy(p.matrix, c->r, n * n * sizeof *p.matrix);
        if (!solve(&p))
            status =
                rad_fail(error, RAD_NO_RESULT, "the eigenvalues of %zu correlations did not converge", n * n);
    }
    if (status == RAD_OK) arrange(n, count, p.ascending, p.columns, values, vectors);
    rad_free(p.matrix);
    rad_free(p.work);
    rad_free(p.ascending);
    rad_free(p.columns);
    rad_free(p.buffer);
    rad_free(p.whole);
    return status;
}
