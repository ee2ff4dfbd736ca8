#include "eigen.h"

#include "memory.h"
#include "simd.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Householder's reflections make the matrix tridiagonal; how many eigenvalues lie beyond a size is then a
 * count of signs (Sturm), at several sizes side by side. */
enum { LANES = 4, SIZES = 4, COUNTS = 2 * SIZES };

/* The largest element is about 1. Rows are padded to whole lanes; v and w are 0 where a step has nothing to
 * do. */
typedef struct reduction {
    size_t n, stride;
    double *a, *v, *w;
    double *diagonal, *beside; /* of the result; beside[k] lies between k and k + 1 */
} reduction;

/* w += the rows of `a` from `first` on, each times its v; two at a time. */
RAD_KERNEL_LOOP void add_rows_loop(const reduction *r, size_t first, size_t from, double *restrict w) {
    const double *v = r->v;
    size_t i = first;
    for (; i + 2 <= r->n; i += 2) {
        const double *row = r->a + i * r->stride, *next = row + r->stride, p = v[i], q = v[i + 1];
        for (size_t x = from; x < r->stride; x += LANES)
#pragma omp simd
            for (size_t l = x; l < x + LANES; l++) w[l] = (w[l] + p * row[l]) + q * next[l];
    }
    for (; i < r->n; i++) {
        const double *row = r->a + i * r->stride, p = v[i];
        for (size_t x = from; x < r->stride; x += LANES)
#pragma omp simd
            for (size_t l = x; l < x + LANES; l++) w[l] += p * row[l];
    }
}
RAD_KERNEL(add_rows, (const reduction *r, size_t first, size_t from, double *restrict w), (r, first, from, w))

/* a -= v w' + w v' */
RAD_KERNEL_LOOP void reflect_loop(const reduction *r, size_t first, size_t from, double *restrict a) {
    const double *v = r->v, *w = r->w;
    size_t i = first;
    for (; i + 2 <= r->n; i += 2) {
        double *row = a + i * r->stride, *next = row + r->stride;
        const double p = v[i], q = w[i], s = v[i + 1], t = w[i + 1];
        for (size_t x = from; x < r->stride; x += LANES)
#pragma omp simd
            for (size_t l = x; l < x + LANES; l++) {
                row[l] -= p * w[l] + q * v[l];
                next[l] -= s * w[l] + t * v[l];
            }
    }
    for (; i < r->n; i++) {
        double *row = a + i * r->stride;
        const double p = v[i], q = w[i];
        for (size_t x = from; x < r->stride; x += LANES)
#pragma omp simd
            for (size_t l = x; l < x + LANES; l++) row[l] -= p * w[l] + q * v[l];
    }
}
RAD_KERNEL(reflect, (const reduction *r, size_t first, size_t from, double *restrict a), (r, first, from, a))

static double product(const double *x, const double *y, size_t from, size_t end) {
    double lane[LANES] = {0};
    for (size_t i = from; i < end; i += LANES)
        for (size_t l = 0; l < LANES; l++) lane[l] += x[i + l] * y[i + l];
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* Of a matrix of ones: squares of less are lost. */
static const double NOTHING = 0x1p-500;

/* Row k becomes its diagonal and one element beside it. */
static void reduce_row(reduction *r, size_t k) {
    const size_t first = k + 1, from = first - first % LANES;
    const double *row = r->a + k * r->stride;
    memset(r->v, 0, r->stride * sizeof *r->v);
    memset(r->w, 0, r->stride * sizeof *r->w);
    memcpy(r->v + first, row + first, (r->n - first) * sizeof *r->v);
    r->diagonal[k] = row[k];
    const double length = sqrt(product(r->v, r->v, from, r->stride));
    const double head = r->v[first], beside = head > 0 ? -length : length;
    r->beside[k] = length > NOTHING ? beside : 0;
    if (!(length > NOTHING)) return;
    r->v[first] = head - beside;
    const double scale = 2 / product(r->v, r->v, from, r->stride);
    add_rows(r, first, from, r->w);
    for (size_t i = 0; i < first; i++) r->w[i] = 0; /* what is reduced already */
    for (size_t i = first; i < r->n; i++) r->w[i] *= scale;
    const double back = scale / 2 * product(r->v, r->w, from, r->stride);
    for (size_t i = first; i < r->n; i++) r->w[i] -= back * r->v[i];
    reflect(r, first, from, r->a);
}

static void reduce(reduction *r) {
    for (size_t k = 0; k + 2 < r->n; k++) reduce_row(r, k);
    const double *end = r->a + (r->n - 2) * r->stride + r->n - 2;
    r->diagonal[r->n - 2] = end[0];
    r->beside[r->n - 2] = end[1];
    r->diagonal[r->n - 1] = end[r->stride + 1];
}

/* Signs of the pivots of T - t: how many eigenvalues lie below each t. */
RAD_KERNEL_LOOP void count_below_loop(const reduction *r, double least, const double *restrict t,
                                      double *restrict below) {
    double pivot[COUNTS], square = 0;
    for (size_t l = 0; l < COUNTS; l++) pivot[l] = 1;
    for (size_t i = 0; i < r->n; i++) {
        const double d = r->diagonal[i];
#pragma omp simd
        for (size_t l = 0; l < COUNTS; l++) {
            const double p = (d - t[l]) - square / pivot[l];
            pivot[l] = p < least && p > -least ? -least : p;
            below[l] += pivot[l] < 0 ? 1 : 0;
        }
        square = i + 1 < r->n ? r->beside[i] * r->beside[i] : 0;
    }
}
RAD_KERNEL(count_below, (const reduction *r, double least, const double *restrict t, double *restrict below),
           (r, least, t, below))

/* The size that at most one eigenvalue is beyond, between sizes that are SIZES to a round. */
static double find_second(const reduction *r) {
    double low = 0, high = 0, largest = 0;
    for (size_t i = 0; i < r->n; i++) {
        const double left = i ? fabs(r->beside[i - 1]) : 0, right = i + 1 < r->n ? fabs(r->beside[i]) : 0;
        high = fmax(high, fabs(r->diagonal[i]) + left + right);
        largest = fmax(largest, right * right);
    }
    const double fine = high * 0x1p-54, least = DBL_MIN * fmax(1, largest);
    while (high - low > fine) {
        double t[COUNTS], below[COUNTS] = {0};
        const double before = high - low;
        size_t k = 0;
        for (size_t l = 0; l < SIZES; l++) {
            t[l] = low + (high - low) * (double)(l + 1) / (SIZES + 1);
            t[SIZES + l] = -t[l];
        }
        count_below(r, least, t, below);
        while (k < SIZES && (double)r->n - below[k] + below[SIZES + k] >= 2) k++;
        if (k < SIZES) high = t[k];
        if (k > 0) low = t[k - 1];
        if (!(high - low < before)) break;
    }
    return low + (high - low) / 2;
}

/* Infinite where an element is no number. */
static double largest_of(size_t n, const double *a) {
    double most = 0;
    for (size_t i = 0; i < n * n; i++) {
        const double size = fabs(a[i]);
        if (!(size <= most)) most = isnan(size) ? (double)INFINITY : size;
    }
    return most;
}

rad_status rad_eigen_second(size_t n, const double *a, double *value, rad_error *error) {
    const size_t stride = (n + LANES - 1) / LANES * LANES;
    double *room = rad_new(stride, (n + 4) * sizeof *room, error);
    if (!room) return RAD_NO_MEMORY;
    double *v = room + n * stride;
    reduction r = {n, stride, room, v, v + stride, v + 2 * stride, v + 3 * stride};
    int power = 0;
    const double most = largest_of(n, a);
    frexp(most, &power);
    if (power < -1000) power = -1000;
    const double scale = ldexp(1, -power);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) room[i * stride + k] = a[i * n + k] * scale;
    reduce(&r);
    *value = ldexp(find_second(&r), power);
    rad_free(room);
    return isfinite(most) ? RAD_OK : rad_fail(error, RAD_NO_RESULT, "eigenvalues of a matrix are no numbers");
}
