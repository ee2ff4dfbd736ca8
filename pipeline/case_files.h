/* The files of a case. */
#ifndef RAD_CASE_FILES_H
#define RAD_CASE_FILES_H

#include "../io/scan/source.h"
#include "extract.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What settings say about sources; the rest is zero. */
rad_source_options rad_case_source_options(const rad_settings *settings, const char *series, int threads);

/* The part of the image that the ROIs need. */
rad_status rad_case_reach(const rad_geometry *image, const rad_mask *mask, const rad_settings *settings,
                          rad_box *box, rad_error *error) RAD_MUST_CHECK;

/* The ROIs of a case as a picture (roi_picture.h). Reads the files anew. */
rad_status rad_case_picture(rad_case_paths paths, const rad_settings *settings, rad_extract_options options,
                            const char *file, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
