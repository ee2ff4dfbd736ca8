/* The page of a model that was fitted in rounds, MODEL.report.html: what its tables say, with plots. */
#ifndef RAD_FITTED_PAGE_H
#define RAD_FITTED_PAGE_H

#include "../federate/pool/fit.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A body of rad_bytes_stream; context: a rad_rounds_fit. Neither dates nor paths: the same rounds give the
 * same bytes. */
rad_status rad_fitted_page(FILE *out, void *context, rad_error *error) RAD_MUST_CHECK;

/* Its sections. */
typedef rad_status rad_fitted_section(FILE *out, const rad_rounds_fit *fit, rad_error *error);
rad_fitted_section rad_fitted_coefficients; /* table, forest of ratios */
rad_fitted_section rad_fitted_path;         /* lines over lambda, table of lambdas */
rad_fitted_section rad_fitted_validation;   /* forests and numbers of sites that were left out */
rad_fitted_section rad_fitted_rounds;       /* rounds, halved steps, how fits ended */
rad_fitted_section rad_fitted_withheld;     /* what stayed at home */
rad_fitted_section rad_fitted_methods;      /* a paragraph, checklists */

/* "lambda 0.03, chosen by the sites that were left out", or why there is none to show. */
void rad_fitted_say_lambda(FILE *out, const rad_rounds_fit *fit);

/* "odds ratio", "rate ratio", "hazard ratio". */
const char *rad_fitted_ratio(const rad_rounds_fit *fit);

#ifdef __cplusplus
}
#endif
#endif
