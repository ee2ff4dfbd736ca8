/* How well fits to the other sites do at each site that was left out: MODEL.performance.csv. */
#ifndef RAD_FITTED_ORDER_H
#define RAD_FITTED_ORDER_H

#include "../federate/pool/fit.h"
#include "../federate/pool/pool_performance.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Was any site asked? */
bool rad_fitted_has_order(const rad_rounds_fit *fit);

/* A measure of one site, or over those that tell (meta). */
typedef struct rad_fitted_measured {
    const char *measure, *of;
    rad_performance_estimate is;
    const rad_meta *meta; /* NULL: of one site */
    bool share;           /* it is of logits */
    double events, patients;
    size_t sites;
} rad_fitted_measured;

enum { RAD_FITTED_MEASURES = 6 };

/* Is it one of the model's? And is it summed over sites? */
bool rad_fitted_measures(const rad_rounds_fit *fit, size_t measure, bool *pooled);

/* Of the site that a finding leaves out, which was asked; its numbers may be NaN. */
rad_fitted_measured rad_fitted_of_site(const rad_rounds_fit *fit, size_t measure, const rad_fit_found *found);

/* Over the sites that tell; *meta is that of the result. */
rad_status rad_fitted_over_sites(const rad_rounds_fit *fit, size_t measure, rad_meta *meta,
                                 rad_fitted_measured *out, rad_error *error) RAD_MUST_CHECK;

/* A body of rad_bytes_stream; context: a rad_rounds_fit. */
rad_status rad_fitted_put_order(FILE *out, void *context, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
