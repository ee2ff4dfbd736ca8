/* Variables of a panel that say the same. */
#ifndef RAD_CLUSTERS_H
#define RAD_CLUSTERS_H

#include "correlations.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Clusters in which every pair has |r| >= threshold (complete linkage on 1 - |r|), numbered from 1 in the
 * order of their first column; kept[i]: the column of the largest mean |r| to the others of its cluster, the
 * first one where several are. O(count^2). */
rad_status rad_clusters_compute(const rad_correlations *correlations, double threshold, size_t *cluster,
                                bool *kept, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
