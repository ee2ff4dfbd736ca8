/* One row per analysis: what a pool adds up for it, what it computes, whom its numbers are of. */
#ifndef RAD_POOL_ANALYSES_H
#define RAD_POOL_ANALYSES_H

#include "fewest.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Functions find out by themselves whether the study asks for them, and leave everything zeroed where not. */
typedef struct rad_pool_analysis {
    /* Adds what a site sent to the total; `pool->count` sites are there. NULL: sites are kept as they are. */
    rad_status (*add)(rad_pool *pool, rad_summary *site, int threads, rad_error *error);
    rad_status (*compute)(rad_results *results, rad_error *error);
    void (*clear)(rad_results *results); /* frees what compute made, or some of it */
    /* The patients behind each number that a site gave. */
    void (*see)(const rad_summary *site, const rad_study *study, rad_fewest *fewest);
} rad_pool_analysis;

/* In the order of rad_analysis. */
extern const rad_pool_analysis rad_pool_analyses[RAD_ANALYSES];

#ifdef __cplusplus
}
#endif
#endif
