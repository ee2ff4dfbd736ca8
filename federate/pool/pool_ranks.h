/* Tests of ranks within sites: Kruskal and Wallis over the sites, which of two levels is Mann and Whitney's,
 * as van Elteren (1960) joins strata. */
#ifndef RAD_POOL_RANKS_H
#define RAD_POOL_RANKS_H

#include "basis.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* NaN where undefined. */
typedef struct rad_rank_test {
    rad_basis basis;
    uint64_t n;
    double statistic, df, p; /* chi-square; of two levels the square of the normal deviate */
    double
        superiority; /* of two levels: share of the pairs of a site in which the first has the larger value */
} rad_rank_test;

typedef struct rad_ranks_results {
    rad_rank_test *test; /* [factor][variable], zeroed of what is no group; owned */
    double *adjusted;    /* [factor][variable], by Benjamini and Hochberg over the variables; owned */
} rad_ranks_results;

#ifdef __cplusplus
}
#endif
#endif
