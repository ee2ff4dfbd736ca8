/* Linear mixed models with a random intercept for each site, from the cross products of each site. */
#ifndef RAD_MIXED_H
#define RAD_MIXED_H

#include "predictor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = X b + u(site) + e, u of deviation tau, e of deviation sigma. By REML, or else by ML: the profiled
 * deviance is a function of tau^2 / sigma^2 alone, whose least is found as a zero of its derivative, or at 0.
 * The fixed effects are those of a gram, their se by generalised least squares at these variances. */
typedef struct rad_mixed {
    rad_predictor fixed; /* owned */
    double sigma, tau;
    double icc;      /* tau^2 / (tau^2 + sigma^2) */
    double deviance; /* -2 log of the (restricted) likelihood */
    size_t sites;    /* with patients */
    bool reml;
} rad_mixed;

/* origin (or NULL: 0): by how much the means of the grams, with the response, are less than those that the
 * intercept is told for. Columns that do not vary within or between the sites, or that others make up, stay
 * out. All is NaN of fewer than two sites, or where no patients are left over. */
rad_status rad_mixed_fit(const rad_gram *sites, size_t count, bool reml, const double *origin,
                         rad_mixed *mixed, rad_error *error) RAD_MUST_CHECK;
rad_status rad_mixed_allocate(size_t columns, rad_mixed *mixed, rad_error *error) RAD_MUST_CHECK;
void rad_mixed_free(rad_mixed *mixed);

#ifdef __cplusplus
}
#endif
#endif
