/* Does the step of a variable suit its values? Fine enough for their spread, coarse enough that last digits
 * are those of all patients. */
#ifndef RAD_FINENESS_H
#define RAD_FINENESS_H

#include "../study.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_fineness {
    RAD_FINENESS_GOOD,
    RAD_FINENESS_COARSE, /* rounding took more than 2^-12 of the sum of squares about the mean */
    RAD_FINENESS_FINE    /* a value is more than 2^44 steps from 0 */
} rad_fineness;

/* Rounds x[0..count) to multiples of 2^power, in place; NaN is left. */
rad_fineness rad_fineness_round(double *x, size_t count, int power);

/* Do all but a few of the values (fewer than half a cell, at least 1 or 2), as they were before the centre
 * was taken off, lie on a lattice (a power of two, or 1, 2 or 5 times a power of ten, of 8 steps or more),
 * more of them than chance would put there (2^-20)? Then the sum tells, modulo that lattice, of these few
 * alone: whole numbers and one 45.37. O(count). */
bool rad_fineness_isolates(const double *x, size_t count, const rad_transform *transform, size_t cell);

#ifdef __cplusplus
}
#endif
#endif
