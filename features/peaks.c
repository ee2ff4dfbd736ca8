#include "peaks.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "families.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Radius of a sphere of 1 cm3, in mm: (3 / (4 pi))^(1/3) cm. */
static const double RADIUS = 6.20350490899400016668;
/* The convolution is exact to about 1e-15 of the largest intensity: all within this of the best are
 * recomputed. */
static const double CANDIDATE_BAND = 1e-9;

static rad_value local(const rad_peaks *peaks) {
    return peaks->local;
}

static rad_value global(const rad_peaks *peaks) {
    return peaks->global;
}

static const rad_feature features[] = {
    {"loc_peak_loc", "VJGA", "intensity", "Local intensity peak", .of.peaks = local},
    {"loc_peak_glob", "0F91", "intensity", "Global intensity peak", .of.peaks = global},
};

static const rad_family family = {
    "loc", "9ST6", "Local intensity", &rad_by_volume, features, sizeof features / sizeof features[0],
};

void rad_peaks_margin(const double spacing[3], size_t margin[3]) {
    for (int a = 0; a < 3; a++) margin[a] = (size_t)floor(RADIUS / spacing[a]);
}

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
    rad_peaks_margin(roi->grid.spacing, margin);
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

typedef struct convolution {
    const rad_roi *roi;
    rad_fft fft;
    double *kernel, *data;
    double scale; /* of the intensities, so that nothing overflows */
    int threads;
} convolution;

/* The sphere, wrapped around the origin; its rows are as wide as the box allows. */
static void fill_sphere(convolution *c) {
    const double *spacing = c->roi->grid.spacing;
    const size_t *n = c->fft.size;
    size_t margin[3];
    rad_peaks_margin(spacing, margin);
    ptrdiff_t reach[3];
    for (int a = 0; a < 3; a++) {
        const size_t most = c->roi->size[a] - 1;
        reach[a] = (ptrdiff_t)(margin[a] < most ? margin[a] : most);
    }
    memset(c->kernel, 0, rad_fft_doubles(&c->fft) * sizeof *c->kernel);
    for (ptrdiff_t z = -reach[2]; z <= reach[2]; z++)
        for (ptrdiff_t y = -reach[1]; y <= reach[1]; y++) {
            ptrdiff_t half = half_row(spacing, y, z);
            if (half > reach[0]) half = reach[0];
            const size_t row = ((size_t)(z < 0 ? z + (ptrdiff_t)n[2] : z) * n[1] +
                                (size_t)(y < 0 ? y + (ptrdiff_t)n[1] : y)) *
                               2 * c->fft.pitch;
            for (ptrdiff_t x = -half; x <= half; x++)
                c->kernel[row + (size_t)(x < 0 ? x + (ptrdiff_t)n[0] : x)] = 1;
        }
}

/* Sum over the sphere around every voxel of the box: of the intensities, or of the voxels that exist. */
static void convolve(convolution *c, bool intensities, double *out) {
    const rad_roi *roi = c->roi;
    const size_t pitch = c->fft.pitch, *n = c->fft.size, complexes = pitch * n[1] * n[2];
    memset(c->data, 0, rad_fft_doubles(&c->fft) * sizeof *c->data);
    for (size_t z = 0, i = 0; z < roi->size[2]; z++)
        for (size_t y = 0; y < roi->size[1]; y++)
            for (size_t x = 0; x < roi->size[0]; x++, i++)
                if (isfinite(roi->intensity[i]))
                    c->data[(z * n[1] + y) * 2 * pitch + x] = intensities ? roi->intensity[i] / c->scale : 1;
    rad_fft_forward(&c->fft, c->data, roi->size, c->threads);
    for (size_t k = 0; k < complexes; k++) { /* the sphere is even: its transform is real */
        c->data[2 * k] *= c->kernel[2 * k];
        c->data[2 * k + 1] *= c->kernel[2 * k];
    }
    rad_fft_inverse(&c->fft, c->data, roi->size, c->threads);
    const double scale = 1 / ((double)n[0] * (double)n[1] * (double)n[2]);
    for (size_t z = 0, i = 0; z < roi->size[2]; z++)
        for (size_t y = 0; y < roi->size[1]; y++)
            for (size_t x = 0; x < roi->size[0]; x++, i++)
                out[i] = c->data[(z * n[1] + y) * 2 * pitch + x] * scale;
}

/* Means around all voxels, by convolution; `voxels` is room for the counts. */
static void mean_map(convolution *c, double *means, double *voxels) {
    const size_t count = rad_box_count(&c->roi->box);
    fill_sphere(c);
    rad_fft_forward(&c->fft, c->kernel, c->fft.size, c->threads);
    convolve(c, true, means);
    convolve(c, false, voxels);
    for (size_t i = 0; i < count; i++) means[i] = c->roi->intensity_mask[i] ? means[i] / rint(voxels[i]) : 0;
}

static double largest_magnitude(const rad_roi *roi) {
    const size_t count = rad_box_count(&roi->box);
    double most = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(roi->intensity[i])) most = fmax(most, fabs(roi->intensity[i]));
    return most;
}

static rad_status global_peak(const rad_roi *roi, int threads, rad_value *peak, rad_error *error) {
    const size_t count = rad_box_count(&roi->box);
    convolution c = {.roi = roi, .threads = threads, .scale = largest_magnitude(roi)};
    size_t margin[3], size[3];
    if (!(c.scale > 0)) {
        *peak = rad_defined(0);
        return RAD_OK;
    }
    rad_peaks_margin(roi->grid.spacing, margin);
    for (int a = 0; a < 3; a++) {
        const size_t reach = margin[a] < roi->size[a] ? margin[a] : roi->size[a] - 1;
        size[a] = rad_fft_good_size(roi->size[a] + reach);
    }
    rad_status status = rad_fft_make(size, &c.fft, error);
    if (status != RAD_OK) return status;
    c.kernel = rad_new_raw(rad_fft_doubles(&c.fft), sizeof *c.kernel, error);
    c.data = rad_new_raw(rad_fft_doubles(&c.fft), sizeof *c.data, error);
    double *means = rad_new_raw(count, 2 * sizeof *means, error);
    if (c.kernel && c.data && means) {
        mean_map(&c, means, means + count);
        *peak = rad_defined(best_mean(roi, means, highest(roi, means) - CANDIDATE_BAND));
    } else {
        status = RAD_NO_MEMORY;
    }
    rad_free(c.kernel);
    rad_free(c.data);
    rad_free(means);
    rad_fft_free(&c.fft);
    return status;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_roi *roi = input->roi;
    rad_peaks peaks;
    peaks.local = rad_defined(best_mean(roi, roi->intensity, highest(roi, roi->intensity)));
    rad_status status = global_peak(roi, input->threads, &peaks.global, error);
    for (size_t i = 0; i < family.count && status == RAD_OK; i++) out[0][i] = features[i].of.peaks(&peaks);
    return status;
}

const rad_pass rad_pass_local_intensity = {"local intensity", RAD_NO_LEVELS, {&family}, run};
