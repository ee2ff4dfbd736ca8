/* A label volume and what is in it. Label 0 is background; every other whole number is one ROI. */
#ifndef RAD_MASK_H
#define RAD_MASK_H

#include "volume.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_label {
    int64_t value;
    size_t voxels;
    rad_box box; /* bounding box in voxels of the mask */
} rad_label;

typedef struct rad_mask {
    rad_volume volume;
    size_t label_count;
    rad_label *labels; /* ascending values; owned */
} rad_mask;

/* Finds the labels of mask->volume, their voxel counts and boxes, in one walk. Voxels must be whole numbers
 * after slope and intercept (float volumes with whole values are taken); path names the file in errors.
 * Errors: RAD_UNREADABLE for a fraction, NaN, a value beyond int64 or more than 65,536 labels. */
rad_status rad_mask_index(rad_mask *mask, const char *path, rad_error *error) RAD_MUST_CHECK;

/* The label of that value, or NULL. */
const rad_label *rad_mask_find(const rad_mask *mask, int64_t value);

/* out = 1 where the mask has the label, else 0, over the box. */
void rad_mask_crop(const rad_mask *mask, int64_t value, const rad_box *box, uint8_t *out);

/* Puts the label volume on another grid by nearest neighbour (outside: 0) and finds the labels anew. */
rad_status rad_mask_resample(rad_mask *mask, const rad_geometry *grid, const char *path,
                             rad_error *error) RAD_MUST_CHECK;

void rad_mask_free(rad_mask *mask);

#ifdef __cplusplus
}
#endif
#endif
