/* Small dense matrices by LAPACK, row by row and in place. No memory is asked for: a matrix may fail, the
 * machine may not. */
#ifndef RAD_LINEAR_H
#define RAD_LINEAR_H

#include "status.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the triangle ('U' or 'L') of a symmetric matrix; false: it is not positive definite, or not a number. */
bool rad_linear_cholesky(char triangle, int n, double *a);

/* The inverse, in the same triangle, of what rad_linear_cholesky gave. */
bool rad_linear_invert(char triangle, int n, double *a);

/* x = A^-1 x of the lower triangle of A, which is lost. */
bool rad_linear_solve(int n, double *a, double *x);

/* The second largest singular value of a matrix of n >= 2, which is lost; memory is asked for. O(n^3). */
rad_status rad_linear_second_singular(int n, double *a, double *value, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
