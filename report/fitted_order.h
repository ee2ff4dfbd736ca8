/* How well fits to the other sites do at each site that was left out: MODEL.performance.csv. */
#ifndef RAD_FITTED_ORDER_H
#define RAD_FITTED_ORDER_H

#include "../federate/pool/fit.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Was any site asked? */
bool rad_fitted_has_order(const rad_rounds_fit *fit);

/* A body of rad_bytes_stream; context: a rad_rounds_fit. */
rad_status rad_fitted_put_order(FILE *out, void *context, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
