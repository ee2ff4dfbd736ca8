/* Interpolation on any grid as ITK does it: positions to the rounding of its resampling, half a voxel beyond
 * the outermost centres, 0 further out. */
#ifndef RAD_ITK_INTERPOLATE_H
#define RAD_ITK_INTERPOLATE_H

#include "geometry.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_itk_interpolator {
    RAD_ITK_NEAREST,
    RAD_ITK_LINEAR,
    RAD_ITK_BSPLINE, /* of order 3, coefficients of the whole image */
    RAD_ITK_GAUSSIAN,
    RAD_ITK_LABEL_GAUSSIAN,
    RAD_ITK_HAMMING, /* windowed sinc of radius 5 */
    RAD_ITK_COSINE,
    RAD_ITK_WELCH,
    RAD_ITK_LANCZOS,
    RAD_ITK_BLACKMAN,
    RAD_ITK_INTERPOLATORS
} rad_itk_interpolator;

/* A mask; halves go up. */
rad_status rad_itk_nearest(const uint8_t *in, const rad_geometry *own, const rad_geometry *grid, uint8_t *out,
                           rad_error *error) RAD_MUST_CHECK;

/* Intensities. The cubic B-spline overwrites `in` with its coefficients. */
rad_status rad_itk_interpolate(double *in, const rad_geometry *own, const rad_geometry *grid,
                               rad_itk_interpolator method, int threads, double *out,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
