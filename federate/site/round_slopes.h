/* How numbers of pairs change with the predictors of patients. */
#ifndef RAD_ROUND_SLOPES_H
#define RAD_ROUND_SLOPES_H

#include "outcomes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A patient's distance from the others in widths of the kernel, in fixed point: sums of it have no order. */
enum { RAD_SLOPE_BITS = 40 };

/* Silverman's, of n patients (1.06 deviation n^-1/5). */
double rad_round_slope_width(const double *x, size_t n);

/* slope[i]: over those j with whom i is a pair (outcomes.h), the sum of 1 - |x_i - x_j| / width where that is
 * above 0, less where j had the event first; weighted (own not NULL): the sum of own[j] times that. Distances
 * are taken to 2^-40 of the width; all is 0 where that is 0. O(n log n), at most 2^20 patients with
 * own up to 2^21. */
rad_status rad_round_slopes(const double *x, const rad_outcomes *of, const uint64_t *own, double *slope,
                            double *weighted, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
