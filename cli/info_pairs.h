/* What info tells of a folder without DICOM. */
#ifndef RAD_INFO_PAIRS_H
#define RAD_INFO_PAIRS_H

#include <jansson.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adds the images and masks that `manifest` would put together: "pairs", paths below the folder, the grid of
 * the image. False, and nothing added, where there are none. */
bool rad_info_pairs(const char *folder, int threads, json_t **all);

#ifdef __cplusplus
}
#endif
#endif
