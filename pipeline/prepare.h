/* From image and label to a ROI that features can be computed on: interpolation, crop, re-segmentation. */
#ifndef RAD_PREPARE_H
#define RAD_PREPARE_H

#include "../core/mask.h"
#include "../core/roi.h"
#include "../core/settings.h"
#include "../core/volume.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Grows *box (empty: end[0] = 0) by all voxels of the image that rad_roi_prepare will read for the label. */
rad_status rad_roi_reach(const rad_geometry *image, const rad_label *label, const rad_settings *settings,
                         rad_box *box, rad_error *error) RAD_MUST_CHECK;

/* Interpolates label and image over the box that the features need, and re-segments. `what` names the case in
 * errors. A label that vanishes on the coarser grid gives a ROI with morphological_count 0 and no arrays.
 * The image must hold what
 * rad_roi_reach names. RAD_UNREADABLE when the ROI holds an intensity that is not finite. */
rad_status rad_roi_prepare(const rad_volume *image, const rad_mask *mask, const rad_label *label,
                           const rad_settings *settings, int threads, const char *what, rad_roi *roi,
                           rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
