/* A case as a picture: its ROIs as outlines on the image. */
#ifndef RAD_ROI_PICTURE_H
#define RAD_ROI_PICTURE_H

#include "../core/mask.h"
#include "../core/volume.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a PNG of 960 x 640 pixels: three planes through the slices of the largest area (axial, coronal,
 * sagittal; the right of the patient on the left), and up to 12 axial slices around the ROIs. Intensities by
 * the window of the modality ("CT", "PT"; others by their 1st and 99th percentile); a scale bar in mm;
 * letters R L A P S I; a colour for each ROI, in turn. The image is held as a whole; the mask may have a grid
 * of its own. No text of the files is in the picture. */
rad_status rad_roi_picture_write(const char *path, const rad_volume *image, const rad_mask *mask,
                                 const char *modality, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
