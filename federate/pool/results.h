/* What a pool says, computed once: what its tables, the plots and the sections of its page show. */
#ifndef RAD_RESULTS_H
#define RAD_RESULTS_H

#include "combat.h"
#include "pool_covariance.h"
#include "pool_groups.h"
#include "pool_model.h"
#include "pool_models.h"
#include "pool_moments.h"
#include "pool_performance.h"
#include "pool_ranks.h"
#include "pool_reliability.h"
#include "pool_survival.h"
#include "pool_tables.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a study does not ask for is empty. */
struct rad_results {
    const rad_pool *pool;
    bool withhold; /* what is refused is left out, and the rest goes on */
    rad_moments_results moments;
    rad_groups_results groups;
    size_t quantiles_refused;
    rad_pair_tests *pairs; /* [table of the study], owned */
    rad_covariance_results covariance;
    rad_harmonisation combat;
    rad_models models;
    rad_fitted *fitted;                   /* [model of the study], owned */
    rad_reliability *repeats;             /* [variable], owned */
    rad_survival_results *survival;       /* [outcome], owned */
    rad_performance_results *performance; /* [score], owned */
    rad_ranks_results ranks;
    struct rad_tally *tally;         /* of the table that is being written; NULL: nobody counts; borrowed */
    const struct rad_tally *tallies; /* of all tables, for the page; borrowed */
    size_t tally_count;
};

/* RAD_REFUSED: a quantile too near to the edge, a site too small for harmonisation; RAD_CONFIG: a covariate
 * that is confounded with the sites; unless `withhold` leaves such out. */
rad_status rad_results_make(const rad_pool *pool, bool withhold, rad_results *results,
                            rad_error *error) RAD_MUST_CHECK;
void rad_results_free(rad_results *results);

#ifdef __cplusplus
}
#endif
#endif
