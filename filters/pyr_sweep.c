#include "pyr_sweep.h"

#include "../core/parallel.h"
#include "../core/simd.h"

#include <string.h>

/* Sums that are made at a time: they stay in the first-level cache. */
enum { WIDTH = 512, TOGETHER = 6 };

/* out[i] += tap[0] * row[0][i], then tap[1] * row[1][i] and so on. */
#define DEFINE_JOIN(name, T)                                                                                 \
    RAD_KERNEL_LOOP void name##_loop(const T *const *row, const T *tap, size_t taps, size_t count,           \
                                     T *restrict out) {                                                      \
        size_t t = 0;                                                                                        \
        for (; t + TOGETHER <= taps; t += TOGETHER) {                                                        \
            const T *a = row[t], *b = row[t + 1], *c = row[t + 2], *d = row[t + 3], *e = row[t + 4],         \
                    *f = row[t + 5];                                                                         \
            const T p = tap[t], q = tap[t + 1], r = tap[t + 2], s = tap[t + 3], u = tap[t + 4],              \
                    v = tap[t + 5];                                                                          \
            _Pragma("omp simd") for (size_t i = 0; i < count; i++) out[i] =                                  \
                (((((out[i] + p * a[i]) + q * b[i]) + r * c[i]) + s * d[i]) + u * e[i]) + v * f[i];          \
        }                                                                                                    \
        for (; t < taps; t++) {                                                                              \
            const T *a = row[t], p = tap[t];                                                                 \
            _Pragma("omp simd") for (size_t i = 0; i < count; i++) out[i] += p * a[i];                       \
        }                                                                                                    \
    }                                                                                                        \
    RAD_KERNEL(name, (const T *const *row, const T *tap, size_t taps, size_t count, T *restrict out),        \
               (row, tap, taps, count, out))
DEFINE_JOIN(join_singles, float)
DEFINE_JOIN(join_doubles, double)

typedef struct job {
    const rad_pyr_sweep *s;
    const void *in;
    void *out;
    size_t period, columns; /* of the axis; pieces of a row of what is kept */
} job;

/* The order in which the taps of an output are added up: in single precision it decides the last digits. What
 * wraps round the end comes first there, from its far end on. */
static size_t tap_of(const job *j, size_t o, size_t i) {
    const size_t last = o + j->s->length / 2, beyond = last < j->period ? 0 : last - j->period + 1;
    return j->s->single && i < beyond && beyond <= j->s->length ? beyond - 1 - i : i;
}

/* Where a tap of an output looks, behind the last voxel too. */
static size_t index_of(const job *j, size_t o, size_t tap) {
    if (!j->period) return 0;
    return (o + j->s->length / 2 + j->s->length * j->period - tap) % j->period;
}

static size_t voxel_of(const job *j, size_t o, size_t tap) {
    const size_t v = index_of(j, o, tap);
    return v < j->s->size[j->s->axis] ? v : 0;
}

/* Sums of rows, of so many elements each, to the place `to`. */
static void put_singles(const job *j, const float *const *row, const float *tap, size_t width, size_t to) {
    float sum[WIDTH];
    memset(sum, 0, width * sizeof *sum);
    join_singles(row, tap, j->s->length, width, sum);
    if (!j->s->to_double) {
        memcpy((float *)j->out + to, sum, width * sizeof *sum);
        return;
    }
    double *out = (double *)j->out + to;
    for (size_t i = 0; i < width; i++) out[i] = sum[i];
}

static void put_doubles(const job *j, const double *const *row, const double *tap, size_t width, size_t to) {
    double *out = (double *)j->out + to;
    memset(out, 0, width * sizeof *out);
    join_doubles(row, tap, j->s->length, width, out);
}

static size_t place_of(const rad_pyr_sweep *s, size_t x, size_t y, size_t z) {
    return (z * s->to_size[1] + y) * s->to_size[0] + x;
}

/* Along y or z: one output of a piece of a row after the other. */
static void sweep_piece(size_t index, void *context) {
    const job *j = context;
    const rad_pyr_sweep *s = j->s;
    const int across = 3 - s->axis;
    const size_t step[3] = {1, s->size[0], s->size[0] * s->size[1]};
    const size_t x = s->kept.begin[0] + index % j->columns * WIDTH,
                 c = s->kept.begin[across] + index / j->columns;
    const size_t left = s->kept.end[0] - x, width = left < WIDTH ? left : WIDTH;
    const size_t base = c * step[across] + x;
    for (size_t o = s->kept.begin[s->axis]; o < s->kept.end[s->axis]; o++) {
        const float *singles[RAD_WAVELET_LENGTH_MAX];
        const double *doubles[RAD_WAVELET_LENGTH_MAX];
        float tap[RAD_WAVELET_LENGTH_MAX];
        for (size_t i = 0; i < s->length; i++) {
            const size_t t = tap_of(j, o, i), at = base + voxel_of(j, o, t) * step[s->axis];
            singles[i] = (const float *)j->in + (s->single ? at : 0);
            doubles[i] = (const double *)j->in + (s->single ? 0 : at);
            if (s->single) tap[i] = s->single_tap[t];
        }
        const size_t to = s->axis == 1 ? place_of(s, x, o, c) : place_of(s, x, c, o);
        if (s->single)
            put_singles(j, singles, tap, width, to);
        else
            put_doubles(j, doubles, s->double_tap, width, to);
    }
}

/* Lines are copied in pieces with what their taps see beyond. */
enum { LINE = WIDTH + RAD_WAVELET_LENGTH_MAX };

typedef union line {
    float singles[LINE];
    double doubles[LINE];
} line;

static void fill_line(const job *j, size_t row, size_t first, size_t count, line *l) {
    const rad_pyr_sweep *s = j->s;
    const size_t n = s->size[0];
    for (size_t i = 0; i < count; i++) {
        const size_t v = index_of(j, first + i, s->length - 1), at = row * n + (v < n ? v : 0);
        size_t run = v < n ? n - v : 1; /* voxels that follow without a turn */
        if (run > count - i) run = count - i;
        if (!s->single)
            memcpy(l->doubles + i, (const double *)j->in + at, run * sizeof(double));
        else if (!s->widens)
            memcpy(l->singles + i, (const float *)j->in + at, run * sizeof(float));
        else
            for (size_t k = 0; k < run; k++) l->singles[i + k] = (float)((const double *)j->in)[at + k];
        i += run - 1;
    }
}

/* Outputs near the end of a line, whose taps come in an order of their own. */
static void sweep_end(const job *j, const line *l, size_t first, size_t o, size_t to) {
    const rad_pyr_sweep *s = j->s;
    const float *singles[RAD_WAVELET_LENGTH_MAX];
    float tap[RAD_WAVELET_LENGTH_MAX];
    for (size_t i = 0; i < s->length; i++) {
        const size_t t = tap_of(j, o, i);
        singles[i] = l->singles + (o - first) + s->length - 1 - t;
        tap[i] = s->single_tap[t];
    }
    put_singles(j, singles, tap, 1, to);
}

static void sweep_row(size_t index, void *context) {
    const job *j = context;
    const rad_pyr_sweep *s = j->s;
    const size_t rows = s->kept.end[1] - s->kept.begin[1];
    const size_t y = s->kept.begin[1] + index % rows, z = s->kept.begin[2] + index / rows;
    const size_t usual = !s->single ? j->period : j->period > s->length / 2 ? j->period - s->length / 2 : 0;
    line l;
    for (size_t first = s->kept.begin[0], width; first < s->kept.end[0]; first += width) {
        const float *singles[RAD_WAVELET_LENGTH_MAX];
        const double *doubles[RAD_WAVELET_LENGTH_MAX];
        const size_t to = place_of(s, first, y, z), left = s->kept.end[0] - first;
        width = left < WIDTH ? left : WIDTH;
        fill_line(j, z * s->size[1] + y, first, width + s->length - 1, &l);
        for (size_t i = 0; i < s->length; i++) {
            singles[i] = l.singles + s->length - 1 - i;
            doubles[i] = l.doubles + s->length - 1 - i;
        }
        if (!s->single) {
            put_doubles(j, doubles, s->double_tap, width, to);
            continue;
        }
        const size_t plain = usual <= first ? 0 : usual - first < width ? usual - first : width;
        if (plain) put_singles(j, singles, s->single_tap, plain, to);
        for (size_t i = plain; i < width; i++) sweep_end(j, &l, first, first + i, to + i);
    }
}

void rad_pyr_sweep_run(const rad_pyr_sweep *s, const void *in, void *out, int threads) {
    size_t kept[3];
    for (int a = 0; a < 3; a++) kept[a] = s->kept.end[a] - s->kept.begin[a];
    job j = {s, in, out, s->size[s->axis] + s->odd, (kept[0] + WIDTH - 1) / WIDTH};
    if (s->axis == 0)
        rad_parallel_for(kept[1] * kept[2], threads, sweep_row, &j);
    else
        rad_parallel_for(kept[3 - s->axis] * j.columns, threads, sweep_piece, &j);
}
