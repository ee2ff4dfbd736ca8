#include "resegment.h"

#include "memory.h"
#include "simd.h"
#include "sort.h"
#include "sum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Voxels of the mask whose values lie in the range, which are counted. */
RAD_KERNEL_LOOP void keep_values_loop(const double *x, const uint8_t *mask, const double *range, size_t count,
                                      uint8_t *restrict kept, size_t *restrict sum) {
    const double low = range[0], high = range[1];
    uint32_t all = 0; /* of one row */
#pragma omp simd reduction(+ : all)
    for (size_t i = 0; i < count; i++) {
        const uint8_t in = mask[i] & (uint8_t)(x[i] >= low) & (uint8_t)(x[i] <= high);
        kept[i] = in;
        all += in;
    }
    *sum = all;
}
RAD_KERNEL(keep_values,
           (const double *x, const uint8_t *mask, const double *range, size_t count, uint8_t *restrict kept,
            size_t *restrict sum),
           (x, mask, range, count, kept, sum))

/* Only rows that have voxels, and of them the part that does: all else is 0 in both masks. */
static void keep(rad_roi *roi, const double range[2]) {
    const rad_box *in = &roi->inner;
    roi->intensity_count = 0;
    for (size_t z = 0; z < in->end[2] - in->begin[2]; z++)
        for (size_t y = 0; y < in->end[1] - in->begin[1]; y++) {
            size_t from = rad_roi_row(roi, y, z), begin, end, count;
            if (!rad_mask_span(roi->morphological + from, in->end[0] - in->begin[0], &begin, &end)) continue;
            from += begin;
            keep_values(roi->intensity + from, roi->morphological + from, range, end - begin,
                        roi->intensity_mask + from, &count);
            roi->intensity_count += count;
        }
}

/* Cuts the range to `outliers` standard deviations around the mean of the intensity mask. */
static rad_status cut_range(const rad_roi *roi, double outliers, double range[2], rad_error *error) {
    const size_t count = roi->intensity_count;
    double *x = rad_new_raw(count, sizeof *x, error), powers[4];
    if (!x) return RAD_NO_MEMORY;
    rad_roi_gather(roi, x);
    const double n = (double)count, mean = rad_sum(x, count) / n;
    rad_sum_powers(x, count, mean, powers);
    const double reach = outliers * sqrt(powers[1] / n);
    range[0] = fmax(range[0], mean - reach);
    range[1] = fmin(range[1], mean + reach);
    rad_free(x);
    return RAD_OK;
}

/* Cuts the range to that between two percentiles of the intensity mask. */
static rad_status cut_percentiles(const rad_roi *roi, const double percentiles[2], double range[2],
                                  rad_error *error) {
    const size_t count = roi->intensity_count;
    double *x = rad_new_raw(count, sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    rad_roi_gather(roi, x);
    rad_status status = rad_sort(x, count, error);
    if (status == RAD_OK) {
        range[0] = fmax(range[0], rad_sorted_percentile(x, count, percentiles[0] / 100));
        range[1] = fmin(range[1], rad_sorted_percentile(x, count, percentiles[1] / 100));
    }
    rad_free(x);
    return status;
}

double rad_resegment_largest(const rad_roi *roi) {
    double extremes[2] = {INFINITY, -INFINITY};
    rad_masked_extremes(roi->intensity, roi->morphological, rad_box_count(&roi->box), extremes);
    return extremes[1];
}

/* What is kept is the ROI. */
static void reshape(rad_roi *roi) {
    const size_t count = rad_box_count(&roi->box);
    rad_box tight = {{SIZE_MAX, SIZE_MAX, SIZE_MAX}, {0, 0, 0}};
    memcpy(roi->morphological, roi->intensity_mask, count);
    roi->morphological_count = roi->intensity_count;
    for (size_t i = 0; i < count; i++) {
        if (!roi->morphological[i]) continue;
        const size_t at[3] = {i % roi->size[0], i / roi->size[0] % roi->size[1],
                              i / roi->size[0] / roi->size[1]};
        for (int a = 0; a < 3; a++) {
            if (at[a] < tight.begin[a]) tight.begin[a] = at[a];
            if (at[a] + 1 > tight.end[a]) tight.end[a] = at[a] + 1;
        }
    }
    roi->inner = tight;
}

rad_status rad_resegment(rad_roi *roi, const rad_resegmenting *how, rad_error *error) {
    double kept[2] = {-INFINITY, INFINITY};
    rad_status status = RAD_OK;
    memcpy(roi->range, how->range, sizeof roi->range);
    const bool percentiles =
        how->percentiles[0] > 0 || (how->percentiles[1] > 0 && how->percentiles[1] < 100);
    if (how->outliers > 0 || percentiles) {
        keep(roi, kept); /* the ROI before the range */
        if (roi->intensity_count && how->outliers > 0) status = cut_range(roi, how->outliers, kept, error);
        if (roi->intensity_count && percentiles && status == RAD_OK)
            status = cut_percentiles(roi, how->percentiles, kept, error);
    }
    if (how->relative > 0) kept[0] = fmax(kept[0], how->relative * rad_resegment_largest(roi));
    kept[0] = fmax(kept[0], how->range[0]);
    kept[1] = fmin(kept[1], how->range[1]);
    if (status == RAD_OK) keep(roi, kept);
    if (status == RAD_OK && how->shape && roi->intensity_count) reshape(roi);
    return status;
}
