/* One-dimensional convolutions along the axes of a field. */
#ifndef RAD_CONVOLVE_H
#define RAD_CONVOLVE_H

#include "../core/geometry.h"
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

/* The same of a part of the axis, voxels kept[0] to before kept[1]: out is as long as that along it. */
void rad_convolve_part(const double *in, const size_t size[3], const rad_sweep *sweep, const size_t kept[2],
                       int threads, const rad_pooling_how *pool, double *out);

/* Puts what was kept along all axes where it belongs in a map of the size of the field, of which it may be
 * the beginning. */
void rad_convolve_place(const double *part, const rad_box *kept, const size_t size[3], double *out);

#ifdef __cplusplus
}
#endif
#endif
