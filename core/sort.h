/* Sorting of doubles. */
#ifndef RAD_SORT_H
#define RAD_SORT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sorts x[0..count) ascending; no NaN may be in it. Whole numbers that span less than 2^18 are counted, all
 * else goes by its place between the lowest and the highest, or by radix where most of it lies together.
 * O(count), scratch of up to two times count doubles. */
rad_status rad_sort(double *x, size_t count, rad_error *error) RAD_MUST_CHECK;

/* Are all values whole numbers? The lowest and the highest of them; count above 0, no NaN. */
bool rad_sort_survey(const double *x, size_t count, double *lowest, double *highest);

/* The value at that part of the ranks, 0 the least, 1 the largest, linear between those on either side; x is
 * ascending, count above 0. */
double rad_sorted_percentile(const double *x, size_t count, double part);

#ifdef __cplusplus
}
#endif
#endif
