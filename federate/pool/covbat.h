/* CovBat (Chen et al. 2022): after ComBat the components of the residuals of a panel are harmonised, too.
 * Made of sums that leave for the model and the covariance. */
#ifndef RAD_POOL_COVBAT_H
#define RAD_POOL_COVBAT_H

#include "combat.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Into combat->covbat, of the variables of the panel that ComBat used; or why there is none into
 * combat->without (RAD_OK). Of a study that asks for it. */
rad_status rad_covbat_fit(const rad_pool *pool, rad_harmonisation *combat, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
