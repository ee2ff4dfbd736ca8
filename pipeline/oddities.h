/* What computes without an error and is seldom meant: words about it, never another value. */
#ifndef RAD_ODDITIES_H
#define RAD_ODDITIES_H

#include "extract.h"
#include "roi_job.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RAD_CONFIG: the mask has hundreds of labels that fill it, as an image has. A warning where ROIs of it were
 * chosen, or where some labels are negative. */
rad_status rad_oddity_mask(const rad_mask *mask, const rad_extract_options *options,
                           rad_error *error) RAD_MUST_CHECK;

/* "the image lies at z 0 to 15 mm, the mask at z 500 to 515 mm, 485 mm apart": two boxes of voxels that do
 * not meet; "" where they do. Returns text. */
const char *rad_oddity_apart(const rad_geometry *image, const rad_geometry *mask, const rad_box *box,
                             char *text, size_t length);

/* Warnings about settings that do not fit the image: bins without an origin, uneven voxels. */
rad_status rad_oddity_settings(const rad_geometry *image, const rad_settings *settings,
                               rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Remarks about one ROI that is prepared: its size, its place in the image, slices that it leaves out. */
rad_status rad_oddity_roi(rad_roi_job *roi, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
