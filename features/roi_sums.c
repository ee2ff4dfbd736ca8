#include "roi_sums.h"

#include "../core/simd.h"

#include <math.h>
#include <string.h>

/* A row of the box of the ROI: where it begins in the arrays, its place, and the part that has voxels. */
typedef struct row {
    size_t from, y, z, begin, end;
} row;

static bool find_row(const rad_roi *roi, size_t y, size_t z, row *r) {
    *r = (row){.from = rad_roi_row(roi, y, z), .y = y, .z = z};
    return rad_mask_span(roi->morphological + r->from, roi->inner.end[0] - roi->inner.begin[0], &r->begin,
                         &r->end);
}

static size_t extent_of(const rad_roi *roi, int axis) {
    return roi->inner.end[axis] - roi->inner.begin[axis];
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

static void add_all_intensities(const rad_roi *roi, rad_roi_sums *m) {
    row r;
    m->intensity = m->magnitude = m->weighted[0] = m->weighted[1] = m->weighted[2] = 0;
    for (size_t z = 0; z < extent_of(roi, 2); z++)
        for (size_t y = 0; y < extent_of(roi, 1); y++)
            if (find_row(roi, y, z, &r)) add_intensities(roi, &r, m);
}

void rad_roi_sums_measure_any(const rad_roi *roi, rad_roi_sums *m) {
    *m = (rad_roi_sums){0};
    for (size_t z = 0; z < extent_of(roi, 2); z++)
        for (size_t y = 0; y < extent_of(roi, 1); y++)
            for (size_t x = 0; x < extent_of(roi, 0); x++) {
                const uint64_t at[3] = {x, y, z};
                if (!roi->morphological[rad_roi_row(roi, y, z) + x]) continue;
                m->count++;
                for (int a = 0; a < 3; a++) m->first[a] += at[a];
                for (int a = 0; a < 9; a++) m->second[a] += at[a / 3] * at[a % 3];
            }
    add_all_intensities(roi, m);
}

/* Of the voxels of a plane: their number, and sums of x, y and their products. */
typedef struct plane {
    uint64_t count, x, y, xx, xy, yy;
} plane;

/* What is the same for all its voxels is not added up voxel by voxel. */
static void add_plane(const plane *p, uint64_t z, rad_roi_sums *m) {
    const uint64_t sums[3] = {p->x, p->y, p->count * z},
                   products[9] = {p->xx,    p->xy,    p->x * z, p->xy,           p->yy,
                                  p->y * z, p->x * z, p->y * z, p->count * z * z};
    m->count += p->count;
    for (int a = 0; a < 3; a++) m->first[a] += sums[a];
    for (int a = 0; a < 9; a++) m->second[a] += products[a];
}

/* Sums of k and of k k over runs of voxels in closed form; pieces are so short that no product overflows. */
static void add_runs(const uint8_t *mask, const row *r, plane *p) {
    enum { PIECE = 1 << 20 };
    uint64_t count = 0, first = 0;
    for (size_t k = r->begin, end; k < r->end; k = end) {
        if (!mask[k]) {
            end = k + 1;
            continue;
        }
        const size_t most = r->end - k < PIECE ? r->end - k : PIECE;
        const uint8_t *gap = memchr(mask + k, 0, most);
        end = gap ? (size_t)(gap - mask) : k + most;
        const uint64_t n = end - k, pairs = n * (n - 1);
        count += n;
        first += n * k + pairs / 2;
        p->xx += n * k * k + pairs * k + pairs * (2 * n - 1) / 6;
    }
    p->count += count;
    p->x += first;
    p->y += count * r->y;
    p->xy += first * r->y;
    p->yy += count * r->y * r->y;
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

static void add_lanes(const lanes *s, rad_roi_sums *m) {
    m->intensity = total(s->sum);
    m->magnitude = total(s->magnitude);
    for (int a = 0; a < 3; a++) m->weighted[a] = total(s->weighted[a]);
}

/* Sums of whole numbers are exact in any order, as long as none has more than 53 bits; others go in one by
 * one. */
void rad_roi_sums_measure(const rad_roi *roi, rad_roi_sums *m) {
    double extent = 1;
    lanes s = {.odd = {0}};
    row r;
    for (int a = 0; a < 3; a++) extent = fmax(extent, (double)extent_of(roi, a));
    bool whole = extent <= INT32_MAX;
    *m = (rad_roi_sums){0};
    for (size_t z = 0; z < extent_of(roi, 2); z++) {
        plane p = {0};
        for (size_t y = 0; y < extent_of(roi, 1); y++) {
            if (!find_row(roi, y, z, &r)) continue;
            add_runs(roi->morphological + r.from, &r, &p);
            if (whole) add_whole(roi->intensity + r.from, roi->intensity_mask + r.from, &r, &s);
        }
        add_plane(&p, z, m);
        whole = whole && total(s.odd) <= 0; /* false where it is no number */
    }
    add_lanes(&s, m);
    if (!whole || !(m->magnitude * extent < 0x1p52)) add_all_intensities(roi, m); /* infinite ones are not */
}
