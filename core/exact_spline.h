/* Cubic splines with mirrored ends as ITK and as SciPy compute them, to the last digit: it decides where a
 * value is truncated, or compared with that of a voxel. */
#ifndef RAD_EXACT_SPLINE_H
#define RAD_EXACT_SPLINE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_spline_of {
    RAD_SPLINE_ITK,  /* x first; the sum before the first sample ends at 1e-10 */
    RAD_SPLINE_SCIPY /* z first */
} rad_spline_of;

/* Values become coefficients. */
void rad_exact_spline_filter(double *data, const size_t size[3], rad_spline_of whose, int threads);

/* SciPy's spline of these coefficients at a position in voxels, x first; 0 beyond the outermost centres. */
double rad_exact_spline_scipy(const double *coefficients, const size_t size[3], const double at[3]);

#ifdef __cplusplus
}
#endif
#endif
