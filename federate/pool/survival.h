/* Survival of a pool from its life tables: Kaplan-Meier curves and log-rank tests on the public grid of
 * times, with bounds on what exact times would have given. */
#ifndef RAD_SURVIVAL_H
#define RAD_SURVIVAL_H

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
    size_t sites;           /* that have part in it */
    size_t count;           /* points, the first at time 0; fewer than 2: no curve */
    rad_curve_point *point; /* owned */
    uint64_t n, events;
    double median_low, median_high; /* the median of the exact times lies in ]low, high]; infinite: beyond the
                                       grid; low 0 includes 0 */
} rad_curve;

/* The curve of a stratum (rad_lifetable_stratum), of the sites that rad_lifetable_join takes. */
rad_status rad_curve_take(const rad_pool *pool, size_t outcome, size_t stratum, rad_curve *out,
                          rad_error *error) RAD_MUST_CHECK;
void rad_curve_free(rad_curve *curve);

typedef struct rad_logrank_level {
    uint64_t n, observed;
    double expected, expected_low, expected_high; /* bounds: what exact times would give */
} rad_logrank_level;

/* NaN where undefined: fewer than two levels with patients, no events. */
typedef struct rad_logrank {
    size_t sites; /* that have part in it: they show every level */
    uint64_t n, events;
    double statistic, df, p;
    double statistic_low, statistic_high; /* of the exact times; two levels only */
    double ratio, low, high;              /* of two levels: hazard ratio of the first against the second,
                                             exp((O - E) / V) (Peto), 95 % */
    double estimate, variance;            /* its logarithm, and 1 / V */
    rad_logrank_level level[RAD_FACTOR_LEVELS];
} rad_logrank;

/* Of the levels of a factor: of the pooled life table, or of each site by itself, added up (stratified),
 * where every site keeps its own times. */
rad_status rad_logrank_take(const rad_pool *pool, size_t outcome, size_t factor, bool by_site,
                            rad_logrank *out, rad_error *error) RAD_MUST_CHECK;

/* The same of one site. */
rad_status rad_logrank_of_site(const rad_pool *pool, size_t site, size_t outcome, size_t factor,
                               rad_logrank *out, rad_error *error) RAD_MUST_CHECK;

/* Tables of a pool, as in relations.h. */
rad_status rad_survival_curves(FILE *out, void *context, rad_error *error);
rad_status rad_survival_curves_by_site(FILE *out, void *context, rad_error *error);
rad_status rad_survival_medians(FILE *out, void *context, rad_error *error);
rad_status rad_survival_tests(FILE *out, void *context, rad_error *error);
rad_status rad_survival_levels(FILE *out, void *context, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
