/* Harmonisation of sites: ComBat (Johnson, Li and Rabinovic 2007), parametric empirical Bayes, from centred
 * sums. One summary up, one file down: sites adjust their own rows. */
#ifndef RAD_COMBAT_H
#define RAD_COMBAT_H

#include "models.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What all sites share about a variable y with columns d: y = location + slope d + scale (gamma + delta e).
 */
typedef struct rad_combat_variable {
    char name[RAD_NAME];
    bool used;
    char why[320]; /* it is not used: what it lacks at which site, or a covariate confounded with the sites */
    double location, scale;
    double slope[RAD_DESIGN_MAX];
} rad_combat_variable;

/* One variable in one batch: mean and variance of what is left, by themselves (hat) and by empirical Bayes
 * (star). */
typedef struct rad_combat_effect {
    double n, gamma_hat, delta_hat, gamma_star, delta_star;
} rad_combat_effect;

typedef struct rad_combat {
    size_t columns, count, sites;
    rad_combat_variable *variables; /* owned */
    rad_combat_effect *effects;     /* [site][variable]: those of its batch; owned */
    char (*site)[RAD_SITE];         /* owned */
    size_t *batch;                  /* of each site, by the first site of it; `sites`: left out; owned */
    char study_hash[65];
} rad_combat;

/* Fits all sites of a pool. One variable has location and scale as they are, without priors, since these come
 * from the other variables. Batches are the sites. Those of fewer patients
 * than the study's minimum (with all columns of the model) are, as the study says, one batch together, with
 * the smallest of the others where they are too few still; or RAD_REFUSED, unless `withhold` leaves them out.
 * RAD_CONFIG: the study's reference is not in the pool, or too small; a covariate is confounded with the
 * sites, of every variable, unless `withhold` gives up the harmonisation. */
rad_status rad_combat_fit(const rad_pool *pool, bool withhold, rad_combat *combat,
                          rad_error *error) RAD_MUST_CHECK;

/* Empirical Bayes over the variables of one site: priors by moments, then iteration to 1e-12. One variable
 * stays as it is. */
void rad_combat_shrink(const rad_combat_variable *variables, size_t count, rad_combat_effect *effects);

/* Effects of the rows of a site that was not in the pool, against what the pool shares. RAD_REFUSED: fewer
 * patients with all columns than the study's minimum of a batch. */
rad_status rad_combat_join(const rad_combat *combat, const rad_study *study, const rad_cohort *cohort,
                           const double *columns, rad_combat_effect *effects,
                           rad_error *error) RAD_MUST_CHECK;

/* The value without the site's effect; NaN where a column is missing. columns: [column] of that row. */
double rad_combat_apply(const rad_combat *combat, size_t variable, const rad_combat_effect *effect, double y,
                        const double *columns);

/* Mean and deviation of a variable of the patients of a site who are in the model, as the study takes it, and
 * after harmonisation: y* = k y + (1 - k) E - k scale gamma, k = 1 / sqrt(delta), E what is expected of the
 * columns; NaN where the site has none. */
typedef struct rad_combat_shift {
    double mean, deviation, mean_after, deviation_after;
} rad_combat_shift;
rad_status rad_combat_shift_take(const rad_pool *pool, const rad_combat *combat, size_t site, size_t variable,
                                 rad_combat_shift *out, rad_error *error) RAD_MUST_CHECK;

/* Warns of the variables that are left out, with their reasons, and of one that has no priors. */
void rad_combat_explain(const rad_combat *combat, rad_warnings *warnings);

/* harmonisation.json: out, and in for a study. */
rad_status rad_combat_write(FILE *out, const rad_combat *combat, const rad_study *study,
                            rad_error *error) RAD_MUST_CHECK;
rad_status rad_combat_read(const char *path, const rad_study *study, rad_combat *combat,
                           rad_error *error) RAD_MUST_CHECK;

void rad_combat_free(rad_combat *combat);

/* Tables of a pool, as in relations.h. */
rad_status rad_combat_table(FILE *out, void *context, rad_error *error);
rad_status rad_combat_file(FILE *out, void *context, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
