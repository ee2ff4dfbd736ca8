#include "matrix.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <stdlib.h>
#include <string.h>

static int compare(const rad_cell *a, const rad_cell *b) {
    if (a->i != b->i) return a->i < b->i ? -1 : 1;
    return a->j < b->j ? -1 : a->j > b->j;
}

static int compare_cells(const void *a, const void *b) {
    return compare(a, b);
}

rad_status rad_matrix_reserve(rad_matrix *matrix, size_t capacity, rad_error *error) {
    if (capacity <= matrix->capacity) return RAD_OK;
    rad_cell *cells = rad_new_raw(capacity, sizeof *cells, error);
    if (!cells) return RAD_NO_MEMORY;
    if (matrix->count) memcpy(cells, matrix->cells, matrix->count * sizeof *cells);
    rad_free(matrix->cells);
    matrix->cells = cells;
    matrix->capacity = capacity;
    return RAD_OK;
}

/* Merges from the back, so that the lists may share the buffer. */
rad_status rad_matrix_merge(rad_matrix *matrix, const rad_matrix *more, rad_error *error) {
    rad_status status = rad_matrix_reserve(matrix, matrix->count + more->count, error);
    if (status != RAD_OK) return status;
    matrix->voxels += more->voxels;
    if (!more->count) return RAD_OK;
    size_t a = matrix->count, b = more->count, to = a + b;
    const size_t end = to;
    while (b) {
        const int order = a ? compare(&matrix->cells[a - 1], &more->cells[b - 1]) : -1;
        if (order > 0) {
            matrix->cells[--to] = matrix->cells[--a];
        } else {
            matrix->cells[--to] = more->cells[--b];
            if (!order) {
                matrix->cells[to].n += matrix->cells[--a].n;
                matrix->cells[to].sum += matrix->cells[a].sum;
            }
        }
    }
    memmove(matrix->cells + a, matrix->cells + to, (end - to) * sizeof *matrix->cells);
    matrix->count = a + end - to;
    return RAD_OK;
}

rad_status rad_matrix_weigh(const rad_matrix *from, double weight, rad_matrix *to, rad_error *error) {
    rad_matrix_clear(to);
    rad_status status = rad_matrix_reserve(to, from->count, error);
    if (status != RAD_OK) return status;
    to->voxels = weight * from->voxels;
    for (size_t k = 0; k < from->count; k++) {
        rad_cell cell = from->cells[k];
        cell.n *= weight;
        cell.sum *= weight;
        if (cell.n > 0) to->cells[to->count++] = cell;
    }
    return RAD_OK;
}

void rad_matrix_clear(rad_matrix *matrix) {
    matrix->count = 0;
    matrix->voxels = 0;
}

void rad_matrix_free(rad_matrix *matrix) {
    rad_free(matrix->cells);
    *matrix = (rad_matrix){0};
}

enum { FIRST_ROOM = 256 };

rad_status rad_tally_make(size_t rows, size_t width, rad_tally *tally, rad_error *error) {
    *tally = (rad_tally){.rows = rows, .width = width};
    if (rows <= RAD_DENSE_CELLS / width) {
        tally->dense = rad_new(rows * width, sizeof *tally->dense, error);
        return tally->dense ? RAD_OK : RAD_NO_MEMORY;
    }
    return rad_tally_make_sparse(tally, error);
}

rad_status rad_tally_make_sparse(rad_tally *tally, rad_error *error) {
    *tally = (rad_tally){.capacity = FIRST_ROOM};
    tally->slots = rad_new(tally->capacity, sizeof *tally->slots, error);
    return tally->slots ? RAD_OK : RAD_NO_MEMORY;
}

/* The slot of the cell, or the free one where it belongs; a slot in use has n > 0. The level stands in the
 * upper half of the product only. */
static rad_cell *slot_of(const rad_tally *tally, uint32_t i, uint32_t j) {
    const uint64_t hash = ((uint64_t)i << 32 | j) * 0x9E3779B97F4A7C15ULL;
    for (size_t at = (size_t)(hash >> 32) & (tally->capacity - 1);; at = (at + 1) & (tally->capacity - 1)) {
        rad_cell *slot = &tally->slots[at];
        if (slot->n == 0 || (slot->i == i && slot->j == j)) return slot;
    }
}

static bool grow(rad_tally *tally) {
    const rad_tally old = *tally;
    rad_cell *slots = rad_new(2 * old.capacity, sizeof *slots, NULL);
    if (!slots) return false;
    tally->capacity = 2 * old.capacity;
    tally->slots = slots;
    for (size_t s = 0; s < old.capacity; s++)
        if (old.slots[s].n > 0) *slot_of(tally, old.slots[s].i, old.slots[s].j) = old.slots[s];
    rad_free(old.slots);
    return true;
}

void rad_tally_add_sparse(rad_tally *tally, uint32_t i, uint32_t j, double n, double sum) {
    if (tally->used >= tally->capacity / 4 * 3 && !tally->failed && !grow(tally)) tally->failed = true;
    if (tally->failed) return;
    rad_cell *slot = slot_of(tally, i, j);
    if (slot->n == 0) tally->used++;
    *slot = (rad_cell){i, j, slot->n + n, slot->sum + sum};
}

/* How many counts of a row are above 0, from the first column on. */
RAD_KERNEL_LOOP void count_cells_loop(const uint32_t *row, size_t width, size_t *restrict cells) {
    uint32_t count = 0;
#pragma omp simd reduction(+ : count)
    for (size_t j = 1; j < width; j++) count += row[j] != 0;
    *cells = count;
}
RAD_KERNEL(count_cells, (const uint32_t *row, size_t width, size_t *restrict cells), (row, width, cells))

/* The cells of a row, of which there are so many, into out; the row is empty then. */
static void collect_row(uint32_t *row, uint32_t i, size_t left, rad_cell *out) {
    for (size_t j = 1; left; j++) {
        if (!row[j]) continue;
        *out++ = (rad_cell){i, (uint32_t)j, row[j], 0};
        row[j] = 0;
        left--;
    }
}

static size_t collect_dense(rad_tally *tally, rad_cell *out) {
    size_t count = 0;
    for (size_t i = 1; i < tally->rows; i++) {
        uint32_t *row = tally->dense + i * tally->width;
        size_t cells;
        count_cells(row, tally->width, &cells);
        if (out) {
            collect_row(row, (uint32_t)i, cells, out + count);
            row[0] = 0;
        }
        count += cells;
    }
    if (out) memset(tally->dense, 0, tally->width * sizeof *tally->dense);
    return count;
}

static size_t collect_sparse(rad_tally *tally, rad_cell *out) {
    size_t count = 0;
    for (size_t s = 0; s < tally->capacity; s++) {
        const rad_cell *slot = &tally->slots[s];
        if (slot->n == 0 || !slot->i || !slot->j) continue;
        if (out) out[count] = *slot;
        count++;
    }
    if (!out) return count;
    qsort(out, count, sizeof *out, compare_cells);
    memset(tally->slots, 0, tally->capacity * sizeof *tally->slots);
    tally->used = 0;
    return count;
}

rad_status rad_tally_collect(rad_tally *tally, rad_matrix *matrix, rad_error *error) {
    rad_matrix_clear(matrix);
    if (tally->failed)
        return rad_fail(error, RAD_NO_MEMORY, "out of memory: a table of %zu counts", tally->capacity);
    const size_t count = tally->dense ? collect_dense(tally, NULL) : collect_sparse(tally, NULL);
    rad_status status = rad_matrix_reserve(matrix, count ? count : 1, error);
    if (status != RAD_OK) return status;
    matrix->count = tally->dense ? collect_dense(tally, matrix->cells) : collect_sparse(tally, matrix->cells);
    return RAD_OK;
}

void rad_tally_free(rad_tally *tally) {
    rad_free(tally->dense);
    rad_free(tally->slots);
    *tally = (rad_tally){0};
}
