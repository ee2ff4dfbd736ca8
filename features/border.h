/* How far the voxels of a ROI are from its border, found once for all images and discretisations. */
#ifndef RAD_BORDER_H
#define RAD_BORDER_H

#include "../core/roi.h"
#include "../core/status.h"

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Threads may share it. */
typedef struct rad_border {
    pthread_mutex_t lock;
    uint16_t *distance[2]; /* in space, in the slice; owned, NULL until somebody asks */
} rad_border;

void rad_border_begin(rad_border *border);

/* City-block distance of each voxel of the morphological mask to the nearest one outside, 1 at the border, 0
 * outside; in the slice where `flat`. Of the inner box with one voxel of padding, as levels are; borrowed. */
rad_status rad_border_distance(rad_border *border, const rad_roi *roi, bool flat, const uint16_t **distance,
                               rad_error *error) RAD_MUST_CHECK;

/* Releases the distances. */
void rad_border_clear(rad_border *border);

void rad_border_end(rad_border *border);

#ifdef __cplusplus
}
#endif
#endif
