/* How much of a sum is that of a few patients. */
#ifndef RAD_DOMINANCE_H
#define RAD_DOMINANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Share of the two largest of |x - centre|^power (1, 2, 4) in their sum; 0 of nothing. */
double rad_dominance_share(const double *x, size_t count, double centre, int power);

/* Do two make up as much of the sum of x or of x^2, or of the distances from the median? x sorted. */
bool rad_dominance_holds(const double *x, size_t count, double limit);

/* Powers of which sums may leave when shares must be below the limit: 0, 2 or 4. Distances from the median
 * count as well as the values: 5 among ones is as telling as 1 among zeros. x sorted. */
uint8_t rad_dominance_powers(const double *x, size_t count, double limit);

/* How many differ from the most frequent value: all, where none is there twice; x sorted. */
size_t rad_dominance_others(const double *x, size_t count);

#ifdef __cplusplus
}
#endif
#endif
