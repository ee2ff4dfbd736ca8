#include "linear.h"

#include "memory.h"

#include <lapacke.h>
#include <math.h>
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

rad_status rad_linear_second_singular(int n, double *a, double *value, rad_error *error) {
    const size_t side = (size_t)n, work = 8 * side * 8;
    double *room = rad_new_raw(side + work, sizeof *room, error);
    lapack_int *whole = rad_new_raw(8 * side, sizeof *whole, error);
    rad_status status = room && whole ? RAD_OK : RAD_NO_MEMORY;
    double none;
    if (status == RAD_OK && LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', n, n, a, n, room, &none, 1, &none, 1,
                                                room + side, (lapack_int)work, whole))
        status = rad_fail(error, RAD_NO_RESULT, "singular values of a matrix do not converge");
    if (status == RAD_OK) *value = room[1];
    rad_free(room);
    rad_free(whole);
    return status;
}
