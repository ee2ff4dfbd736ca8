/* Features of an image whose intensities are normalised first, by the image, a reference ROI or each ROI. */
#ifndef RAD_NORMALISED_H
#define RAD_NORMALISED_H

#include "extract.h"

#ifdef __cplusplus
extern "C" {
#endif

/* rad_extract_run of what rad_normalise makes of the image, whose voxels may be replaced. `all` has the
 * reference ROI, `wanted` those that are computed. Where each ROI says its own scale, each has a row of an
 * image of its own, and one that does not vary fails by itself. RAD_UNREADABLE: the reference is not there.
 */
rad_status rad_normalised_run(rad_volume *image, const rad_mask *all, const rad_mask *wanted,
                              const rad_settings *settings, const rad_extract_options *options,
                              rad_table *table, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
