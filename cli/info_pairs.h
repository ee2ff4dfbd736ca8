/* What info tells of a folder without DICOM. */
#ifndef RAD_INFO_PAIRS_H
#define RAD_INFO_PAIRS_H

#include "../core/status.h"

#include <jansson.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adds the images and masks that `manifest` would put together: "pairs", paths below the folder, the grid of
 * the image. Nothing is added where there are none (*any). RAD_NO_MEMORY. */
rad_status rad_info_pairs(const char *folder, int threads, json_t **all, bool *any,
                          rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
