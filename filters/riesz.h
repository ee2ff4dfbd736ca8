/* Riesz transforms (AYRS), plain and steered. */
#ifndef RAD_RIESZ_H
#define RAD_RIESZ_H

#include "spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Do the options ask for a Riesz transform? */
bool rad_riesz_asked(const rad_filter_options *options);

/* Checks the order, which has no component across slices in 2D; a response depends on all voxels. */
rad_status rad_riesz_reach(const rad_filter_options *options, size_t reach[3],
                           rad_error *error) RAD_MUST_CHECK;

/* (-i)^L sqrt(L! / (l1! l2! l3!)) v1^l1 v2^l2 v3^l3 / |v|^L, L = l1 + l2 + l3; 0 at the origin. v is the
 * frequency in cycles per mm. */
rad_factor rad_riesz_factor;

/* out = the real part of the spectrum under the factor, which takes the order from options->riesz. Steered:
 * the axes of the transform are at each voxel those of the structure tensor, the sum over a Gaussian window
 * of the products of the transforms of first order: the first along its largest eigenvalue, each pointing
 * where the transform of first order is positive. Steered transforms take twelve volumes of memory. */
rad_status rad_riesz_filter(const rad_field *field, rad_spectrum *spectrum, rad_factor *factor,
                            const rad_filter_options *options, int threads, double *out,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
