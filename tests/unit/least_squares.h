#ifndef RAD_LEAST_SQUARES_H
#define RAD_LEAST_SQUARES_H

#include <stddef.h>

/* Least squares as they stand in books: normal equations, solved by Gauss and Jordan, in long double. */
enum { COLUMNS_MAX = 6 };
typedef struct least_squares {
    size_t n, columns;
    long double inverse[COLUMNS_MAX][2 * COLUMNS_MAX], slope[COLUMNS_MAX], residual;
} least_squares;

/* Of the rows that have a y; f->columns are given. */
void solve(least_squares *f, const long double (*x)[COLUMNS_MAX], const double *y, size_t rows);

#endif
