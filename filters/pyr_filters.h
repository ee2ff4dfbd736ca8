/* The image types of PyRadiomics as filters. They are no filters of settings: its parameter files ask for
 * them. */
#ifndef RAD_PYR_FILTERS_H
#define RAD_PYR_FILTERS_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PYR_LBP_DEFAULT, RAD_PYR_LBP_ROR, RAD_PYR_LBP_UNIFORM, RAD_PYR_LBP_VAR };

/* Their options: options.own. */
typedef struct rad_pyr_filter {
    double number; /* sigma in mm, radius in voxels */
    int levels;    /* transforms one after the other; samples; gradient: 1 per mm, 0 per voxel */
    int method;    /* RAD_PYR_LBP_... */
    int axis;      /* that is left out; -1: none */
    unsigned high; /* bit a: high-pass along axis a in the last transform */
    char text[32]; /* name of a wavelet */
} rad_pyr_filter;

_Static_assert(sizeof(rad_pyr_filter) <= RAD_OWN_OPTIONS_MAX, "options of a filter are no larger");

/* With m = the largest |x| of the field: (x / sqrt m)^2, sign(x) sqrt(m |x|), sign(x) c log(|x| + 1) with the
 * same largest value, exp(x log m / m). */
extern const rad_filter rad_filter_pyr_square, rad_filter_pyr_squareroot, rad_filter_pyr_logarithm,
    rad_filter_pyr_exponential;

/* Magnitude of central differences, the nearest voxel beyond the ends, in single precision. */
extern const rad_filter rad_filter_pyr_gradient;

/* Undecimated wavelets: each level is the same transform of the low-pass of the one before, without gaps
 * between its taps; an odd axis gets its first plane once more behind the last. */
extern const rad_filter rad_filter_pyr_wavelet;

/* RAD_CONFIG: no such wavelet. */
rad_status rad_pyr_wavelet_check(const char *name, rad_error *error) RAD_MUST_CHECK;

/* Laplacian of ITK's recursive Gaussian (R. Deriche, INRIA RR 1893, 1993), times sigma^2. */
extern const rad_filter rad_filter_pyr_log;

/* Local binary patterns of slices, as scikit-image has them. */
extern const rad_filter rad_filter_pyr_lbp;

/* Local binary patterns in space: the energy in spherical harmonics of degree `method`, or with -1 the excess
 * kurtosis of the points, of a sphere of radius `number` divided `levels` times. */
extern const rad_filter rad_filter_pyr_lbp3d;

#ifdef __cplusplus
}
#endif
#endif
