/* Gray's test: does the cumulative incidence of one of several causes differ between levels? Of the counts of
 * life tables, which the curves are of, too. */
#ifndef RAD_GRAY_H
#define RAD_GRAY_H

#include "basis.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* NaN where undefined: fewer than two levels with patients, no event of the cause. */
typedef struct rad_gray {
    rad_basis basis; /* sites that show every level */
    uint64_t n, events;
    double statistic, df, p;
} rad_gray;

/* Of the levels of a factor and one cause, with the weight 1 (Gray 1988, rho = 0); times count as rounded up
 * to the grid. Of the pooled life tables on common times, or of each site at its own, scores and covariances
 * added up (stratified). With h_l = Y_l / S_l, the patients at risk of level l by the survival of any event,
 * and F the incidence by all (dF = dN / h., h. the sum of h_l):
 *   score_l = sum of d_l - d h_l (1 - F_l) / sum_m h_m (1 - F_m)
 * and its covariance is that of the martingales of both kinds of events, which shift later scores by the
 * survival that they leave; ties as in the hypergeometric variance. */
rad_status rad_gray_compute(const rad_pool *pool, size_t outcome, size_t factor, size_t cause, bool by_site,
                            rad_gray *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
