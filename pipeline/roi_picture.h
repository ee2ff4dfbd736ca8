/* A case or a ROI as a picture: outlines on the image. */
#ifndef RAD_ROI_PICTURE_H
#define RAD_ROI_PICTURE_H

#include "../core/mask.h"
#include "../core/volume.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_roi_picture {
    const rad_volume *image; /* what is held of it is drawn */
    const rad_mask *mask;    /* on that grid or on one of its own */
    const rad_label *label;  /* the ROI; NULL: all of them */
    double window[2];        /* what is black, what is white */
    long side;               /* pixels of the smallest panel, 32 to 240; the picture is 6 x 4 of them */
    double around;           /* mm that the planes show around the ROI; 0: all that is held */
} rad_roi_picture;

/* By the modality ("CT", "PT"); of others the 1st and 99th percentile of what is held. */
rad_status rad_roi_picture_window(const rad_volume *image, const char *modality, double window[2],
                                  rad_error *error) RAD_MUST_CHECK;

/* Writes a PNG: three planes through the slices of the largest area (axial, coronal, sagittal; the right of
 * the patient on the left), and up to 12 axial slices around the ROIs; a scale bar in mm; letters R L A P S
 * I; a colour for each ROI, in turn. No text of the files is in the picture. RAD_UNREADABLE: no voxel to
 * draw. */
rad_status rad_roi_picture_write(const char *path, const rad_roi_picture *what,
                                 rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
