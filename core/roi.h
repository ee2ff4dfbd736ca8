/* One ROI on its (interpolated) grid: the box that features need, its intensities and its two masks. */
#ifndef RAD_ROI_H
#define RAD_ROI_H

#include "geometry.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_roi {
    rad_geometry grid; /* of the whole interpolated image */
    rad_box box;    /* part of the grid held here: bounding box of the ROI and a margin of image around it */
    size_t size[3]; /* of the box; arrays below are x fastest */
    rad_box inner;  /* bounding box of the morphological mask, relative to the box */
    double *intensity;
    uint8_t *morphological;  /* 0 or 1 */
    uint8_t *intensity_mask; /* 0 or 1, a subset of the morphological mask */
    size_t morphological_count;
    size_t drawn_count; /* of the mask before re-segmentation, which may change the morphological one */
    size_t intensity_count;
    size_t padding_count, initial_count; /* of the mask before interpolation, where the image has padding */
    double range[2];                     /* re-segmentation range; -inf and +inf where there is none */
    bool single;                         /* intensities are those of an image in single precision */
} rad_roi;

/* Where row (y, z) of the inner box begins in the arrays. */
size_t rad_roi_row(const rad_roi *roi, size_t y, size_t z);

/* The part of a row of a mask that reaches from its first voxel past its last one; false when none is set. */
bool rad_mask_span(const uint8_t *row, size_t width, size_t *begin, size_t *end);

/* Extends {lowest, highest} by the values that are inside and numbers. */
void rad_masked_extremes(const double *x, const uint8_t *inside, size_t count, double extremes[2]);

/* Smallest and largest intensity of the intensity mask; infinity and -infinity where it has none. */
void rad_roi_extremes(const rad_roi *roi, double *low, double *high);

/* Do all voxels of the intensity mask have one intensity, which is *value? As soon as two differ, no. */
bool rad_roi_is_flat(const rad_roi *roi, double *value);

/* Copies the intensities inside the intensity mask, in memory order, into out[intensity_count]. */
void rad_roi_gather(const rad_roi *roi, double *out);

void rad_roi_free(rad_roi *roi);

#ifdef __cplusplus
}
#endif
#endif
