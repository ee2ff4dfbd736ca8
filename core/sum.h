/* Sums of doubles in an order that is fixed by the data: blocks of 4096 elements, eight lanes in a block,
 * lanes and blocks added in order. The same bits whatever the number of threads or the width of the vectors.
 */
#ifndef RAD_SUM_H
#define RAD_SUM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sum of x[0..count). */
double rad_sum(const double *x, size_t count);

/* Sum of squares. */
double rad_sum_squares(const double *x, size_t count);

/* Sum of |x - centre|. */
double rad_sum_absolute(const double *x, size_t count, double centre);

/* powers[k] = sum of (x - centre)^(k+1) for k = 0..3. */
void rad_sum_powers(const double *x, size_t count, double centre, double powers[4]);

#ifdef __cplusplus
}
#endif
#endif
