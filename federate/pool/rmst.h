/* Restricted mean survival times: the area below a curve up to a time. */
#ifndef RAD_RMST_H
#define RAD_RMST_H

#include "curve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Up to a time of the grid, of times rounded up to it, as the curve is; that of the exact times lies in
 * [least, mean]. se: of d events among n at risk, sum of A^2 d / (n (n - d)), A the area from there on. */
typedef struct rad_rmst {
    double time, mean, least, se;
} rad_rmst;

/* Up to point number `last` of the curve. */
void rad_rmst_compute(const rad_curve *curve, size_t last, rad_rmst *out);

/* A level against the first one, up to the last time that both and all sites have; undefined (NaN) where
 * sites or patients of one of them are too few. */
typedef struct rad_rmst_test {
    rad_basis basis;
    double time, difference, se, low, high, p; /* mean of the level less that of the first; normal */
} rad_rmst_test;

/* test[level], the first one is of nothing. */
rad_status rad_rmst_compare(const rad_pool *pool, size_t outcome, size_t factor, rad_rmst_test *test,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
