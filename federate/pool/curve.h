/* Kaplan-Meier curves of a pool from its life tables, on the public grid of times, with bounds on what exact
 * times would have given. */
#ifndef RAD_CURVE_H
#define RAD_CURVE_H

#include "basis.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At one time of the grid. Times count as rounded up to the grid, and events come before those who are
 * censored at that time: survival = prod (1 - events / at_risk). The curve of the exact times lies between
 * grid_low = prod (1 - events / (at_risk - censored)) and survival for certain. se by Greenwood; low and
 * high: 95 %, log(-log). */
typedef struct rad_curve_point {
    double time;
    uint64_t at_risk, events, censored; /* of the interval that ends here; at time 0 all are at risk */
    double survival, grid_low, se, low, high;
} rad_curve_point;

typedef struct rad_curve {
    rad_basis basis;
    size_t count;           /* points, the first at time 0; fewer than 2: no curve */
    rad_curve_point *point; /* owned */
    uint64_t n, events;
    double median_low, median_high; /* the median of the exact times lies in ]low, high]; infinite: beyond the
                                       grid; low 0 includes 0 */
} rad_curve;

/* The curve of a stratum (rad_lifetable_stratum), of the sites that rad_lifetables_join takes, or of one. No
 * points where the sites or patients are too few, or have no time in common. */
rad_status rad_curve_compute(const rad_pool *pool, size_t outcome, size_t stratum, rad_curve *out,
                             rad_error *error) RAD_MUST_CHECK;
rad_status rad_curve_of_site(const rad_pool *pool, size_t site, size_t outcome, size_t stratum,
                             rad_curve *out, rad_error *error) RAD_MUST_CHECK;
/* The curve of a life table as it is, whatever stands behind it; without patients it has the point at 0. */
rad_status rad_curve_of_table(const rad_lifetable *table, const double *grid, rad_curve *out,
                              rad_error *error) RAD_MUST_CHECK;
void rad_curve_free(rad_curve *curve);

#ifdef __cplusplus
}
#endif
#endif
