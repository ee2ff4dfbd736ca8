#include "least_squares.h"

#include <math.h>
#include <string.h>

void solve(least_squares *f, const long double (*x)[COLUMNS_MAX], const double *y, size_t rows) {
    long double right[COLUMNS_MAX] = {0};
    memset(f->inverse, 0, sizeof f->inverse);
    for (size_t a = 0; a < f->columns; a++) {
        f->inverse[a][f->columns + a] = 1;
        for (size_t r = 0; r < rows; r++) {
            if (isnan(y[r])) continue;
            right[a] += x[r][a] * y[r];
            for (size_t b = 0; b < f->columns; b++) f->inverse[a][b] += x[r][a] * x[r][b];
        }
    }
    for (size_t c = 0; c < f->columns; c++) { /* positive definite: no pivots */
        const long double by = f->inverse[c][c];
        for (size_t b = 0; b < 2 * f->columns; b++) f->inverse[c][b] /= by;
        for (size_t a = 0; a < f->columns; a++) {
            const long double times = f->inverse[a][c];
            for (size_t b = 0; a != c && b < 2 * f->columns; b++)
                f->inverse[a][b] -= times * f->inverse[c][b];
        }
    }
    f->n = 0;
    f->residual = 0;
    for (size_t a = 0; a < f->columns; a++) {
        f->slope[a] = 0;
        for (size_t b = 0; b < f->columns; b++) f->slope[a] += f->inverse[a][f->columns + b] * right[b];
    }
    for (size_t r = 0; r < rows; r++) {
        if (isnan(y[r])) continue;
        long double rest = y[r];
        for (size_t a = 0; a < f->columns; a++) rest -= f->slope[a] * x[r][a];
        f->residual += rest * rest;
        f->n++;
    }
}
