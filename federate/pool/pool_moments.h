/* Numbers, means, spread and shape of the variables, and how the sites differ in them. */
#ifndef RAD_POOL_MOMENTS_H
#define RAD_POOL_MOMENTS_H

#include "../describe.h"
#include "inference.h"
#include "meta.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_moments_results {
    rad_basis *basis;      /* of the next; [variable], owned */
    rad_description *all;  /* [variable], owned */
    rad_description *site; /* [variable][site], owned */
    rad_tests sites;       /* analysis of variance over the sites */
    rad_meta *means;       /* of the means of the sites, by REML; [variable], owned */
} rad_moments_results;

/* The pool without one site, and how far the mean of that site lies from the others in their deviations. */
typedef struct rad_left_out {
    rad_description others;
    double distance;
    uint64_t rows;   /* of the others */
    rad_basis basis; /* likewise */
} rad_left_out;
rad_status rad_pool_moments_leave_out(const rad_pool *pool, size_t site, size_t variable, rad_left_out *out,
                                      rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
