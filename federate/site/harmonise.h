/* Rows of a site without the effect of the site. */
#ifndef RAD_HARMONISE_H
#define RAD_HARMONISE_H

#include "../harmonisation.h"
#include "cohort.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Effects of the rows of a site that was not in the pool, against what the pool shares. RAD_REFUSED: fewer
 * patients with all columns than the study's minimum of a batch. */
rad_status rad_harmonise_join(const rad_harmonisation *combat, const rad_study *study,
                              const rad_cohort *cohort, const double *columns, rad_site_effect *effects,
                              rad_error *error) RAD_MUST_CHECK;

/* The value without the site's effect; NaN where a column is missing. columns: [column] of that row. */
double rad_harmonise_value(const rad_harmonisation *combat, size_t variable, const rad_site_effect *effect,
                           double y, const double *columns);

#ifdef __cplusplus
}
#endif
#endif
