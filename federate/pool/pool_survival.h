/* Curves and log-rank tests of all times to events. A pool keeps the life tables of each site. */
#ifndef RAD_POOL_SURVIVAL_H
#define RAD_POOL_SURVIVAL_H

#include "curve.h"
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

#ifdef __cplusplus
}
#endif
#endif
