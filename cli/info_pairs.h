/* What info tells of a folder beside DICOM and masks. */
#ifndef RAD_INFO_PAIRS_H
#define RAD_INFO_PAIRS_H

#include "../core/status.h"

#include <jansson.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adds the images and masks that `manifest` would put together: "pairs", paths below the folder, the grid of
 * the image; of DICOM those alone that have a file of another format where its series are told already. Are
 * there pairs (*any)? What else lies there is told, too. RAD_NO_MEMORY. */
rad_status rad_info_pairs(const char *folder, int threads, json_t **all, bool *any,
                          rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
