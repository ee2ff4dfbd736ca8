/* Spheres around voxels that hold one intensity: what was found of one is true of all that have it. */
#ifndef RAD_EVEN_SPHERES_H
#define RAD_EVEN_SPHERES_H

#include "../core/roi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_even_spheres {
    const rad_roi *roi;
    size_t reach[3], places[3];
    double square; /* mm2: what is further away is in no sphere */
    double *away;  /* mm2 to the nearest voxel that has a neighbour of another intensity, or none; owned */
    double
        *seen; /* by how borders of the box cut a sphere: the intensity of the last one; NaN: none; owned */
} rad_even_spheres;

/* Voxels that the sphere reaches along each axis. O(voxels of the box), 17 bytes for each of them. */
rad_status rad_even_spheres_begin(const rad_roi *roi, double radius, const size_t reach[3],
                                  rad_even_spheres *e, rad_error *error) RAD_MUST_CHECK;

/* Does the sphere around a voxel of the box hold one intensity, as one did that was asked for before and that
 * borders of the box cut in the same way? It may say no where it does. */
bool rad_even_spheres_repeats(rad_even_spheres *e, const size_t at[3]);

void rad_even_spheres_free(rad_even_spheres *e);

#ifdef __cplusplus
}
#endif
#endif
