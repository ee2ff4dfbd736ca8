/* Correlations of a panel, and what is left of them given one variable. */
#ifndef RAD_CORRELATIONS_H
#define RAD_CORRELATIONS_H

#include "../summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Correlations of the variables of a pool's panel that vary and whose pairs are all there. */
typedef struct rad_correlations {
    size_t count;
    size_t *of; /* variable of each column; owned */
    double *r;  /* [count][count]; owned */
} rad_correlations;

/* Of the pairs of a panel. Variables are left out, the one with the most undefined correlations first, until
 * none is left. O(panel^2), and O(panel^2) for each that is left out. */
rad_status rad_correlations_compute(const rad_summary *total, const rad_relation *pairs,
                                    rad_correlations *out, rad_error *error) RAD_MUST_CHECK;
void rad_correlations_free(rad_correlations *correlations);

/* Correlation of a and b given c. */
double rad_correlations_given(const rad_correlations *correlations, size_t a, size_t b, size_t c);

#ifdef __cplusplus
}
#endif
#endif
