/* The steps of settings, done to a mask. */
#ifndef RAD_MASK_APPLY_H
#define RAD_MASK_APPLY_H

#include "../core/mask.h"
#include "mask_steps.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The mask becomes what the steps make of it, one after the other, on its own grid. Distances are those of
 * voxel centres in mm: grow adds what lies up to mm from the ROI, shrink leaves what lies further than mm
 * from what is not the ROI, ring is what lies beyond `inner` and up to mm from it. Beyond the image is
 * nothing, neither ROI nor background; a distance that reaches its border is a warning. A ROI of which
 * nothing is left has a fault. Errors of rad_mask_choose; RAD_CONFIG: two ROIs get the same name. */
rad_status rad_mask_apply(rad_mask *mask, const rad_mask_step *steps, size_t count, const char *path,
                          rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
