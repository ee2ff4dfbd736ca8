/* Interpolation of image and mask (IBSI VTM2) onto a grid whose centre is that of the image (3WE3).
 * Separable: one pass per axis, and only over the part of the image that the asked box of the grid needs. */
#ifndef RAD_INTERPOLATE_H
#define RAD_INTERPOLATE_H

#include "mask.h"
#include "volume.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_interpolation { RAD_NEAREST, RAD_LINEAR, RAD_CUBIC } rad_interpolation;

/* The grid with the asked spacing (mm; 0 keeps an axis as it is, and so does one voxel): n_b = ceil(n_a s_a /
 * s_b) voxels per axis (026Q), centres aligned (QCY4). RAD_CONFIG when the grid would exceed 2^40 voxels. */
rad_status rad_interpolation_grid(const rad_geometry *in, const double spacing[3], rad_geometry *grid,
                                  rad_error *error) RAD_MUST_CHECK;

/* The box of the grid outside of which no voxel can be in a ROI with this box on the original grid. */
rad_box rad_interpolation_box(const rad_geometry *in, const rad_geometry *grid, const rad_box *roi);

/* The voxels of the image that interpolation to a box of the grid reads. */
rad_status rad_interpolation_support(const rad_geometry *in, const rad_geometry *grid, const rad_box *box,
                                     rad_interpolation method, rad_box *support,
                                     rad_error *error) RAD_MUST_CHECK;

/* What is interpolated to, and how. */
typedef struct rad_interpolating {
    const rad_geometry *grid;
    const rad_box *box; /* of the grid */
    rad_interpolation method;
    int threads;
} rad_interpolating;

/* Intensities over a box of the grid, x fastest. Points beyond the outermost voxel centres take the value at
 * the border. Cubic is the interpolating B-spline (mirrored at the borders of the image); an axis that keeps
 * its voxels is not touched. With `round`, to the nearest whole number, halves to even (68QD). Cost: O(voxels
 * in and out); memory: up to three boxes of doubles. */
rad_status rad_interpolate_image(const rad_volume *image, const rad_interpolating *to, bool round,
                                 double *out, rad_error *error) RAD_MUST_CHECK;

/* The ROI over a box of the grid: 1 where the interpolated mask reaches the partial volume threshold (E8H9).
 */
rad_status rad_interpolate_mask(const rad_mask *mask, int64_t label, const rad_interpolating *to,
                                double threshold, uint8_t *out, rad_error *error) RAD_MUST_CHECK;

/* The voxel of an axis of n that stands for voxel i, mirrored at the outermost centres. */
static inline size_t rad_mirror(ptrdiff_t i, size_t n) {
    if (n == 1) return 0;
    const ptrdiff_t period = 2 * ((ptrdiff_t)n - 1);
    i = ((i % period) + period) % period;
    return (size_t)(i < (ptrdiff_t)n ? i : period - i);
}

/* The coefficients of the interpolating cubic B-spline along an axis, in place; mirrored at the ends. */
void rad_bspline_prefilter(double *data, const size_t size[3], int axis, int threads);

#ifdef __cplusplus
}
#endif
#endif
