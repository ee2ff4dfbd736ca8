/* Linear models of many variables on the same columns, from centred sums. */
#ifndef RAD_MODELS_H
#define RAD_MODELS_H

#include "../design.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Means, and sums of squares and products about them, of one variable y and the columns d of a model. */
typedef struct rad_scatter {
    double n, y, yy;
    double d[RAD_DESIGN_MAX], dy[RAD_DESIGN_MAX],
        dd[RAD_DESIGN_MAX * RAD_DESIGN_MAX]; /* dd[i * columns + j] */
} rad_scatter;

/* Of the cells of a summary; numerators are exact. */
rad_status rad_scatter_take(const rad_exact *cells, size_t columns, rad_scatter *out,
                            rad_error *error) RAD_MUST_CHECK;

/* Nothing yet. */
void rad_scatter_clear(rad_scatter *scatter, size_t columns);

/* Adds products; means are not touched. */
void rad_scatter_add(rad_scatter *to, const rad_scatter *from, size_t columns);

/* Least squares: slopes and the inverse of dd, NaN for columns that do not vary. False: columns that depend
 * on each other. */
typedef struct rad_fit {
    double slope[RAD_DESIGN_MAX], inverse[RAD_DESIGN_MAX * RAD_DESIGN_MAX];
    double residual; /* sum of squares */
    size_t used;     /* columns that vary */
} rad_fit;
bool rad_fit_make(const rad_scatter *s, size_t columns, rad_fit *out);

/* One term of the model of one variable; NaN where undefined, n 0 where there is none. */
typedef struct rad_term {
    double estimate, se, t, df, p, adjusted; /* adjusted over the variables */
    uint64_t n;
} rad_term;

/* The models of all variables, of all patients and with an intercept for each site. */
typedef struct rad_models {
    size_t terms;               /* columns of the design, then the intercept */
    char (*name)[2 * RAD_NAME]; /* [term], owned */
    rad_term *term[2];          /* [variable][term]: of all patients; by site; owned */
} rad_models;

rad_status rad_models_take(const rad_pool *pool, rad_models *models, rad_error *error) RAD_MUST_CHECK;
void rad_models_free(rad_models *models);

/* The terms of one site by itself, [columns + 1]; the intercept is less the centre. */
rad_status rad_models_of_site(const rad_pool *pool, size_t site, size_t columns, size_t variable,
                              rad_term *out, rad_error *error) RAD_MUST_CHECK;

/* The table of them, as in relations.h. */
rad_status rad_models_table(FILE *out, void *context, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
