/* One model of numbers, fitted to the cross products of some sites: which of them, and over which lambdas, is
 * the caller's. */
#ifndef RAD_FITTING_H
#define RAD_FITTING_H

#include "crossed.h"
#include "mixed.h"
#include "ordinary.h"
#include "penalised.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_fitting {
    const rad_model *model; /* gaussian or mixed */
    const size_t *term;     /* of each column */
    size_t columns, terms;
    const double *unit;   /* of the columns in the penalty; NULL: deviations */
    const double *lambda; /* falling; NULL: there is no penalty */
    size_t steps;         /* lambdas, or 1 */
    const double *origin; /* added to the means for the intercept; NULL: nothing */
} rad_fitting;

/* At one lambda, or without; `warm`: from the slopes that are there. All is NaN where it does not converge,
 * or the sites have nobody. */
rad_status rad_fitting_fit(const rad_fitting *fitting, const rad_gram *site, size_t count, size_t step,
                           bool warm, rad_predictor *out, rad_error *error) RAD_MUST_CHECK;

/* A list of all sites but one; the caller frees it, not what its members own. */
rad_gram *rad_fitting_without(const rad_gram *site, size_t count, size_t without, rad_error *error);

/* mse[step]: mean squared error of the patients of all sites, each predicted by the fit to the others; NaN
 * where some fit is. Of two sites and more. */
rad_status rad_fitting_errors(const rad_fitting *fitting, const rad_gram *site, size_t count, double *mse,
                              rad_error *error) RAD_MUST_CHECK;

/* The step of the least error, the first of equal ones; `steps` where there is none. */
size_t rad_fitting_least(const double *value, size_t steps);

/* Fits at the step of the least such error of these sites: what a site that is not among them is judged by.
 */
rad_status rad_fitting_choose(const rad_fitting *fitting, const rad_gram *site, size_t count, size_t *step,
                              rad_predictor *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
