/* Log-rank tests of a pool from its life tables, with bounds on what exact times would have given. */
#ifndef RAD_LOGRANK_H
#define RAD_LOGRANK_H

#include "basis.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_logrank_level {
    size_t sites; /* that have patients of it */
    uint64_t n, observed;
    double expected, expected_low, expected_high; /* bounds: what exact times would give */
} rad_logrank_level;

/* NaN where undefined: fewer than two levels with patients, no events. */
typedef struct rad_logrank {
    rad_basis basis; /* sites that show every level; of two levels, that have patients of the one of fewer */
    uint64_t n, events;
    double statistic, df, p;
    double statistic_low, statistic_high; /* of the exact times; two levels only */
    double ratio, low, high;              /* of two levels: hazard ratio of the first against the second,
                                             exp((O - E) / V) (Peto), 95 % */
    double estimate, variance;            /* its logarithm, and 1 / V */
    rad_logrank_level level[RAD_FACTOR_LEVELS];
} rad_logrank;

/* Of the levels of a factor: of the pooled life table, or of each site by itself, added up (stratified),
 * where every site keeps its own times. Undefined where sites or patients are too few. */
rad_status rad_logrank_compute(const rad_pool *pool, size_t outcome, size_t factor, bool by_site,
                               rad_logrank *out, rad_error *error) RAD_MUST_CHECK;

/* The same of one site. */
rad_status rad_logrank_of_site(const rad_pool *pool, size_t site, size_t outcome, size_t factor,
                               rad_logrank *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
