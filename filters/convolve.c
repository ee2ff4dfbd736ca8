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
} job;

/* out[j] += weight * in[j] */
RAD_KERNEL_LOOP void add_scaled_loop(const double *in, double weight, size_t count, double *restrict out) {
#pragma omp simd
    for (size_t j = 0; j < count; j++) out[j] += weight * in[j];
}
RAD_KERNEL(add_scaled, (const double *in, double weight, size_t count, double *restrict out),
           (in, weight, count, out))

static double weight_of(const job *j, size_t i) {
    return j->taps->tap[j->flipped ? j->taps->length - 1 - i : i];
}

static size_t centre_of(const job *j) {
    return j->flipped ? j->taps->length - 1 - j->taps->centre : j->taps->centre;
}

/* One row of an axis with neighbours: a weighted sum of other rows. */
static void sum_rows(size_t index, void *context) {
    const job *j = context;
    const size_t n = index % j->length, block = index / j->length;
    const double *in = j->in + block * j->length * j->inner;
    double *out = j->out + index * j->inner;
    memset(out, 0, j->inner * sizeof *out);
    for (size_t first = 0; first < j->inner; first += STRIP) {
        const size_t width = j->inner - first < STRIP ? j->inner - first : STRIP;
        for (size_t i = 0; i < j->taps->length; i++) {
            const double weight = weight_of(j, i);
            const ptrdiff_t from =
                rad_boundary_index((ptrdiff_t)(n + centre_of(j)) - (ptrdiff_t)i, j->length, j->boundary);
            if (weight != 0 && from >= 0)
                add_scaled(in + (size_t)from * j->inner + first, weight, width, out + first);
        }
    }
}

/* One line of contiguous voxels, shift by shift; what lies beyond the line comes voxel by voxel. */
static void sum_line(size_t index, void *context) {
    const job *j = context;
    const ptrdiff_t n = (ptrdiff_t)j->length;
    const double *in = j->in + index * j->length;
    double *out = j->out + index * j->length;
    memset(out, 0, j->length * sizeof *out);
    for (size_t i = 0; i < j->taps->length; i++) {
        const double weight = weight_of(j, i);
        const ptrdiff_t shift = (ptrdiff_t)centre_of(j) - (ptrdiff_t)i;
        ptrdiff_t begin = shift < 0 ? -shift : 0, end = shift > 0 ? n - shift : n;
        if (weight == 0) continue;
        if (begin > n) begin = n;
        if (end < begin) end = begin;
        add_scaled(in + begin + shift, weight, (size_t)(end - begin), out + begin);
        for (ptrdiff_t x = 0; x < n; x++) {
            if (x == begin) x = end;
            if (x == n) break;
            const ptrdiff_t from = rad_boundary_index(x + shift, j->length, j->boundary);
            if (from >= 0) out[x] += weight * in[from];
        }
    }
}

void rad_convolve(const double *in, const size_t size[3], int axis, const rad_taps *taps, bool flipped,
                  rad_boundary boundary, int threads, double *out) {
    job j = {in, out, size[axis], 1, taps, flipped, boundary};
    size_t outer = 1;
    for (int a = 0; a < axis; a++) j.inner *= size[a];
    for (int a = axis + 1; a < 3; a++) outer *= size[a];
    if (axis == 0)
        rad_parallel_for(outer, threads, sum_line, &j);
    else
        rad_parallel_for(outer * j.length, threads, sum_rows, &j);
}

void rad_convolve_all(double *data, const size_t size[3], int axes, const rad_taps *taps,
                      rad_boundary boundary, int threads, double *room) {
    for (int a = 0; a < axes; a++) {
        rad_convolve(data, size, a, taps, false, boundary, threads, room);
        memcpy(data, room, size[0] * size[1] * size[2] * sizeof *data);
    }
}
