/* What tables and page of a model that was fitted in rounds are made of. */
#ifndef RAD_FITTED_NUMBERS_H
#define RAD_FITTED_NUMBERS_H

#include "../federate/pool/fit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An estimate with a normal 95 % interval; NaN where there is no error. */
typedef struct rad_fitted_estimate {
    double value, se, low, high, z, p;
} rad_fitted_estimate;

/* Of each column, of terms as the study takes them. */
void rad_fitted_estimates(const rad_rounds_fit *fit, const rad_fit_found *found, rad_fitted_estimate *out);

/* All levels of a factor together, by Wald's chi-square. */
typedef struct rad_fitted_factor {
    const char *name;
    double statistic, df, p; /* NaN where there are no errors */
} rad_fitted_factor;

/* false: the column is not the first level of one. */
bool rad_fitted_factor_find(const rad_rounds_fit *fit, const rad_fit_found *found, size_t column,
                            rad_fitted_factor *out);

/* Are there any, of a model with errors? */
bool rad_fitted_has_factors(const rad_rounds_fit *fit);

/* "(intercept)", or the term. */
const char *rad_fitted_column(const rad_rounds_fit *fit, size_t column);

/* Deviances: of the sites of a finding; of an intercept alone; of the site that a finding leaves out, by the
 * fit to the others; of all sites, each by the others, NaN where one is not known. */
double rad_fitted_deviance(const rad_rounds_fit *fit, const rad_fit_found *found);
double rad_fitted_null(const rad_rounds_fit *fit);
double rad_fitted_left_out(const rad_rounds_fit *fit, const rad_fit_found *found);
double rad_fitted_all_left_out(const rad_rounds_fit *fit, size_t lambda);

/* What a track found at a lambda; NULL: nothing. */
const rad_fit_found *rad_fitted_find(const rad_rounds_fit *fit, size_t track, size_t lambda);

/* The lambda that is chosen, or the only one; `lambdas`: none. */
size_t rad_fitted_shown(const rad_rounds_fit *fit);

/* The criterion by which it is; NULL: by sites that were left out. */
const char *rad_fitted_criterion(const rad_rounds_fit *fit);

#ifdef __cplusplus
}
#endif
#endif
