/* From image and label to a ROI that features can be computed on: interpolation, crop, re-segmentation. */
#ifndef RAD_PREPARE_H
#define RAD_PREPARE_H

#include "../core/regrid.h"
#include "../core/roi.h"
#include "../core/volume.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RAD_UNREADABLE: a ROI that has a fault, or no voxel, cannot be prepared. */
rad_status rad_prepare_check(const rad_label *label, const char *what, rad_error *error) RAD_MUST_CHECK;

/* Grows *box (empty: end[0] = 0) by all voxels of the image that rad_prepare_roi will read for the label,
 * which is on the grid of the image or on one of its own. */
rad_status rad_prepare_reach(const rad_geometry *image, const rad_geometry *mask, const rad_label *label,
                             const rad_settings *settings, rad_box *box, rad_error *error) RAD_MUST_CHECK;

/* The grid and the morphological mask of the label, interpolated once, from the mask's own grid to that of
 * the settings; morphological_count 0 and no arrays where no voxel is left. */
rad_status rad_prepare_shape(const rad_geometry *image, const rad_mask *mask, const rad_label *label,
                             const rad_settings *settings, int threads, rad_roi *roi,
                             rad_error *error) RAD_MUST_CHECK;

/* The label on the grid of the image. */
rad_status rad_prepare_initial(const rad_geometry *image, const rad_mask *mask, const rad_label *label,
                               rad_drawn *out, rad_error *error) RAD_MUST_CHECK;

/* "3 mm", "2 x 2 x 5 mm": the grid of the ROI. Returns text. */
const char *rad_prepare_grid_text(const rad_roi *roi, char *text, size_t length);

/* RAD_UNREADABLE: no voxel is left of it. */
rad_status rad_prepare_lost(const rad_roi *roi, const char *what, rad_error *error) RAD_MUST_CHECK;

/* A label of a mask, and what errors call it. */
typedef struct rad_target {
    const rad_mask *mask;
    const rad_label *label;
    const char *what;
} rad_target;

/* Interpolates label and image over the box that the features need, and re-segments. The image must hold what
 * rad_prepare_reach names. RAD_UNREADABLE: no voxel is left on the grid, or by re-segmentation; an intensity
 * that is not finite in the ROI, or, unless filter_nan says what stands for it, where interpolation needs
 * one. Around the ROI such voxels count as not measured. */
rad_status rad_prepare_roi(const rad_volume *image, const rad_target *target, const rad_settings *settings,
                           int threads, rad_roi *roi, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
