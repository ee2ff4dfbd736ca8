/* Sums over spheres around voxels, by Fourier transforms: the time does not grow with the sphere. */
#ifndef RAD_SPHERE_SUMS_H
#define RAD_SPHERE_SUMS_H

#include "../core/roi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a sphere: where it is from the centre, and voxels to each side of it. */
typedef struct rad_sphere_row {
    ptrdiff_t y, z;
    size_t half;
} rad_sphere_row;

/* Of the values of the box (of the ROI, x first) those sums over the sphere that lie in the inner box, as
 * they are in the box; the others are anything. What lies outside of the box is 0. Sums are true to 1e-14 of
 * the largest value times the voxels of the sphere. Memory: 16 bytes for each voxel of the box and of what
 * the spheres reach beyond it. */
rad_status rad_sphere_sums(const rad_roi *roi, const rad_sphere_row *rows, size_t count, double *values,
                           int threads, rad_error *error) RAD_MUST_CHECK;

/* What it takes, about, in additions to rows of doubles. */
double rad_sphere_sums_cost(const rad_roi *roi, const size_t reach[3]);

#ifdef __cplusplus
}
#endif
#endif
