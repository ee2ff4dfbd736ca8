#include "texture.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* x^2, 1 or x^-2. */
static double power(double x, int exponent) {
    return exponent > 0 ? x * x : exponent < 0 ? 1 / (x * x) : 1;
}

static rad_value emphasis(const rad_texture *t, int of_level, int of_size) {
    double sum = 0;
    for (size_t k = 0; k < t->matrix->count; k++) {
        const rad_cell *c = &t->matrix->cells[k];
        sum += power(c->i, of_level) * power(c->j, of_size) * c->n;
    }
    return rad_defined(sum / t->total);
}

rad_value rad_texture_short(const rad_texture *t) {
    return emphasis(t, 0, -2);
}

rad_value rad_texture_long(const rad_texture *t) {
    return emphasis(t, 0, 2);
}

rad_value rad_texture_low(const rad_texture *t) {
    return emphasis(t, -2, 0);
}

rad_value rad_texture_high(const rad_texture *t) {
    return emphasis(t, 2, 0);
}

rad_value rad_texture_short_low(const rad_texture *t) {
    return emphasis(t, -2, -2);
}

rad_value rad_texture_short_high(const rad_texture *t) {
    return emphasis(t, 2, -2);
}

rad_value rad_texture_long_low(const rad_texture *t) {
    return emphasis(t, -2, 2);
}

rad_value rad_texture_long_high(const rad_texture *t) {
    return emphasis(t, 2, 2);
}

/* Sum of squared row sums; cells are sorted by level. */
static double squared_rows(const rad_texture *t) {
    double sum = 0, row = 0;
    for (size_t k = 0; k < t->matrix->count; k++) {
        row += t->matrix->cells[k].n;
        if (k + 1 < t->matrix->count && t->matrix->cells[k + 1].i == t->matrix->cells[k].i) continue;
        sum += row * row;
        row = 0;
    }
    return sum;
}

rad_value rad_texture_level_nonuniformity(const rad_texture *t) {
    return rad_defined(squared_rows(t) / t->total);
}

rad_value rad_texture_level_nonuniformity_normalised(const rad_texture *t) {
    return rad_defined(squared_rows(t) / (t->total * t->total));
}

rad_value rad_texture_size_nonuniformity(const rad_texture *t) {
    return rad_defined(t->squared_columns / t->total);
}

rad_value rad_texture_size_nonuniformity_normalised(const rad_texture *t) {
    return rad_defined(t->squared_columns / (t->total * t->total));
}

rad_value rad_texture_percentage(const rad_texture *t) {
    return rad_defined(t->total / t->matrix->voxels);
}

static double coordinate(const rad_cell *c, bool of_size) {
    return of_size ? c->j : c->i;
}

static rad_value variance(const rad_texture *t, bool of_size) {
    double mean = 0, sum = 0;
    for (size_t k = 0; k < t->matrix->count; k++)
        mean += coordinate(&t->matrix->cells[k], of_size) * t->matrix->cells[k].n;
    mean /= t->total;
    for (size_t k = 0; k < t->matrix->count; k++) {
        const double d = coordinate(&t->matrix->cells[k], of_size) - mean;
        sum += d * d * t->matrix->cells[k].n;
    }
    return rad_defined(sum / t->total);
}

rad_value rad_texture_level_variance(const rad_texture *t) {
    return variance(t, false);
}

rad_value rad_texture_size_variance(const rad_texture *t) {
    return variance(t, true);
}

rad_value rad_texture_entropy(const rad_texture *t) {
    double sum = 0;
    for (size_t k = 0; k < t->matrix->count; k++) {
        const double p = t->matrix->cells[k].n / t->total;
        sum -= p * log2(p);
    }
    return rad_defined(sum);
}

rad_value rad_texture_energy(const rad_texture *t) {
    double sum = 0;
    for (size_t k = 0; k < t->matrix->count; k++) {
        const double p = t->matrix->cells[k].n / t->total;
        sum += p * p;
    }
    return rad_defined(sum);
}

static int by_size(const void *a, const void *b) {
    const rad_cell *x = a, *y = b;
    return (x->j > y->j) - (x->j < y->j);
}

/* Sum of squared column sums; needs the cells in the order of their columns. */
static rad_status square_columns(rad_texture *t, rad_error *error) {
    const size_t count = t->matrix->count;
    rad_cell *cells = rad_new_raw(count, sizeof *cells, error);
    if (!cells) return RAD_NO_MEMORY;
    if (count) memcpy(cells, t->matrix->cells, count * sizeof *cells);
    qsort(cells, count, sizeof *cells, by_size);
    double column = 0;
    for (size_t k = 0; k < count; k++) {
        column += cells[k].n;
        if (k + 1 < count && cells[k + 1].j == cells[k].j) continue;
        t->squared_columns += column * column;
        column = 0;
    }
    rad_free(cells);
    return RAD_OK;
}

rad_status rad_texture_evaluate(const rad_matrix *matrix, const rad_family *family, rad_value *out,
                                rad_error *error) {
    rad_texture t = {.matrix = matrix};
    for (size_t k = 0; k < matrix->count; k++) t.total += matrix->cells[k].n;
    rad_status status = square_columns(&t, error);
    for (size_t i = 0; i < family->count && status == RAD_OK; i++)
        out[i] = t.total > 0 ? family->features[i].of.texture(&t) : rad_undefined(RAD_EMPTY_INTENSITY);
    return status;
}
