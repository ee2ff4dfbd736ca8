/* Response maps of several rotations become one. */
#ifndef RAD_POOL_H
#define RAD_POOL_H

#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a map joins the pool: the first one begins it; a map may stand for `times` equal ones. */
typedef struct rad_pool {
    rad_pooling pooling;
    bool first;
    double times;
} rad_pool;

/* Some voxels of a map join those of the pool. */
void rad_pool_row(const rad_pool *how, const double *map, size_t count, double *pool);

/* All voxels of a map join the pool. */
void rad_pool_map(const rad_pool *how, const double *map, size_t count, int threads, double *pool);

/* Ends a mean over `all` maps; other poolings need no end. */
void rad_pool_end(rad_pooling pooling, double all, size_t count, int threads, double *pool);

#ifdef __cplusplus
}
#endif
#endif
