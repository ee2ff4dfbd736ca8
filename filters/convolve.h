/* One-dimensional convolutions along the axes of a field. */
#ifndef RAD_CONVOLVE_H
#define RAD_CONVOLVE_H

#include "pooling.h"

#ifdef __cplusplus
extern "C" {
#endif

/* (k * x)(n) = sum over i of tap[i] x(n + centre - i); the centre of L taps is tap L / 2, rounded down. */
typedef struct rad_taps {
    double *tap; /* owned */
    size_t length, centre;
} rad_taps;

rad_status rad_taps_make(const double *tap, size_t length, rad_taps *taps, rad_error *error) RAD_MUST_CHECK;

/* Samples a function of the voxel offset in -reach..reach. */
rad_status rad_taps_sample(double (*f)(double k, double sigma), double sigma, size_t reach, rad_taps *taps,
                           rad_error *error) RAD_MUST_CHECK;
void rad_taps_free(rad_taps *taps);

/* The voxel that stands for index i of an axis of n voxels; -1: a zero. */
ptrdiff_t rad_boundary_index(ptrdiff_t i, size_t n, rad_boundary boundary);

/* Taps along an axis, backwards when flipped. */
typedef struct rad_sweep {
    const rad_taps *taps;
    int axis;
    bool flipped;
    rad_boundary boundary;
} rad_sweep;

/* out = the sweep over in, pooled with what out holds where the pool says how; out may not overlap in. */
void rad_convolve(const double *in, const size_t size[3], rad_sweep sweep, int threads,
                  const rad_pooling_how *pool, double *out);

#ifdef __cplusplus
}
#endif
#endif
