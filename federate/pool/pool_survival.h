/* Curves and log-rank tests of all times to events. A pool keeps the life tables of each site. */
#ifndef RAD_SURVIVAL_H
#define RAD_SURVIVAL_H

#include "curve.h"
#include "fewest.h"
#include "logrank.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of one outcome. */
typedef struct rad_survival_results {
    size_t strata;
    rad_curve *curve;  /* [stratum], owned */
    rad_logrank *test; /* [factor][by site], zeroed where the outcome is not described by it; owned */
} rad_survival_results;

/* The row of this analysis. */
rad_status rad_survival_compute(rad_results *results, rad_error *error) RAD_MUST_CHECK;
void rad_survival_clear(rad_results *results);
void rad_survival_see(const rad_summary *site, const rad_study *study, rad_fewest *fewest);

#ifdef __cplusplus
}
#endif
#endif
