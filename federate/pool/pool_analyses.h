/* What a pool does for each analysis: what it adds up, what it computes, whom its numbers are of. */
#ifndef RAD_POOL_ANALYSES_H
#define RAD_POOL_ANALYSES_H

#include "../analyses.h"
#include "coverage.h"
#include "fewest.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pool_analysis {
    /* Adds what a site sent to the total, beside its blocks; `pool->count` sites are there. NULL: what sites
     * sent is kept as it is. */
    rad_status (*add)(rad_pool *pool, rad_summary *site, int threads, rad_error *error);
    /* What goes into the results; they stay zeroed where there is nothing to compute from. NULL: nothing,
     * what is shown are the sums. */
    rad_status (*compute)(rad_results *results, rad_error *error);
    void (*clear)(rad_results *results); /* frees what compute made, or some of it; NULL: nothing */
    void (*see)(const rad_summary *site, const rad_study *study, rad_fewest *fewest);
    /* Which parts of it a site shows; NULL: one part for each variable, of its blocks. */
    rad_status (*cover)(const rad_covering *at, rad_error *error);
} rad_pool_analysis;

/* In the order of rad_analysis. */
extern const rad_pool_analysis *const rad_pool_analyses[RAD_ANALYSES];

#define RAD_POOL_ROW(name, file) extern const rad_pool_analysis rad_pool_##file;
RAD_ANALYSIS_LIST(RAD_POOL_ROW)
#undef RAD_POOL_ROW

#ifdef __cplusplus
}
#endif
#endif
