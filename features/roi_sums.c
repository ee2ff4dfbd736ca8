#include "roi_sums.h"

#include "../core/simd.h"

#include <math.h>
#include <string.h>

/* A row of the box of the ROI: where it begins in the arrays, its place, and the part that has voxels. */
typedef struct row {
    size_t from, y, z, begin, end;
} row;

static bool find_row(const rad_roi *roi, size_t index, row *r) {
    const rad_box *in = &roi->inner;
    const size_t height = in->end[1] - in->begin[1];
    *r = (row){.y = index % height, .z = index / height};
    r->from = rad_roi_row(roi, r->y, r->z);
    return rad_mask_span(roi->morphological + r->from, in->end[0] - in->begin[0], &r->begin, &r->end);
}

static size_t rows_of(const rad_roi *roi) {
    const rad_box *in = &roi->inner;
    return (in->end[1] - in->begin[1]) * (in->end[2] - in->begin[2]);
}

/* Intensities of a row go in one by one, in the order of memory. */
static void add_intensities(const rad_roi *roi, const row *r, rad_roi_sums *m) {
    const double *x = roi->intensity + r->from;
    for (size_t k = r->begin; k < r->end; k++) {
        if (!roi->intensity_mask[r->from + k]) continue;
        m->intensity += x[k];
        m->magnitude += fabs(x[k]);
        m->weighted[0] += x[k] * (double)k;
        m->weighted[1] += x[k] * (double)r->y;
        m->weighted[2] += x[k] * (double)r->z;
    }
}

/* The voxels of a row in whole numbers: those of y and z are the same for all. */
static void put_row(const row *r, uint64_t count, uint64_t first, uint64_t second, rad_roi_sums *m) {
    const uint64_t y = r->y, z = r->z;
    const uint64_t sums[3] = {first, count * y, count * z},
                   products[9] = {second,        first * y, first * z,     first * y,    count * y * y,
                                  count * y * z, first * z, count * y * z, count * z * z};
    m->count += count;
    for (int a = 0; a < 3; a++) m->first[a] += sums[a];
    for (int a = 0; a < 9; a++) m->second[a] += products[a];
}

void rad_roi_sums_measure_any(const rad_roi *roi, rad_roi_sums *m) {
    row r;
    *m = (rad_roi_sums){0};
    for (size_t i = 0; i < rows_of(roi); i++) {
        if (!find_row(roi, i, &r)) continue;
        uint64_t count = 0, first = 0, second = 0;
        for (size_t k = r.begin; k < r.end; k++) {
            const uint64_t in = roi->morphological[r.from + k], x = in * k;
            count += in;
            first += x;
            second += x * k;
        }
        put_row(&r, count, first, second, m);
        add_intensities(roi, &r, m);
    }
}

/* Sums of k and of k k over runs of voxels in closed form; pieces are so short that no product overflows. */
static void add_runs(const uint8_t *mask, const row *r, rad_roi_sums *m) {
    enum { PIECE = 1 << 20 };
    uint64_t count = 0, first = 0, second = 0;
    for (size_t k = r->begin, end; k < r->end; k = end) {
        if (!mask[k]) {
            end = k + 1;
            continue;
        }
        const size_t most = r->end - k < PIECE ? r->end - k : PIECE;
        const uint8_t *gap = memchr(mask + k, 0, most);
        end = gap ? (size_t)(gap - mask) : k + most;
        const uint64_t n = end - k, a = k, pairs = n * (n - 1);
        count += n;
        first += n * a + pairs / 2;
        second += n * a * a + pairs * a + pairs * (2 * n - 1) / 6;
    }
    put_row(r, count, first, second, m);
}

enum { LANES = 8, PIECE = 64 };

/* In lanes: intensities, their magnitudes, each times its place, and what is more than a whole number, which
 * is NaN where one outside of the mask is no number. */
typedef struct lanes {
    double sum[LANES], magnitude[LANES], weighted[3][LANES], odd[LANES];
} lanes;

/* Those of a row; behind the last of them the piece is 0. */
RAD_KERNEL_LOOP void add_piece(const double *v, size_t count, double first, lanes *restrict s) {
    static const double shift = 0x1.8p52; /* beside it a number has no place for a fraction */
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double x = v[i + l];
            s->sum[l] += x;
            s->magnitude[l] += fabs(x);
            s->weighted[0][l] += x * (first + (double)(int)(i + l));
            s->odd[l] += fabs(x + shift - shift - x);
        }
}

RAD_KERNEL_LOOP void add_whole_loop(const double *x, const uint8_t *inside, const row *r,
                                    lanes *restrict out) {
    lanes s = {.odd = {0}};
    for (size_t i = r->begin; i < r->end; i += PIECE) {
        double v[PIECE];
        const size_t count = r->end - i < PIECE ? r->end - i : PIECE;
        for (size_t k = 0; k < count; k++) v[k] = x[i + k] * inside[i + k];
        for (size_t k = count; k % LANES; k++) v[k] = 0;
        add_piece(v, count, (double)(int)i, &s);
    }
    const double y = (double)(int)r->y, z = (double)(int)r->z;
#pragma omp simd
    for (size_t l = 0; l < LANES; l++) {
        out->sum[l] += s.sum[l];
        out->magnitude[l] += s.magnitude[l];
        out->weighted[0][l] += s.weighted[0][l];
        out->weighted[1][l] += s.sum[l] * y;
        out->weighted[2][l] += s.sum[l] * z;
        out->odd[l] += s.odd[l];
    }
}
RAD_KERNEL(add_whole, (const double *x, const uint8_t *inside, const row *r, lanes *restrict out),
           (x, inside, r, out))

static double total(const double *lane) {
    double sum = 0;
    for (int l = 0; l < LANES; l++) sum += lane[l];
    return sum;
}

/* Sums of whole numbers are exact in any order, as long as none has more than 53 bits; false where they may
 * have. */
static bool sum_whole(const rad_roi *roi, rad_roi_sums *m) {
    const rad_box *in = &roi->inner;
    double extent = 1;
    lanes s = {.odd = {0}};
    row r;
    for (int a = 0; a < 3; a++) extent = fmax(extent, (double)(in->end[a] - in->begin[a]));
    if (extent > INT32_MAX) return false;
    for (size_t i = 0; i < rows_of(roi); i++) {
        if (find_row(roi, i, &r)) add_whole(roi->intensity + r.from, roi->intensity_mask + r.from, &r, &s);
        if (!(total(s.odd) <= 0)) return false; /* or no number at all */
    }
    m->intensity = total(s.sum);
    m->magnitude = total(s.magnitude);
    for (int a = 0; a < 3; a++) m->weighted[a] = total(s.weighted[a]);
    return m->magnitude * extent < 0x1p52; /* infinite ones are not */
}

void rad_roi_sums_measure(const rad_roi *roi, rad_roi_sums *m) {
    row r;
    *m = (rad_roi_sums){0};
    for (size_t i = 0; i < rows_of(roi); i++)
        if (find_row(roi, i, &r)) add_runs(roi->morphological + r.from, &r, m);
    if (sum_whole(roi, m)) return;
    m->intensity = m->magnitude = m->weighted[0] = m->weighted[1] = m->weighted[2] = 0;
    for (size_t i = 0; i < rows_of(roi); i++)
        if (find_row(roi, i, &r)) add_intensities(roi, &r, m);
}
