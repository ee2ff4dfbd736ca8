/* Matrices of counts, kept as sorted lists of their non-zero cells. A tally collects counts (dense where the
 * matrix is small, a hash table where it is not) and hands them over as a matrix. */
#ifndef RAD_MATRIX_H
#define RAD_MATRIX_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_cell {
    uint32_t i, j; /* grey level, and what the family counts beside it */
    double n, sum; /* how often, a whole number until it is weighted; a sum that the tone differences need */
} rad_cell;

typedef struct rad_matrix {
    rad_cell *cells; /* ascending i, then j; owned */
    size_t count, capacity;
    double voxels; /* N_v that stands behind the counts: once per merged matrix */
} rad_matrix;

/* Allocates that many cells; those that are there stay. */
rad_status rad_matrix_reserve(rad_matrix *matrix, size_t capacity, rad_error *error) RAD_MUST_CHECK;

/* Adds the counts of `more` to the matrix. */
rad_status rad_matrix_merge(rad_matrix *matrix, const rad_matrix *more, rad_error *error) RAD_MUST_CHECK;

/* `weight` times the counts and the voxels behind them, without what becomes 0. */
rad_status rad_matrix_weigh(const rad_matrix *from, double weight, rad_matrix *to,
                            rad_error *error) RAD_MUST_CHECK;
void rad_matrix_free(rad_matrix *matrix);

/* Forgets the cells, keeps the memory. */
void rad_matrix_clear(rad_matrix *matrix);

typedef struct rad_tally {
    size_t rows, width; /* i < rows, j < width */
    uint32_t *dense;    /* rows * width counts, or NULL */
    rad_cell *slots;    /* hash table otherwise */
    size_t capacity, used;
    bool failed; /* memory ran out while counting; rad_tally_collect reports it */
} rad_tally;

/* Matrices with at most this many cells are counted densely. */
enum { RAD_DENSE_CELLS = 1 << 18 };

rad_status rad_tally_make(size_t rows, size_t width, rad_tally *tally, rad_error *error) RAD_MUST_CHECK;

/* Without a dense array: for large matrices of which few cells are met, and each seldom. */
rad_status rad_tally_make_sparse(rad_tally *tally, rad_error *error) RAD_MUST_CHECK;

/* Adds to a cell of a tally without a dense array. */
void rad_tally_add_sparse(rad_tally *tally, uint32_t i, uint32_t j, double n, double sum);

/* Counts n more in cell (i, j). */
static inline void rad_tally_add(rad_tally *tally, uint32_t i, uint32_t j, uint32_t n) {
    if (tally->dense)
        tally->dense[i * tally->width + j] += n;
    else
        rad_tally_add_sparse(tally, i, j, n, 0);
}

/* Moves the counts with i > 0 and j > 0 into the matrix, which is cleared first, and empties the tally. */
rad_status rad_tally_collect(rad_tally *tally, rad_matrix *matrix, rad_error *error) RAD_MUST_CHECK;
void rad_tally_free(rad_tally *tally);

#ifdef __cplusplus
}
#endif
#endif
