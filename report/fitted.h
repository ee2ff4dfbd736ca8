/* What a model that was fitted in rounds says: tables beside its state. */
#ifndef RAD_FITTED_H
#define RAD_FITTED_H

#include "../federate/pool/fit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes FOLDER/MODEL.coefficients.csv, MODEL.fits.csv and, where sites are left out one after the other,
 * MODEL.validation.csv and, of models that order patients, MODEL.performance.csv; and their page,
 * MODEL.report.html. */
rad_status rad_fitted_write(const rad_rounds_fit *fit, const char *folder, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
