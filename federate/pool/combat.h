/* Harmonisation of sites: ComBat (Johnson, Li and Rabinovic 2007), parametric empirical Bayes, from centred
 * sums. One summary up, one file down: sites adjust their own rows. */
#ifndef RAD_COMBAT_H
#define RAD_COMBAT_H

#include "../harmonisation.h"
#include "pool_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fits all sites of a pool. One variable has location and scale as they are, without priors, since these come
 * from the other variables. Batches are the sites. Those of fewer patients
 * than the study's minimum (with all columns of the model) are, as the study says, one batch together, with
 * the smallest of the others where they are too few still; or RAD_REFUSED, unless `withhold` leaves them out.
 * RAD_CONFIG: the study's reference is not in the pool, or too small; a covariate is confounded with the
 * sites, of every variable, unless `withhold` gives up the harmonisation. */
rad_status rad_combat_fit(const rad_pool *pool, bool withhold, rad_harmonisation *combat,
                          rad_error *error) RAD_MUST_CHECK;

/* Mean and deviation of a variable of the patients of a site who are in the model, as the study takes it, and
 * after harmonisation: y* = k y + (1 - k) E - k scale gamma, k = 1 / sqrt(delta), E what is expected of the
 * columns; NaN where the site has none. */
typedef struct rad_combat_shift {
    double mean, deviation, mean_after, deviation_after;
} rad_combat_shift;
rad_status rad_combat_shift_compute(const rad_pool *pool, const rad_harmonisation *combat, size_t site,
                                    size_t variable, rad_combat_shift *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
