/* Mean over a box, which the energy of Laws kernels takes too. */
#ifndef RAD_MEAN_H
#define RAD_MEAN_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* out = mean over `size` voxels, an odd number, along each axis; dimension and boundary are those of the
 * options. */
rad_status rad_mean_box(const rad_field *field, int size, const rad_filter_options *options, int threads,
                        double *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
