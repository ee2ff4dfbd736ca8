/* Agreement of repeated measurements, from the sums of all pairs of occasions. */
#ifndef RAD_POOL_RELIABILITY_H
#define RAD_POOL_RELIABILITY_H

#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An estimate with its 95 % confidence interval; NaN where undefined. */
typedef struct rad_interval {
    double value, low, high;
} rad_interval;

/* By the mean squares of patients, occasions and rest (McGraw and Wong 1996): ICC(1), ICC(A,1) (absolute
 * agreement), ICC(C,1) (consistency); CCC (Lin 1989, for more than two occasions Barnhart's, without
 * interval); repeatability coefficient 1.96 sqrt(2) times the deviation within patients. */
typedef struct rad_reliability {
    rad_basis basis;
    double n;
    rad_interval icc1, icc_a1, icc_c1, ccc, repeatability;
} rad_reliability;

#ifdef __cplusplus
}
#endif
#endif
