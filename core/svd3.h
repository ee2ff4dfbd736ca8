/* The inverse of a matrix of 3 x 3 by its singular values, with the operations, and so the last bits, of
 * LINPACK's DSVDC (Dongarra, Bunch, Moler, Stewart: LINPACK Users' Guide, 1979, chapter 11). ITK inverts the
 * matrices of grids by it; where a sample lies half way between two voxels, the last bit says which of them
 * is nearest. */
#ifndef RAD_SVD3_H
#define RAD_SVD3_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* By rows. False where m is not finite, or its singular values differ by 1e14 and more. */
bool rad_svd3_inverse(const double m[9], double inverse[9]);

#ifdef __cplusplus
}
#endif

#endif
