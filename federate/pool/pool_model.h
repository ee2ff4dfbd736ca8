/* Linear models of many variables on the same columns, from centred sums; the harmonisation is fitted to the
 * same. */
#ifndef RAD_POOL_MODEL_H
#define RAD_POOL_MODEL_H

#include "inference.h"
#include "scatter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One term of the model of one variable; NaN where undefined, n 0 where there is none. */
typedef struct rad_term {
    double estimate, se, t, df, p, adjusted; /* adjusted over the variables */
    uint64_t n;                              /* of the model */
    rad_basis basis; /* with an intercept for each site: the sites in which the column varies; else all, of a
                        level those that have patients of it, and those of the first level */
} rad_term;

/* The models of all variables, of all patients and with an intercept for each site. */
typedef struct rad_models {
    size_t terms;               /* columns of the design, then the intercept */
    char (*name)[2 * RAD_NAME]; /* [term], owned */
    rad_term *term[2];          /* [variable][term]: of all patients; by site; owned */
    size_t factors;             /* whose levels are columns */
    rad_tests *joint[2];        /* [factor]: F of all its levels, likewise; owned */
} rad_models;

/* The terms of one site by itself, [columns + 1]; the intercept is less the centre. */
rad_status rad_pool_model_of_site(const rad_pool *pool, size_t site, size_t columns, size_t variable,
                                  rad_term *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
