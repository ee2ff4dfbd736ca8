/* Eigenvalues of small symmetric matrices, without LAPACK: the same bytes on every platform. */
#ifndef RAD_EIGEN_H
#define RAD_EIGEN_H

#include "status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The second largest size of an eigenvalue of a symmetric matrix of n >= 2, row by row, to 1e-16 of the
 * largest row sum. O(n^3), memory for one matrix. */
rad_status rad_eigen_second(size_t n, const double *a, double *value, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
