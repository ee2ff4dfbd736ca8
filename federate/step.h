/* Public steps: all values of a variable are whole multiples of one power of two that was known before anyone
 * saw a value. Values rounded to significant bits would give the one nearest to 0 last bits that no other
 * has, and the last bits of an exact sum would be its alone. */
#ifndef RAD_STEP_H
#define RAD_STEP_H

#include "exact.h"
#include "grid.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of the power of two: of steps that a study may name; steps that the largest value may have. */
enum { RAD_STEP_LEAST = -100, RAD_STEP_MOST = 100, RAD_STEP_BITS = 44 };

/* Power of the largest power of two that is not above the step; step > 0. */
int rad_step_power(double step);

/* The step of a variable for which the study names none, from what is public: 2^-20 of a linear grid that the
 * study gives (NULL: none), 2^-16 of a logarithm, for features of the standard whose usual values are small
 * or large a row of a table by their tag, as part of the name; 2^-16 of all others. */
int rad_step_default(const char *name, bool logarithm, const rad_grid *grid);

/* The nearest multiple of 2^power, ties to even; NaN and infinity as they are. */
double rad_step_rounded(double x, int power);

/* Is the sum a whole multiple of (2^power)^order, as sums of that power of the values are? */
bool rad_step_holds(const rad_exact *sum, int power, int order);

/* The limb that holds the last bit of such sums: `low` of rad_exact_to_fixed, the same for all data. */
int32_t rad_step_limb(int power, int order);

#ifdef __cplusplus
}
#endif
#endif
