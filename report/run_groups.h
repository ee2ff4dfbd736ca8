/* Groups of a run beside each other: modalities, sites, scanners, as columns of the manifest name them. */
#ifndef RAD_RUN_GROUPS_H
#define RAD_RUN_GROUPS_H

#include "run_values.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For each column of groups: how many rows are in each, the features by the size of their largest
 * standardised difference, and boxes of the first of them. The difference of two means is in units of the
 * root of the mean of both variances. */
rad_status rad_run_groups_put(FILE *out, const rad_run_values *values, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
