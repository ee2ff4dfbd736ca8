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
    if (i < -count || i >= 2 * count) i %= 2 * count;
    if (i < 0) i += 2 * count;
    return i < count ? i : 2 * count - 1 - i;
}

/* Elements that are summed at a time: they stay in the first-level cache. */
enum { STRIP = 512, COLUMN = 384, PIECE = 2048 };

/* Even taps take both voxels at a distance together, taps of 1 need no product. */
typedef enum kind { ANY, EVEN, ONES } kind;

typedef struct job {
    const double *in;
    double *out;
    size_t length, inner; /* of the axis; contiguous elements per voxel of it */
    const rad_taps *taps;
    bool flipped;
    rad_boundary boundary;
    const rad_pooling_how *pool; /* or NULL */
    kind kind;
    size_t steps;       /* taps, or pairs of them and the one in the centre */
    size_t from, count; /* voxels of the axis that are kept */
} job;

static kind kind_of(const rad_taps *taps) {
    bool even = taps->length % 2 && taps->centre == taps->length / 2, ones = true;
    for (size_t i = 0; i < taps->length; i++) {
        even = even && taps->tap[i] == taps->tap[taps->length - 1 - i];
        ones = ones && taps->tap[i] == 1;
    }
    return ones ? ONES : even ? EVEN : ANY;
}

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

/* out[j] += weight[t] * (in[t][j] + twin[t][j]), t by t. */
RAD_KERNEL_LOOP void add_pairs_loop(const double *const *in, const double *const *twin, const double *weight,
                                    size_t taps, size_t count, double *restrict out) {
    size_t t = 0;
    for (; t + 3 <= taps; t += 3) {
        const double *a = in[t], *b = in[t + 1], *c = in[t + 2];
        const double *d = twin[t], *e = twin[t + 1], *f = twin[t + 2];
        const double p = weight[t], q = weight[t + 1], r = weight[t + 2];
#pragma omp simd
        for (size_t j = 0; j < count; j++)
            out[j] = ((out[j] + p * (a[j] + d[j])) + q * (b[j] + e[j])) + r * (c[j] + f[j]);
    }
    for (; t < taps; t++) {
        const double *a = in[t], *d = twin[t], p = weight[t];
#pragma omp simd
        for (size_t j = 0; j < count; j++) out[j] += p * (a[j] + d[j]);
    }
}
RAD_KERNEL(add_pairs,
           (const double *const *in, const double *const *twin, const double *weight, size_t taps,
            size_t count, double *restrict out),
           (in, twin, weight, taps, count, out))

/* out[j] += in[t][j], t by t. */
RAD_KERNEL_LOOP void add_plain_loop(const double *const *in, size_t taps, size_t count,
                                    double *restrict out) {
    size_t t = 0;
    for (; t + 3 <= taps; t += 3) {
        const double *a = in[t], *b = in[t + 1], *c = in[t + 2];
#pragma omp simd
        for (size_t j = 0; j < count; j++) out[j] = ((out[j] + a[j]) + b[j]) + c[j];
    }
    for (; t < taps; t++) {
        const double *a = in[t];
#pragma omp simd
        for (size_t j = 0; j < count; j++) out[j] += a[j];
    }
}
RAD_KERNEL(add_plain, (const double *const *in, size_t taps, size_t count, double *restrict out),
           (in, taps, count, out))

/* Rows that wait to be added together. */
typedef struct queue {
    const double *in[TOGETHER], *twin[TOGETHER];
    double weight[TOGETHER];
    size_t count;
} queue;

static void flush(queue *q, kind how, size_t width, double *out) {
    if (how == EVEN)
        add_pairs(q->in, q->twin, q->weight, q->count, width, out);
    else if (how == ONES)
        add_plain(q->in, q->count, width, out);
    else
        add_scaled(q->in, q->weight, q->count, width, out);
    q->count = 0;
}

static const double zeros[STRIP];

/* Either row may be NULL: zeros. */
static void add_later(queue *q, const job *j, const double *in, const double *twin, double weight,
                      size_t width, double *out) {
    if (weight == 0 || (!in && !twin)) return;
    q->in[q->count] = in ? in : zeros;
    q->twin[q->count] = twin ? twin : zeros;
    q->weight[q->count++] = weight;
    if (q->count == TOGETHER) flush(q, j->kind, width, out);
}

static double weight_of(const job *j, size_t i) {
    return j->taps->tap[j->flipped ? j->taps->length - 1 - i : i];
}

static size_t centre_of(const job *j) {
    return j->flipped ? j->taps->length - 1 - j->taps->centre : j->taps->centre;
}

/* The other tap of the pair of an even kernel; 0: there is none. */
static size_t twin_of(const job *j, size_t i) {
    return j->kind == EVEN && i + 1 < j->steps ? j->taps->length - 1 - i : 0;
}

/* The voxel that tap i of voxel n takes; -1: a zero. */
static ptrdiff_t voxel_of(const job *j, size_t n, size_t i) {
    const ptrdiff_t at = (ptrdiff_t)(n + centre_of(j)) - (ptrdiff_t)i;
    return at >= 0 && at < (ptrdiff_t)j->length ? at : rad_boundary_index(at, j->length, j->boundary);
}

/* Sums begin at zero, or where they join a sum at what is there. */
static bool begins_at_zero(const job *j) {
    return !j->pool || j->pool->pooling != RAD_POOL_SUM || j->pool->first || j->pool->times != 1;
}

/* A strip of sums joins the pool, or they were made in their place. */
static void put_strip(const job *j, const double *sum, size_t width, double *out) {
    if (sum != out) rad_pooling_row(j->pool, sum, width, out);
}

static double *begin_strip(const job *j, size_t width, double *buffer, double *out) {
    double *sum = j->pool && begins_at_zero(j) ? buffer : out;
    if (begins_at_zero(j)) memset(sum, 0, width * sizeof *sum);
    return sum;
}

/* Part of a row of an axis with neighbours: a weighted sum of other rows. */
static void sum_row(const job *j, size_t n, const double *in, size_t width, double *out) {
    double buffer[STRIP], *sum = begin_strip(j, width, buffer, out);
    queue q; /* not cleared: that would cost more than a sum */
    q.count = 0;
    for (size_t i = 0; i < j->steps; i++) {
        const ptrdiff_t from = voxel_of(j, n, i), twin = twin_of(j, i) ? voxel_of(j, n, twin_of(j, i)) : -1;
        add_later(&q, j, from < 0 ? NULL : in + (size_t)from * j->inner,
                  twin < 0 ? NULL : in + (size_t)twin * j->inner, weight_of(j, i), width, sum);
    }
    flush(&q, j->kind, width, sum);
    put_strip(j, sum, width, out);
}

/* A column of such parts, one after the other, so that the rows that the next one needs are in the cache. */
static void sum_column(size_t index, void *context) {
    const job *j = context;
    const size_t columns = (j->inner + COLUMN - 1) / COLUMN, first = index % columns * COLUMN;
    const double *in = j->in + index / columns * j->length * j->inner + first;
    double *out = j->out + index / columns * j->count * j->inner + first;
    const size_t width = j->inner - first < COLUMN ? j->inner - first : COLUMN;
    for (size_t n = 0; n < j->count; n++) sum_row(j, j->from + n, in, width, out + n * j->inner);
}

/* A voxel of a line, where there are too many taps for the cache. */
static void sum_voxel(const job *j, const double *in, size_t x, double *out) {
    double sum = begins_at_zero(j) ? 0 : *out;
    for (size_t i = 0; i < j->steps; i++) {
        const ptrdiff_t from = voxel_of(j, x, i), twin = twin_of(j, i) ? voxel_of(j, x, twin_of(j, i)) : -1;
        if (weight_of(j, i) != 0)
            sum += weight_of(j, i) * ((from >= 0 ? in[from] : 0) + (twin >= 0 ? in[twin] : 0));
    }
    if (j->pool && begins_at_zero(j))
        rad_pooling_row(j->pool, &sum, 1, out);
    else
        *out = sum;
}

/* A line of contiguous voxels shift by shift; `in` is where tap 0 of the first voxel lies. */
static void sum_shifts(const job *j, const double *in, size_t n, double *out) {
    for (size_t first = 0; first < n; first += STRIP) {
        const size_t width = n - first < STRIP ? n - first : STRIP;
        double buffer[STRIP], *sum = begin_strip(j, width, buffer, out + first);
        queue q; /* not cleared: that would cost more than a sum */
        q.count = 0;
        for (size_t i = 0; i < j->steps; i++)
            add_later(&q, j, in + first - i, twin_of(j, i) ? in + first - twin_of(j, i) : NULL,
                      weight_of(j, i), width, sum);
        flush(&q, j->kind, width, sum);
        put_strip(j, sum, width, out + first);
    }
}

/* Voxels from what the last tap of voxel `first` sees on. */
static void fill_piece(const job *j, const double *in, size_t first, size_t count, double *piece) {
    const size_t n = j->length, before = j->taps->length - 1 - centre_of(j);
    const size_t begin = first < before ? before - first : 0; /* of those inside of the line */
    const size_t inside = n + before > first ? n + before - first : 0, end = inside < count ? inside : count;
    for (size_t i = 0; i < count; i++) {
        if (i == begin && end > begin) {
            memcpy(piece + begin, in + first + begin - before, (end - begin) * sizeof *in);
            i = end;
            if (i == count) return;
        }
        const ptrdiff_t at = rad_boundary_index((ptrdiff_t)(first + i) - (ptrdiff_t)before, n, j->boundary);
        piece[i] = at < 0 ? 0 : in[at];
    }
}

/* One line of contiguous voxels, in pieces: each is copied with what its taps see beyond it. */
static void sum_line(size_t index, void *context) {
    const job *j = context;
    const size_t n = j->count;
    const double *in = j->in + index * j->length;
    double near[PIECE], *piece = j->taps->length < PIECE / 2 ? near : NULL;
    const size_t most = piece ? PIECE - (j->taps->length - 1) : 1;
    for (size_t first = 0; first < n; first += most) {
        const size_t width = n - first < most ? n - first : most;
        if (!piece) {
            sum_voxel(j, in, j->from + first, j->out + index * n + first);
            continue;
        }
        fill_piece(j, in, j->from + first, width + j->taps->length - 1, piece);
        sum_shifts(j, piece + j->taps->length - 1, width, j->out + index * n + first);
    }
}

void rad_convolve_part(const double *in, const size_t size[3], const rad_sweep *sweep, const size_t kept[2],
                       int threads, const rad_pooling_how *pool, double *out) {
    const rad_taps *taps = sweep->taps;
    const int axis = sweep->axis;
    job j = {.in = in,
             .out = out,
             .length = size[axis],
             .inner = 1,
             .taps = taps,
             .flipped = sweep->flipped,
             .boundary = sweep->boundary,
             .pool = pool,
             .kind = kind_of(taps),
             .steps = taps->length,
             .from = kept[0],
             .count = kept[1] - kept[0]};
    if (j.kind == EVEN) j.steps = taps->length / 2 + 1;
    size_t outer = 1;
    for (int a = 0; a < axis; a++) j.inner *= size[a];
    for (int a = axis + 1; a < 3; a++) outer *= size[a];
    if (axis == 0)
        rad_parallel_for(outer, threads, sum_line, &j);
    else
        rad_parallel_for(outer * ((j.inner + COLUMN - 1) / COLUMN), threads, sum_column, &j);
}

void rad_convolve(const double *in, const size_t size[3], rad_sweep sweep, int threads,
                  const rad_pooling_how *pool, double *out) {
    rad_convolve_part(in, size, &sweep, (size_t[]){0, size[sweep.axis]}, threads, pool, out);
}

void rad_convolve_place(const double *part, const rad_box *kept, const size_t size[3], double *out) {
    const size_t width = kept->end[0] - kept->begin[0];
    part += rad_box_count(kept);
    for (size_t z = kept->end[2]; z-- > kept->begin[2];) /* from the end: a row never lies behind its place */
        for (size_t y = kept->end[1]; y-- > kept->begin[1];) {
            part -= width;
            memmove(out + (z * size[1] + y) * size[0] + kept->begin[0], part, width * sizeof *part);
        }
}
