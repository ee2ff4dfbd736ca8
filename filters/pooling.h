/* Response maps of several rotations become one. */
#ifndef RAD_POOLING_H
#define RAD_POOLING_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a map joins the pool: the first one begins it; a map may stand for `times` equal ones. */
typedef struct rad_pooling_how {
    rad_pooling pooling;
    bool first;
    double times;
} rad_pooling_how;

/* Some voxels of a map join those of the pool. */
void rad_pooling_row(const rad_pooling_how *how, const double *map, size_t count, double *pool);

/* All voxels of a map join the pool. */
void rad_pooling_map(const rad_pooling_how *how, const double *map, size_t count, int threads, double *pool);

/* Ends a mean over `all` maps; other poolings need no end. */
void rad_pooling_end(rad_pooling pooling, double all, size_t count, int threads, double *pool);

#ifdef __cplusplus
}
#endif
#endif
