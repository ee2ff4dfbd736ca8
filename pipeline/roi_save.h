/* A ROI and its image as features use them, as files. */
#ifndef RAD_ROI_SAVE_H
#define RAD_ROI_SAVE_H

#include "../core/roi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* nii, nii.gz, nrrd; NULL behind the last. */
extern const char *const rad_roi_save_forms[];

/* What may be written, by its ending: one of these. */
bool rad_roi_save_is_name(const char *path);

/* RAD_UNWRITABLE: the file is what the ROI comes from, image or mask, or would be a file of the mask, a
 * folder. */
rad_status rad_roi_save_check(const char *path, const char *image, const char *mask,
                              rad_error *error) RAD_MUST_CHECK;

/* The box that features need, on their grid. mask: 1 in the ROI, 2 where re-segmentation left a voxel to its
 * shape alone, else 0. image: intensities in double precision, NaN where nothing was measured. */
rad_status rad_roi_save_mask(const char *path, const rad_roi *roi, rad_error *error) RAD_MUST_CHECK;
rad_status rad_roi_save_image(const char *path, const rad_roi *roi, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
