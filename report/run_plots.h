/* What the page of a run shows of the columns of its features. */
#ifndef RAD_RUN_PLOTS_H
#define RAD_RUN_PLOTS_H

#include "run_cases.h"
#include "run_values.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A histogram of each column. Rows further from the quartiles than three times their distance are named below
 * it, the furthest first, with links to their cases. */
rad_status rad_run_plots_columns(FILE *out, const rad_run_values *values, const rad_run_cases *cases,
                                 rad_error *error) RAD_MUST_CHECK;

/* Columns whose rank correlations are all at least 0.9, or at most -0.9. */
rad_status rad_run_plots_clusters(FILE *out, const rad_run_values *values, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
