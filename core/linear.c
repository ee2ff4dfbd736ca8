#include "linear.h"

#include <lapacke.h>
#include <stddef.h>

/* LAPACKE transposes matrices that are row by row in memory of its own, and says so on standard output when
 * there is none. */
static void transpose(int n, double *a) {
    for (ptrdiff_t r = 0; r < n; r++)
        for (ptrdiff_t c = 0; c < r; c++) {
            const double swap = a[r * n + c];
            a[r * n + c] = a[c * n + r];
            a[c * n + r] = swap;
        }
}

bool rad_linear_cholesky(char triangle, int n, double *a) {
    transpose(n, a);
    const bool fine = !LAPACKE_dpotrf(LAPACK_COL_MAJOR, triangle, n, a, n);
    transpose(n, a);
    return fine;
}

bool rad_linear_invert(char triangle, int n, double *a) {
    transpose(n, a);
    const bool fine = !LAPACKE_dpotri(LAPACK_COL_MAJOR, triangle, n, a, n);
    transpose(n, a);
    return fine;
}

bool rad_linear_solve(int n, double *a, double *x) {
    transpose(n, a);
    return !LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', n, 1, a, n, x, n);
}
