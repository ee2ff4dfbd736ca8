/* A case as PyRadiomics prepares it: normalised, resampled or cropped, re-segmented. What comes out is an
 * image and a mask that the pipeline takes as they are. */
#ifndef RAD_PYR_CASE_H
#define RAD_PYR_CASE_H

#include "extract.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The ROIs that are wanted, one row each, as rad_extract_run; the label of the settings where options choose
 * none. */
rad_status rad_pyr_case_run(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                            const rad_extract_options *options, rad_table *table,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
