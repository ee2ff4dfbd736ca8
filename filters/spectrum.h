/* Filters that are defined by what they do to frequencies. */
#ifndef RAD_SPECTRUM_H
#define RAD_SPECTRUM_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A frequency twice: `exact` in cycles per voxel, -1/2 <= exact < 1/2; `manual` on the grid of the IBSI
 * manual, which spreads -1..1 evenly over the voxels of an axis, both ends included. */
typedef struct rad_frequency {
    double exact[3], manual[3];
} rad_frequency;

/* The complex factor of a frequency. */
typedef void rad_factor(const rad_frequency *frequency, const rad_filter_options *options, double factor[2]);

/* (-i)^L sqrt(L! / (l1! l2! l3!)) v1^l1 v2^l2 v3^l3 / |v|^L, L = l1 + l2 + l3; 0 at the origin (AYRS). */
rad_factor rad_riesz_factor;

/* out = the real part of the field under the factor, slice by slice in 2D; out may be the field's data. The
 * field repeats periodically. One volume of memory. */
rad_status rad_spectrum_filter(const rad_field *field, const rad_filter_options *options, rad_factor *factor,
                               int threads, double *out, rad_error *error) RAD_MUST_CHECK;

/* Forward Fourier transform of complex data along the first `axes` axes, in place. */
rad_status rad_spectrum_transform(double *data, const size_t size[3], int axes, int threads,
                                  rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
