/* Images and masks as PyRadiomics resamples them by ITK: the grid begins at a corner of the mask, the image
 * is cast back to its own type. */
#ifndef RAD_PYR_RESAMPLE_H
#define RAD_PYR_RESAMPLE_H

#include "../core/volume.h"
#include "pyr_settings.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_pyr_precision { RAD_PYR_WHOLE, RAD_PYR_SINGLE, RAD_PYR_DOUBLE } rad_pyr_precision;

/* What ITK makes of the voxels of a file: whole numbers that are rescaled by whole ones stay whole in DICOM,
 * and are floats in NIfTI; by others they are doubles or floats. */
rad_pyr_precision rad_pyr_precision_of(const rad_volume *volume);

/* In the order of its file. */
typedef struct rad_pyr_image {
    rad_geometry geometry;
    rad_pyr_precision precision;
    double ends[2];    /* what its type can hold, where that is whole numbers */
    double *x;         /* owned; NULL where nothing changes intensities: */
    rad_volume stored; /* voxels in their own type, the caller's where their order is that of the file */
} rad_pyr_image;

typedef struct rad_pyr_mask {
    rad_geometry geometry;
    uint8_t *inside; /* owned */
} rad_pyr_mask;

/* Intensities of `count` voxels from `first` on; buffer: room for them, where the image has its own type. */
const double *rad_pyr_image_part(const rad_pyr_image *image, size_t first, size_t count, double *buffer);

/* The bounding box of the ROI and its voxels; false: there is none. */
bool rad_pyr_mask_bounds(const rad_pyr_mask *mask, rad_box *box, size_t *count);

/* Voxels beyond the box leave the ROI. */
void rad_pyr_mask_cut(uint8_t *inside, const rad_geometry *geometry, const rad_box *box);

/* ITK's test: equal sizes; origins and spacings within `tolerance` voxels, directions within it. */
bool rad_pyr_same_grid(const rad_geometry *image, const rad_geometry *mask, double tolerance);

/* Does the box of the ROI lie within the image, up to a thousandth of a voxel? */
bool rad_pyr_within(const rad_geometry *image, const rad_pyr_mask *mask);

/* The mask on another grid by nearest neighbour. */
rad_status rad_pyr_mask_to(rad_pyr_mask *mask, const rad_geometry *grid, rad_error *error) RAD_MUST_CHECK;

/* Both cut to the box and `pad` voxels around it. */
rad_status rad_pyr_crop(rad_pyr_image *image, rad_pyr_mask *mask, const rad_box *box, size_t pad,
                        rad_error *error) RAD_MUST_CHECK;

/* Both on the grid that the settings ask for, around the ROI. RAD_CONFIG: it has more than 2^40 voxels. */
rad_status rad_pyr_resample(rad_pyr_image *image, rad_pyr_mask *mask, const rad_pyr_case *how, int threads,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
