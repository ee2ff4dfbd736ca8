/* Distances to a mask in mm. */
#ifndef RAD_DISTANCES_H
#define RAD_DISTANCES_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A mask over a box, x fastest, 1 inside; sides of a voxel in mm, 0 for an axis that distances do not go
 * along. */
typedef struct rad_distance_of {
    const uint8_t *inside;
    const size_t *size;
    double side[3];
} rad_distance_of;

/* Squared Euclidean distance of each voxel centre to the nearest centre inside, exact to rounding; infinite
 * where none is. What lies beyond the box is not there. By lower envelopes of parabolas along each axis
 * (Felzenszwalb, Huttenlocher, Theory of Computing 8, 2012): O(voxels). out has one element per voxel. */
rad_status rad_distance_squared(const rad_distance_of *of, double *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
