/* Local intensity features (IBSI 9ST6). */
#include "families.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Radius of a sphere of 1 cm3, in mm: (3 / (4 pi))^(1/3) cm. */
static const double RADIUS = 6.20350490899400016668;
/* The prefix sums are exact to about 1e-13 of the largest intensity: all voxels within this of the best are
 * recomputed. */
static const double CANDIDATE_BAND = 1e-9;

/* Mean intensity in a sphere of 1 cm3 around a voxel, over all voxels of the image whose centres lie in it.
 */
typedef struct rad_peaks {
    rad_value
        local; /* around the voxel with the highest intensity; the highest mean of several such voxels */
    rad_value global; /* the highest mean around any voxel of the intensity mask */
} rad_peaks;

static rad_value local(const rad_peaks *peaks) {
    return peaks->local;
}

static rad_value global(const rad_peaks *peaks) {
    return peaks->global;
}

static void sphere_margin(const double spacing[3], size_t margin[3]) {
    for (int a = 0; a < 3; a++) margin[a] = (size_t)floor(RADIUS / spacing[a]);
}

static const rad_feature features[] = {
    {"loc_peak_loc", "VJGA", "intensity", "Local intensity peak", .of.peaks = local},
    {"loc_peak_glob", "0F91", "intensity", "Global intensity peak", .of.peaks = global},
};

static const rad_pass pass;

const rad_family rad_family_loc = {
    .key = "loc",
    .code = "9ST6",
    .name = "Local intensity",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_volume,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .margin = sphere_margin,
    .pass = &pass,
};

/* Voxels that the sphere reaches to each side along x, in the row at (dy, dz); -1: none. */
static ptrdiff_t half_row(const double spacing[3], ptrdiff_t dy, ptrdiff_t dz) {
    const double y = (double)dy * spacing[1], z = (double)dz * spacing[2],
                 left = RADIUS * RADIUS - y * y - z * z;
    return left < 0 ? -1 : (ptrdiff_t)floor(sqrt(left) / spacing[0]);
}

typedef struct range {
    ptrdiff_t low, high;
} range;

/* centre - reach .. centre + reach, cut at 0 and size - 1. */
static range around(size_t centre, ptrdiff_t reach, size_t size) {
    const ptrdiff_t c = (ptrdiff_t)centre, last = (ptrdiff_t)size - 1;
    return (range){c > reach ? c - reach : 0, c + reach < last ? c + reach : last};
}

/* Mean over the sphere, summed directly in one order. */
static double mean_around(const rad_roi *roi, const size_t at[3]) {
    size_t margin[3], count = 0;
    double sum = 0;
    sphere_margin(roi->grid.spacing, margin);
    const range zs = around(at[2], (ptrdiff_t)margin[2], roi->size[2]),
                ys = around(at[1], (ptrdiff_t)margin[1], roi->size[1]);
    for (ptrdiff_t z = zs.low; z <= zs.high; z++)
        for (ptrdiff_t y = ys.low; y <= ys.high; y++) {
            const ptrdiff_t half = half_row(roi->grid.spacing, y - (ptrdiff_t)at[1], z - (ptrdiff_t)at[2]);
            if (half < 0) continue;
            const range xs = around(at[0], half, roi->size[0]);
            const double *row = roi->intensity + ((size_t)z * roi->size[1] + (size_t)y) * roi->size[0];
            for (ptrdiff_t x = xs.low; x <= xs.high; x++) {
                if (!isfinite(row[x])) continue; /* no intensity was measured there */
                sum += row[x];
                count++;
            }
        }
    return sum / (double)count;
}

static void place_of(const rad_roi *roi, size_t i, size_t at[3]) {
    at[0] = i % roi->size[0];
    at[1] = i / roi->size[0] % roi->size[1];
    at[2] = i / roi->size[0] / roi->size[1];
}

/* Highest direct mean around the voxels of the mask where score reaches `least`. */
static double best_mean(const rad_roi *roi, const double *score, double least) {
    const size_t count = rad_box_count(&roi->box);
    double best = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        size_t at[3];
        if (!roi->intensity_mask[i] || !(score[i] >= least)) continue;
        place_of(roi, i, at);
        best = fmax(best, mean_around(roi, at));
    }
    return best;
}

static double highest(const rad_roi *roi, const double *score) {
    const size_t count = rad_box_count(&roi->box);
    double most = -INFINITY;
    for (size_t i = 0; i < count; i++)
        if (roi->intensity_mask[i] && score[i] > most) most = score[i];
    return most;
}

/* Sums over the sphere around every voxel of the mask, from prefix sums of the rows: a row of the sphere
 * costs two reads, whatever its length. */
typedef struct sphere_row {
    ptrdiff_t y, z; /* from the centre */
    size_t half;    /* voxels to each side of it */
} sphere_row;

typedef struct sweep {
    const rad_roi *roi;
    sphere_row *rows; /* of the sphere */
    size_t row_count;
    double *prefix; /* one longer than the box along x: sums of the values before */
    double *score;  /* over the box: sums, then means */
    bool counts;    /* the values are 1 for every finite intensity, else the intensity over scale */
    double scale;   /* of the intensities, so that nothing overflows */
} sweep;

static void add_up_plane(size_t z, void *context) {
    const sweep *s = context;
    const size_t *size = s->roi->size;
    for (size_t y = 0; y < size[1]; y++) {
        const double *row = s->roi->intensity + (z * size[1] + y) * size[0];
        double *sums = s->prefix + (z * size[1] + y) * (size[0] + 1), sum = 0;
        for (size_t x = 0; x < size[0]; x++) {
            sums[x] = sum;
            if (isfinite(row[x])) sum += s->counts ? 1 : row[x] / s->scale; /* else nothing was measured */
        }
        sums[size[0]] = sum;
    }
}

/* out[x] += high[x] - low[x] */
RAD_KERNEL_LOOP void add_windows_loop(const double *high, const double *low, double *restrict out,
                                      size_t width) {
#pragma omp simd
    for (size_t x = 0; x < width; x++) out[x] += high[x] - low[x];
}
RAD_KERNEL(add_windows, (const double *high, const double *low, double *restrict out, size_t width),
           (high, low, out, width))

/* Adds a row of sums, windows of `half` to each side, to the scores begin..end of a row. */
static void add_sphere_row(const double *sums, size_t half, size_t size, size_t begin, size_t end,
                           double *score) {
    size_t x = begin;
    for (; x < end && x < half; x++) score[x] += sums[x + half + 1 < size ? x + half + 1 : size];
    const size_t whole = size > half && size - half < end ? size - half : end;
    if (size > half && x < whole) {
        add_windows(sums + x + half + 1, sums + x - half, score + x, whole - x);
        x = whole;
    }
    for (; x < end; x++) score[x] += sums[size] - sums[x - half];
}

/* The part of a row from its first to past its last voxel of the mask. */
static range span_of(const rad_roi *roi, size_t y, size_t z) {
    const uint8_t *row = roi->intensity_mask + (z * roi->size[1] + y) * roi->size[0];
    ptrdiff_t low = 0, high = (ptrdiff_t)roi->size[0];
    while (low < high && !row[low]) low++;
    while (high > low && !row[high - 1]) high--;
    return (range){low, high};
}

/* The sphere in rows; a row is no longer than the box. Returns the voxels of the whole sphere. */
static double list_rows(sweep *s) {
    size_t margin[3];
    double voxels = 0;
    sphere_margin(s->roi->grid.spacing, margin);
    for (ptrdiff_t z = -(ptrdiff_t)margin[2]; z <= (ptrdiff_t)margin[2]; z++)
        for (ptrdiff_t y = -(ptrdiff_t)margin[1]; y <= (ptrdiff_t)margin[1]; y++) {
            const ptrdiff_t half = half_row(s->roi->grid.spacing, y, z);
            if (half < 0) continue;
            voxels += 2 * (double)half + 1;
            const size_t most = s->roi->size[0];
            s->rows[s->row_count++] = (sphere_row){y, z, (size_t)half < most ? (size_t)half : most};
        }
    return voxels;
}

static void sweep_plane(size_t z, void *context) {
    const sweep *s = context;
    const size_t *size = s->roi->size;
    for (size_t y = 0; y < size[1]; y++) {
        const range span = span_of(s->roi, y, z);
        double *score = s->score + (z * size[1] + y) * size[0];
        memset(score, 0, size[0] * sizeof *score);
        if (span.low == span.high) continue;
        for (const sphere_row *r = s->rows; r < s->rows + s->row_count; r++) {
            const size_t at[2] = {y + (size_t)r->y, z + (size_t)r->z}; /* below 0 wraps beyond any size */
            if (at[0] >= size[1] || at[1] >= size[2]) continue;
            add_sphere_row(s->prefix + (at[1] * size[1] + at[0]) * (size[0] + 1), r->half, size[0],
                           (size_t)span.low, (size_t)span.high, score);
        }
    }
}

static void run_sweep(sweep *s, bool counts, double *score, int threads) {
    s->counts = counts;
    s->score = score;
    rad_parallel_for(s->roi->size[2], threads, add_up_plane, s);
    rad_parallel_for(s->roi->size[2], threads, sweep_plane, s);
}

static double largest_magnitude(const rad_roi *roi) {
    const size_t count = rad_box_count(&roi->box);
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        const double magnitude = fabs(roi->intensity[i]);
        if (magnitude > most && magnitude <= DBL_MAX) most = magnitude;
    }
    return most;
}

/* Do the spheres around all voxels lie in the box, with a finite intensity everywhere? */
static bool is_whole(const rad_roi *roi) {
    const size_t count = rad_box_count(&roi->box);
    size_t margin[3], bad = 0;
    sphere_margin(roi->grid.spacing, margin);
    for (int a = 0; a < 3; a++)
        if (roi->inner.begin[a] < margin[a] || roi->size[a] - roi->inner.end[a] < margin[a]) return false;
    for (size_t i = 0; i < count; i++) bad += isfinite(roi->intensity[i]) ? 0 : 1;
    return !bad;
}

static rad_status global_peak(const rad_roi *roi, int threads, rad_value *peak, rad_error *error) {
    const size_t count = rad_box_count(&roi->box);
    sweep s = {.roi = roi, .scale = largest_magnitude(roi)};
    *peak = rad_defined(0);
    if (!(s.scale > 0)) return RAD_OK;
    const bool whole = is_whole(roi); /* then all spheres have the same number of voxels */
    size_t margin[3];
    sphere_margin(roi->grid.spacing, margin);
    double *means = rad_new_raw(count, sizeof *means, error);
    double *voxels = whole ? NULL : rad_new_raw(count, sizeof *voxels, error);
    s.prefix = rad_new_raw(count + roi->size[1] * roi->size[2], sizeof *s.prefix, error);
    s.rows = rad_new_raw((2 * margin[1] + 1) * (2 * margin[2] + 1), sizeof *s.rows, error);
    rad_status status = means && s.prefix && s.rows && (whole || voxels) ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        const double all = list_rows(&s);
        run_sweep(&s, false, means, threads);
        if (!whole) run_sweep(&s, true, voxels, threads);
        for (size_t i = 0; i < count; i++)
            if (roi->intensity_mask[i]) means[i] /= whole ? all : voxels[i];
        *peak = rad_defined(best_mean(roi, means, highest(roi, means) - CANDIDATE_BAND));
    }
    rad_free(means);
    rad_free(voxels);
    rad_free(s.prefix);
    rad_free(s.rows);
    return status;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_roi *roi = input->roi;
    rad_peaks peaks;
    peaks.local = rad_defined(best_mean(roi, roi->intensity, highest(roi, roi->intensity)));
    rad_status status = global_peak(roi, input->threads, &peaks.global, error);
    for (size_t i = 0; i < rad_family_loc.count && status == RAD_OK; i++)
        out[0][i] = features[i].of.peaks(&peaks);
    return status;
}

static const rad_pass pass = {"local intensity", RAD_NO_LEVELS, {&rad_family_loc}, run};
