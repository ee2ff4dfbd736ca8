/* Cumulative incidence of competing causes (Aalen and Johansen), from life tables. */
#ifndef RAD_INCIDENCE_H
#define RAD_INCIDENCE_H

#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At one time of the grid, of times rounded up to it: incidence = sum of S d / n over the intervals so far, S
 * the share without any event before the interval, d events of the cause, n at risk. se by the delta method;
 * without censoring it is that of a share. low and high: 95 %, log(-log). */
typedef struct rad_incidence_point {
    double time;
    uint64_t at_risk, events; /* of the cause, in the interval that ends here */
    double incidence, se, low, high;
} rad_incidence_point;

typedef struct rad_incidence {
    rad_basis basis;
    size_t count;               /* points, the first at time 0; fewer than 2: no curve */
    rad_incidence_point *point; /* owned */
} rad_incidence;

/* Of a stratum (rad_lifetable_stratum), as rad_curve_compute has it. */
rad_status rad_incidence_compute(const rad_pool *pool, size_t outcome, size_t stratum, size_t cause,
                                 rad_incidence *out, rad_error *error) RAD_MUST_CHECK;
void rad_incidence_free(rad_incidence *incidence);

#ifdef __cplusplus
}
#endif
#endif
