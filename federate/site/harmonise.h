/* Rows of a site without the effect of the site. */
#ifndef RAD_HARMONISE_H
#define RAD_HARMONISE_H

#include "../harmonisation.h"
#include "batched.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of one batch. */
typedef struct rad_batch_rows {
    const rad_cohort *cohort;
    const double *columns; /* [column][row] */
    const uint64_t *rows;  /* which of them; NULL: all */
} rad_batch_rows;

/* Effects of the rows of a batch that was not in the pool, against what the pool shares. RAD_REFUSED: fewer
 * patients with all columns than the study's minimum of a batch. */
rad_status rad_harmonise_join(const rad_harmonisation *combat, const rad_study *study,
                              const rad_batch_rows *joining, rad_site_effect *effects,
                              rad_error *error) RAD_MUST_CHECK;

/* The same of all batches within a site, each by itself: effects[first level][variable]. */
rad_status rad_harmonise_batches(const rad_harmonisation *combat, const rad_study *study,
                                 const rad_batch_rows *all, const rad_batched *batches,
                                 rad_site_effect *effects, rad_error *error) RAD_MUST_CHECK;

/* What the pool does not expect of a variable's value; NaN where a column is missing. */
double rad_harmonise_rest(const rad_harmonisation *combat, const rad_batch_rows *rows, size_t variable,
                          size_t row);

/* What harmonising the components adds to the value of a variable of the panel, as harmonised:
 * [variable][row], owned by the caller; 0 of others, NaN of patients who miss one. RAD_CONFIG: a component
 * has no spread here. */
rad_status rad_harmonise_components(const rad_harmonisation *combat, const rad_batch_rows *rows,
                                    const rad_site_effect *effects, double **added,
                                    rad_error *error) RAD_MUST_CHECK;

/* The value without the site's effect; NaN where a column is missing. columns: [column] of that row. */
double rad_harmonise_value(const rad_harmonisation *combat, size_t variable, const rad_site_effect *effect,
                           double y, const double *columns);

#ifdef __cplusplus
}
#endif
#endif
