/* Principal components of correlations. */
#ifndef RAD_COMPONENTS_H
#define RAD_COMPONENTS_H

#include "correlations.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All eigenvalues, largest first, and the first `count` eigenvectors [component][column], the largest entry
 * of each positive. O(columns^3). */
rad_status rad_components_compute(const rad_correlations *correlations, size_t count, double *values,
                                  double *vectors, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
