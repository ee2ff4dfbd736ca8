/* Numbers, means, spread and shape of the variables, and how the sites differ in them. */
#ifndef RAD_MOMENTS_H
#define RAD_MOMENTS_H

#include "../describe.h"
#include "fewest.h"
#include "inference.h"
#include "meta.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_moments_results {
    rad_description *all;  /* [variable], owned */
    rad_description *site; /* [variable][site], owned */
    rad_tests sites;       /* analysis of variance over the sites */
    rad_meta *means;       /* of the means of the sites, by REML; [variable], owned */
} rad_moments_results;

/* The row of this analysis. */
rad_status rad_moments_add(rad_pool *pool, rad_summary *site, int threads, rad_error *error) RAD_MUST_CHECK;
rad_status rad_moments_compute(rad_results *results, rad_error *error) RAD_MUST_CHECK;
void rad_moments_clear(rad_results *results);
void rad_moments_see(const rad_summary *site, const rad_study *study, rad_fewest *fewest);

/* The pool without one site, and how far the mean of that site lies from the others in their deviations. */
typedef struct rad_left_out {
    rad_description others;
    double distance;
    uint64_t rows; /* of the others */
    bool shown;
} rad_left_out;
rad_status rad_moments_leave_out(const rad_pool *pool, size_t site, size_t variable, rad_left_out *out,
                                 rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
