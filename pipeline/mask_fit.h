/* The mask of a case, made to fit its image. */
#ifndef RAD_MASK_FIT_H
#define RAD_MASK_FIT_H

#include "extract.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The mask on the grid of the image or on its own, and of it the ROIs that are wanted: *wanted is the mask
 * itself, or `chosen`, which the caller frees. By PyRadiomics' standard every mask stays on its own grid, and
 * the label of the settings is wanted where options choose none. */
rad_status rad_mask_fit(const rad_geometry *image, rad_mask *mask, const rad_settings *settings,
                        const rad_extract_options *options, rad_mask *chosen, const rad_mask **wanted,
                        rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
