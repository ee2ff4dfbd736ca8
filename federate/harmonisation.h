/* A harmonisation of sites as a pool writes it, for sites to adjust their own rows (harmonisation.json). */
#ifndef RAD_HARMONISATION_H
#define RAD_HARMONISATION_H

#include "design.h"
#include "signer.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What all sites share about a variable y with columns d: y = location + slope d + scale (gamma + delta e).
 */
typedef struct rad_harmonised {
    char name[RAD_NAME];
    bool used;
    char why[320]; /* it is not used: what it lacks at which site, or a covariate confounded with the sites */
    double location, scale;
    double slope[RAD_DESIGN_MAX];
} rad_harmonised;

/* One variable in one batch: mean and variance of what is left, by themselves (hat) and by empirical Bayes
 * (star). */
typedef struct rad_site_effect {
    double n, gamma_hat, delta_hat, gamma_star, delta_star;
} rad_site_effect;

typedef struct rad_harmonisation {
    size_t columns, count, sites;
    char by[RAD_NAME]; /* factor whose levels are batches within each site, who knows their effects; "": sites
                        */
    rad_harmonised *variables; /* owned */
    rad_site_effect *effects;  /* [site][variable]: those of its batch, of batches within a site n; owned */
    char (*site)[RAD_SITE];    /* owned */
    size_t *batch;             /* of each site, by the first site of it; `sites`: left out; owned */
    char study_hash[65];
} rad_harmonisation;

/* Why a variable is not used of which nobody expects it. */
extern const char rad_harmonisation_covariate[];

/* Memory for c->sites and c->count. */
rad_status rad_harmonisation_allocate(rad_harmonisation *combat, rad_error *error) RAD_MUST_CHECK;

/* Empirical Bayes over the variables of one site: priors by moments, then iteration to 1e-12. One variable
 * stays as it is. */
void rad_harmonisation_shrink(const rad_harmonised *variables, size_t count, rad_site_effect *effects);

/* Warns of the variables that are left out, with their reasons, and of one that has no priors. */
void rad_harmonisation_explain(const rad_harmonisation *combat, rad_warnings *warnings);

/* harmonisation.json: out, and in for a study. */
rad_status rad_harmonisation_write(FILE *out, const rad_harmonisation *combat, const rad_study *study,
                                   rad_error *error) RAD_MUST_CHECK;
rad_status rad_harmonisation_parse(const char *text, size_t length, const char *name, const rad_study *study,
                                   rad_harmonisation *combat, rad_error *error) RAD_MUST_CHECK;
rad_status rad_harmonisation_read(const char *path, const rad_study *study, rad_harmonisation *combat,
                                  rad_error *error) RAD_MUST_CHECK;

void rad_harmonisation_free(rad_harmonisation *combat);

#ifdef __cplusplus
}
#endif
#endif
