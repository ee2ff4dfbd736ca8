/* One pass of PyRadiomics' wavelets: taps along an axis of an image that repeats, in single or in double
 * precision, the sums in the order of PyWavelets. */
#ifndef RAD_PYR_SWEEP_H
#define RAD_PYR_SWEEP_H

#include "../core/geometry.h"
#include "wavelet.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pyr_sweep {
    size_t size[3]; /* of the volume that is read */
    int axis;
    bool odd; /* the axis has its first voxel once more behind the last one, which is not stored */
    bool single;
    bool widens;       /* from doubles: single, axis 0 */
    bool to_double;    /* what comes out, of sums in single precision too */
    size_t to_size[2]; /* along x and y, of the volume that is written */
    rad_box kept;      /* what is written */
    const float *single_tap;
    const double *double_tap;
    size_t length;
} rad_pyr_sweep;

/* out(o) = sum over j of tap[j] in(o + length / 2 - j); in and out do not overlap. */
void rad_pyr_sweep_run(const rad_pyr_sweep *sweep, const void *in, void *out, int threads);

#ifdef __cplusplus
}
#endif
#endif
