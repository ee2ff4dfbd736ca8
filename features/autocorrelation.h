/* Moran's I (N365) and Geary's C (NPT7), exact. */
#ifndef RAD_AUTOCORRELATION_H
#define RAD_AUTOCORRELATION_H

#include "../core/roi.h"
#include "../core/value.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_autocorrelation {
    rad_value moran_i, geary_c; /* RAD_ONE_VOXEL for one voxel, RAD_FLAT for equal intensities */
} rad_autocorrelation;

/* Over all pairs of voxels of the intensity mask, weighted by the inverse of their distance in mm. The
 * weights depend on the offset alone, so that the sums over pairs are correlations: sum w u_i u_j = (1/M) sum
 * K |U|^2,  W = (1/M) sum K |Mask|^2, sum w (x_i - x_j)^2 = (2/M) sum K Re(Q conj Mask) - 2 sum w u_i u_j, u
 * = x - mean, q = u^2, with K the transform of the weights on a box twice the size. O(N log N) in the box of
 * the mask. */
rad_status rad_autocorrelation_measure(const rad_roi *roi, int threads, rad_autocorrelation *out,
                                       rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
