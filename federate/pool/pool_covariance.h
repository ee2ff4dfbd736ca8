/* Covariances of a panel of variables, and what hangs together in it. */
#ifndef RAD_COVARIANCE_H
#define RAD_COVARIANCE_H

#include "components.h"
#include "fewest.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_covariance_results {
    rad_relation *pairs; /* [j (j + 1) / 2 + i], NaN where withheld; owned */
    rad_correlations correlations;
    size_t components;        /* of which there are vectors */
    double *values, *vectors; /* eigenvalues, eigenvectors of the correlations; owned */
    size_t *cluster;          /* [column of the correlations], owned */
    bool *kept;               /* likewise */
} rad_covariance_results;

/* The row of this analysis. It adds before the moments do, since the pairs of sites so far may have to get
 * sums of their own, which are those of their variables then; what is left of the site's covariance goes
 * away. */
rad_status rad_covariance_add(rad_pool *pool, rad_summary *site, int threads,
                              rad_error *error) RAD_MUST_CHECK;
rad_status rad_covariance_compute(rad_results *results, rad_error *error) RAD_MUST_CHECK;
void rad_covariance_clear(rad_results *results);
void rad_covariance_see(const rad_summary *site, const rad_study *study, rad_fewest *fewest);

#ifdef __cplusplus
}
#endif
#endif
