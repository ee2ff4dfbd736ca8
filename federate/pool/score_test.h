/* The test that all of a few levels are alike, by their scores: log-rank, ranks, cumulative incidence. */
#ifndef RAD_SCORE_TEST_H
#define RAD_SCORE_TEST_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Observed less expected of each level, and their covariance: variance[level * stride + level]. */
typedef struct rad_score_test {
    size_t levels, stride; /* RAD_FACTOR_LEVELS at most */
    const double *score, *variance;
    const bool *has; /* is anybody at risk? the other levels take no part */
} rad_score_test;

/* s' V^-1 s of the levels that take part, but for the last of them, which follows from the others; chi-square
 * of as many degrees of freedom. false: fewer than two take part, or V is singular, and nothing is written.
 */
bool rad_score_test_run(const rad_score_test *test, double *statistic, double *df, double *p);

#ifdef __cplusplus
}
#endif
#endif
