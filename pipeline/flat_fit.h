/* Masks of pictures without a place in the patient: pixel by pixel. */
#ifndef RAD_FLAT_FIT_H
#define RAD_FLAT_FIT_H

#include "../io/scan/source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts a mask on the grid of a picture, which has a slice for each frame. Where its voxels do not lie on
 * those of the picture, its size decides: as many columns and rows, one slice (which then holds for every
 * frame, with a warning where there are several), or one for each frame; its pixels are taken in the order of
 * its file, with a warning. RAD_CONFIG: another size. */
rad_status rad_flat_fit(const rad_source *picture, const char *path, rad_mask *mask, rad_warnings *warnings,
                        rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
