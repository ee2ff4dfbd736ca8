/* Voxels of a ROI that stand for nothing: the PixelPaddingValue of DICOM. */
#ifndef RAD_PADDING_H
#define RAD_PADDING_H

#include "prepare.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Padding becomes NaN in the box of the ROI, so that re-segmentation leaves it out and around the ROI it
 * counts as not measured; on another grid, voxels in whose linear interpolation it has a part. Counts the
 * voxels of the mask that are padding, before interpolation. RAD_UNREADABLE: all are. */
rad_status rad_padding_leave(const rad_volume *image, const rad_target *target, int threads, rad_roi *roi,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
