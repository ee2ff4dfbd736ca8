#include "convolve.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <string.h>

rad_status rad_taps_make(const double *tap, size_t length, rad_taps *taps, rad_error *error) {
    *taps = (rad_taps){rad_new(length, sizeof *tap, error), length, length / 2};
    if (!taps->tap) return RAD_NO_MEMORY;
    memcpy(taps->tap, tap, length * sizeof *tap);
    return RAD_OK;
}

rad_status rad_taps_sample(double (*f)(double k, double sigma), double sigma, size_t reach, rad_taps *taps,
                           rad_error *error) {
    *taps = (rad_taps){rad_new(2 * reach + 1, sizeof *taps->tap, error), 2 * reach + 1, reach};
    if (!taps->tap) return RAD_NO_MEMORY;
    for (size_t i = 0; i < taps->length; i++) taps->tap[i] = f((double)i - (double)reach, sigma);
    return RAD_OK;
}

void rad_taps_free(rad_taps *taps) {
    rad_free(taps->tap);
    *taps = (rad_taps){0};
}

ptrdiff_t rad_boundary_index(ptrdiff_t i, size_t n, rad_boundary boundary) {
    const ptrdiff_t count = (ptrdiff_t)n;
    if (i >= 0 && i < count) return i;
    switch (boundary) {
    case RAD_ZERO:
        return -1;
    case RAD_CLAMP:
        return i < 0 ? 0 : count - 1;
    case RAD_PERIODIC:
        return ((i % count) + count) % count;
    case RAD_MIRROR:
        break;
    }
    i = ((i % (2 * count)) + 2 * count) % (2 * count);
    return i < count ? i : 2 * count - 1 - i;
}

/* Elements that are summed at a time: they stay in the first-level cache. */
enum { STRIP = 512 };

typedef struct job {
    const double *in;
    double *out;
    size_t length, inner; /* of the axis; contiguous elements per voxel of it */
    const rad_taps *taps;
    bool flipped;
    rad_boundary boundary;
    const rad_pooling_how *pool; /* or NULL */
} job;

enum { TOGETHER = 7 };

/* out[j] += weight[0] * in[0][j], then weight[1] * in[1][j] and so on: the order is that of taps one by one.
 */
RAD_KERNEL_LOOP void add_scaled_loop(const double *const *in, const double *weight, size_t taps, size_t count,
                                     double *restrict out) {
    size_t t = 0;
    if (taps == TOGETHER) {
        const double *a = in[0], *b = in[1], *c = in[2], *d = in[3], *e = in[4], *f = in[5], *g = in[6];
        const double p = weight[0], q = weight[1], r = weight[2], s = weight[3], u = weight[4], v = weight[5],
                     w = weight[6];
#pragma omp simd
        for (size_t j = 0; j < count; j++)
            out[j] = ((((((out[j] + p * a[j]) + q * b[j]) + r * c[j]) + s * d[j]) + u * e[j]) + v * f[j]) +
                     w * g[j];
        return;
    }
    for (; t + 3 <= taps; t += 3) {
        const double *a = in[t], *b = in[t + 1], *c = in[t + 2];
        const double p = weight[t], q = weight[t + 1], r = weight[t + 2];
#pragma omp simd
        for (size_t j = 0; j < count; j++) out[j] = ((out[j] + p * a[j]) + q * b[j]) + r * c[j];
    }
    for (; t < taps; t++) {
        const double *a = in[t], p = weight[t];
#pragma omp simd
        for (size_t j = 0; j < count; j++) out[j] += p * a[j];
    }
}
RAD_KERNEL(add_scaled,
           (const double *const *in, const double *weight, size_t taps, size_t count, double *restrict out),
           (in, weight, taps, count, out))

/* Rows that wait to be added together. */
typedef struct queue {
    const double *in[TOGETHER];
    double weight[TOGETHER];
    size_t count;
} queue;

static void flush(queue *q, size_t width, double *out) {
    add_scaled(q->in, q->weight, q->count, width, out);
    q->count = 0;
}

static void add_later(queue *q, const double *in, double weight, size_t width, double *out) {
    q->in[q->count] = in;
    q->weight[q->count++] = weight;
    if (q->count == TOGETHER) flush(q, width, out);
}

static double weight_of(const job *j, size_t i) {
    return j->taps->tap[j->flipped ? j->taps->length - 1 - i : i];
}

static size_t centre_of(const job *j) {
    return j->flipped ? j->taps->length - 1 - j->taps->centre : j->taps->centre;
}

/* Sums begin at zero, or where they join a sum at what is there. */
static bool begins_at_zero(const job *j) {
    return !j->pool || j->pool->pooling != RAD_POOL_SUM || j->pool->first || j->pool->times != 1;
}

/* A strip of sums joins the pool, or they were made in their place. */
static void put_strip(const job *j, const double *sum, size_t width, double *out) {
    if (sum != out) rad_pooling_row(j->pool, sum, width, out);
}

static double *begin_strip(const job *j, size_t width, double *room, double *out) {
    double *sum = j->pool && begins_at_zero(j) ? room : out;
    if (begins_at_zero(j)) memset(sum, 0, width * sizeof *sum);
    return sum;
}

/* One row of an axis with neighbours: a weighted sum of other rows. */
static void sum_rows(size_t index, void *context) {
    const job *j = context;
    const size_t n = index % j->length, block = index / j->length;
    const double *in = j->in + block * j->length * j->inner;
    double room[STRIP];
    for (size_t first = 0; first < j->inner; first += STRIP) {
        const size_t width = j->inner - first < STRIP ? j->inner - first : STRIP;
        double *out = j->out + index * j->inner + first, *sum = begin_strip(j, width, room, out);
        queue q = {.count = 0};
        for (size_t i = 0; i < j->taps->length; i++) {
            const double weight = weight_of(j, i);
            const ptrdiff_t from =
                rad_boundary_index((ptrdiff_t)(n + centre_of(j)) - (ptrdiff_t)i, j->length, j->boundary);
            if (weight != 0 && from >= 0)
                add_later(&q, in + (size_t)from * j->inner + first, weight, width, sum);
        }
        flush(&q, width, sum);
        put_strip(j, sum, width, out);
    }
}

/* Voxels begin..end - 1 of a line near its ends. */
static void sum_voxels(const job *j, const double *in, size_t begin, size_t end, double *out) {
    for (size_t x = begin; x < end; x++) {
        double sum = begins_at_zero(j) ? 0 : out[x];
        for (size_t i = 0; i < j->taps->length; i++) {
            const ptrdiff_t from =
                rad_boundary_index((ptrdiff_t)(x + centre_of(j)) - (ptrdiff_t)i, j->length, j->boundary);
            if (weight_of(j, i) != 0 && from >= 0) sum += weight_of(j, i) * in[from];
        }
        if (j->pool && begins_at_zero(j))
            rad_pooling_row(j->pool, &sum, 1, &out[x]);
        else
            out[x] = sum;
    }
}

/* One line of contiguous voxels: shift by shift where all taps lie on it, voxel by voxel near its ends. */
static void sum_line(size_t index, void *context) {
    const job *j = context;
    const size_t after = j->taps->length - 1 - centre_of(j), centre = centre_of(j), n = j->length;
    const double *in = j->in + index * n;
    double *out = j->out + index * n, room[STRIP];
    const size_t begin = after < n ? after : n, last = n > centre ? n - centre : 0,
                 end = last < begin ? begin : last;
    sum_voxels(j, in, 0, begin, out);
    for (size_t first = begin; first < end; first += STRIP) {
        const size_t width = end - first < STRIP ? end - first : STRIP;
        double *sum = begin_strip(j, width, room, out + first);
        queue q = {.count = 0};
        for (size_t i = 0; i < j->taps->length; i++)
            if (weight_of(j, i) != 0) add_later(&q, in + first + centre - i, weight_of(j, i), width, sum);
        flush(&q, width, sum);
        put_strip(j, sum, width, out + first);
    }
    sum_voxels(j, in, end, n, out);
}

void rad_convolve(const double *in, const size_t size[3], int axis, const rad_taps *taps, bool flipped,
                  rad_boundary boundary, int threads, const rad_pooling_how *pool, double *out) {
    job j = {in, out, size[axis], 1, taps, flipped, boundary, pool};
    size_t outer = 1;
    for (int a = 0; a < axis; a++) j.inner *= size[a];
    for (int a = axis + 1; a < 3; a++) outer *= size[a];
    if (axis == 0)
        rad_parallel_for(outer, threads, sum_line, &j);
    else
        rad_parallel_for(outer * j.length, threads, sum_rows, &j);
}
