/* Models that follow from sums which leave once: what is fitted, over which path, and how well it predicts
 * the site that was left out. */
#ifndef RAD_POOL_MODELS_H
#define RAD_POOL_MODELS_H

#include "discriminant.h"
#include "fitting.h"
#include "inference.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One step of a path: a lambda, or a term that entered. */
typedef struct rad_path_step {
    double lambda;     /* NaN of forward selection */
    size_t term;       /* that entered; the number of terms: none */
    size_t slopes;     /* that are not 0 */
    double rss;        /* sum of squares that is left */
    double criterion;  /* n log(RSS / n) + log(n) (slopes + 1); of forward selection its own */
    double mse;        /* of each site, predicted by the others; NaN: not known */
    rad_predictor fit; /* of a lambda; owned */
} rad_path_step;

/* A site that was left out of everything, of the choice of lambda or terms, too. */
typedef struct rad_validated {
    rad_basis basis; /* the sites that are left; patients of the weaker side */
    double lambda;
    size_t slopes;
    rad_predicted predicted;
    double *distance; /* of lda, [level]: from the first, of the means of the scores, in their deviations;
                         owned */
} rad_validated;

typedef struct rad_fitted {
    const rad_model *model; /* NULL: it does not follow from sums */
    rad_crossed_columns columns;
    size_t slopes;               /* columns before the response */
    size_t sites;                /* with a part in it */
    size_t *of;                  /* of the pool; owned */
    rad_gram *gram;              /* of these; the list is owned, the sums are those of the pool */
    const rad_crossed **crossed; /* likewise */
    double *origin;              /* centre of each column; owned */
    rad_basis basis;
    rad_predictor fit; /* gaussian, mixed: as the study has the values, centres added; owned */
    rad_test *joint;   /* [factor of the study]: F of all its levels; n 0: it is no term; of least squares
                          without a selection, else NULL; owned */
    rad_mixed mixed;
    rad_discriminant lda;
    size_t steps, chosen;     /* chosen == steps: none */
    rad_path_step *path;      /* owned */
    const char *chosen_by;    /* "given", "left out", "bic"; "": nothing is to be chosen */
    rad_validated *validated; /* of each site; NULL: it is not validated; owned */
    rad_predicted all; /* all patients, each predicted without its site; sst about the mean of the others */
} rad_fitted;

/* What slope `column` stands on (`slopes`: the intercept): of a level, the sites that have patients of it,
 * and of the first one. The same of a level of the response. */
rad_basis rad_fitted_basis(const rad_pool *pool, const rad_fitted *fitted, size_t column);
rad_basis rad_fitted_level_basis(const rad_pool *pool, const rad_fitted *fitted, size_t level);

/* crossvalid.c */
rad_status rad_crossvalid_compute(rad_fitted *fitted, const rad_fitting *fitting, const rad_rules *rules,
                                  rad_error *error) RAD_MUST_CHECK;
rad_status rad_crossvalid_discriminant(rad_fitted *fitted, const rad_rules *rules,
                                       rad_error *error) RAD_MUST_CHECK;

/* The discriminant of the sites of a list, of which one is left out (`count`: none). */
rad_status rad_crossvalid_discriminate(const rad_fitted *fitted, size_t without, rad_discriminant *out,
                                       rad_error *error) RAD_MUST_CHECK;

/* Sites that have no part in a model, and why. */
void rad_pool_models_explain(const rad_results *results, rad_warnings *warnings);

#ifdef __cplusplus
}
#endif
#endif
