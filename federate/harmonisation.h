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

/* CovBat: what of a ComBat of a panel is still told by covariances. Residuals e of all sites, about `centre`
 * in deviations `scale`, have components of which the first ones are harmonised: at each site to mean 0 and
 * the deviation of all. */
enum { RAD_COVBAT_MAX = 64 };
typedef struct rad_covbat {
    size_t count, parts;    /* variables, components; no variables: there is none */
    size_t *of;             /* place of each variable; owned, as the others */
    double *centre, *scale; /* [variable] */
    double *deviation;      /* [component], within sites */
    double *vector;         /* [component][variable] */
} rad_covbat;

typedef struct rad_harmonisation {
    rad_covbat covbat;
    char without[200]; /* why there is none of those that the study asks for; "" */
    size_t columns, count, sites;
    char
        by[RAD_NAME]; /* factor whose levels are batches within each site, which knows their effects, or "" */
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

/* Joins the smallest batch to the next smallest, the reference (or `count`) aside, while it has fewer
 * patients n than the minimum. batch[i]: the first one of i's batch; other values for who has none. */
void rad_harmonisation_merge(size_t *batch, double *n, size_t count, double minimum, size_t reference);

/* Warns of the variables that are left out, with their reasons, and of one that has no priors. */
void rad_harmonisation_explain(const rad_harmonisation *combat, rad_warnings *warnings);

/* harmonisation.json: out, and in for a study. */
rad_status rad_harmonisation_write(FILE *out, const rad_harmonisation *combat, const rad_study *study,
                                   rad_error *error) RAD_MUST_CHECK;
rad_status rad_harmonisation_parse(const char *text, size_t length, const char *name, const rad_study *study,
                                   rad_harmonisation *combat, rad_error *error) RAD_MUST_CHECK;
rad_status rad_harmonisation_read(const char *path, const rad_study *study, rad_harmonisation *combat,
                                  rad_error *error) RAD_MUST_CHECK;

/* Of so many of each; free with the harmonisation. Writing and reading its part of the file. */
rad_status rad_covbat_allocate(rad_covbat *covbat, size_t count, size_t parts,
                               rad_error *error) RAD_MUST_CHECK;
void rad_covbat_free(rad_covbat *covbat);
struct json_t *rad_covbat_object(const rad_harmonisation *combat);
rad_status rad_covbat_read(const struct json_t *object, rad_harmonisation *combat, bool *fine,
                           rad_error *error) RAD_MUST_CHECK;

void rad_harmonisation_free(rad_harmonisation *combat);

#ifdef __cplusplus
}
#endif
#endif
