#include "roi.h"

#include "memory.h"
#include "simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t rad_roi_row(const rad_roi *roi, size_t y, size_t z) {
    return ((z + roi->inner.begin[2]) * roi->size[1] + y + roi->inner.begin[1]) * roi->size[0] +
           roi->inner.begin[0];
}

bool rad_mask_span(const uint8_t *row, size_t width, size_t *begin, size_t *end) {
    const uint8_t *first = memchr(row, 1, width);
    if (!first) return false;
    *begin = (size_t)(first - row);
    *end = (size_t)((const uint8_t *)memrchr(row, 1, width) - row) + 1;
    return true;
}

/* What a voxel outside of the mask leaves is written over by the next one; the last of a span is inside. */
void rad_roi_gather(const rad_roi *roi, double *out) {
    const rad_box *in = &roi->inner;
    const size_t width = in->end[0] - in->begin[0];
    for (size_t z = 0; z < in->end[2] - in->begin[2]; z++)
        for (size_t y = 0; y < in->end[1] - in->begin[1]; y++) {
            const size_t from = rad_roi_row(roi, y, z);
            const uint8_t *inside = roi->intensity_mask + from;
            size_t begin, end;
            if (!rad_mask_span(inside, width, &begin, &end)) continue;
            for (size_t x = begin; x < end; x++) {
                *out = roi->intensity[from + x];
                out += inside[x];
            }
        }
}

enum { LANES = 8 };

/* Lowest and highest of the values inside, in lanes; what is no number is neither. */
RAD_KERNEL_LOOP void find_extremes_loop(const double *x, const uint8_t *inside, size_t count,
                                        double *restrict low, double *restrict high) {
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double v = x[i + l];
            low[l] = inside[i + l] && v < low[l] ? v : low[l];
            high[l] = inside[i + l] && v > high[l] ? v : high[l];
        }
}
RAD_KERNEL(find_extremes,
           (const double *x, const uint8_t *inside, size_t count, double *restrict low,
            double *restrict high),
           (x, inside, count, low, high))

void rad_masked_extremes(const double *x, const uint8_t *inside, size_t count, double extremes[2]) {
    const size_t whole = count - count % LANES;
    double low[LANES], high[LANES];
    for (size_t l = 0; l < LANES; l++) {
        low[l] = extremes[0];
        high[l] = extremes[1];
    }
    find_extremes(x, inside, whole, low, high);
    for (size_t i = whole; i < count; i++) {
        if (inside[i] && x[i] < low[0]) low[0] = x[i];
        if (inside[i] && x[i] > high[0]) high[0] = x[i];
    }
    for (size_t l = 0; l < LANES; l++) {
        extremes[0] = low[l] < extremes[0] ? low[l] : extremes[0];
        extremes[1] = high[l] > extremes[1] ? high[l] : extremes[1];
    }
}

/* Of each row only the part with voxels, in whole lanes where there is room. */
static void extend_extremes(const rad_roi *roi, size_t y, size_t z, double extremes[2]) {
    const size_t from = rad_roi_row(roi, y, z), width = roi->inner.end[0] - roi->inner.begin[0];
    size_t begin, end;
    if (!rad_mask_span(roi->intensity_mask + from, width, &begin, &end)) return;
    const size_t whole = begin + (end - begin + LANES - 1) / LANES * LANES;
    rad_masked_extremes(roi->intensity + from + begin, roi->intensity_mask + from + begin,
                        (whole <= width ? whole : end) - begin, extremes);
}

void rad_roi_extremes(const rad_roi *roi, double *low, double *high) {
    const rad_box *in = &roi->inner;
    double extremes[2] = {INFINITY, -INFINITY};
    for (size_t z = 0; z < in->end[2] - in->begin[2]; z++)
        for (size_t y = 0; y < in->end[1] - in->begin[1]; y++) extend_extremes(roi, y, z, extremes);
    *low = extremes[0];
    *high = extremes[1];
}

bool rad_roi_is_flat(const rad_roi *roi, double *value) {
    const rad_box *in = &roi->inner;
    double extremes[2] = {INFINITY, -INFINITY};
    for (size_t z = 0; z < in->end[2] - in->begin[2]; z++)
        for (size_t y = 0; y < in->end[1] - in->begin[1]; y++) {
            extend_extremes(roi, y, z, extremes);
            if (extremes[0] < extremes[1]) return false;
        }
    *value = extremes[0];
    return extremes[0] == extremes[1];
}

void rad_roi_free(rad_roi *roi) {
    rad_free(roi->intensity);
    rad_free(roi->morphological);
    rad_free(roi->intensity_mask);
    *roi = (rad_roi){0};
}
