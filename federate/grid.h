/* Public grids: where values are counted is fixed before anyone saw them, so that edges tell nothing.
 *
 * A site counts in intervals between edges of the grid that hold enough patients each: neighbouring cells are
 * joined, and the coarsest edge that will do is taken, in the order of a binary tree of the cells. */
#ifndef RAD_GRID_H
#define RAD_GRID_H

#include "../core/status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_grid_kind {
    RAD_GRID_RELATIVE, /* each power of two in 2^bits equal cells, for either sign: a relative error of
                          2^-bits */
    RAD_GRID_LINEAR    /* equal cells from..to, and one beyond each end */
} rad_grid_kind;

enum { RAD_GRID_BITS_MAX = 12, RAD_GRID_CELLS_MAX = 1 << 16 };

typedef struct rad_grid {
    rad_grid_kind kind;
    unsigned bits;   /* relative */
    double from, to; /* linear */
    uint32_t cells;  /* linear */
} rad_grid;

/* How many values lie in the cells first .. end - 1. */
typedef struct rad_grid_count {
    uint32_t first, end;
    uint64_t count;
} rad_grid_count;

/* The grid for a feature of that IBSI tag: linear where its definition bounds it, else relative with 7 bits
 * (0.8 %). */
rad_grid rad_grid_default(const char *tag);

/* Number of cells, those beyond the ends included. */
uint32_t rad_grid_cells(const rad_grid *grid);

/* The cell that holds x; finite. */
uint32_t rad_grid_cell(const rad_grid *grid, double x);

/* The lower edge of a cell, or the upper edge of the last one for the number of cells; may be infinite. */
double rad_grid_edge(const rad_grid *grid, uint32_t cell);

/* Counts cell[0..count), sorted ascending, in intervals that hold at least `least` of them, and fewer than
 * twice that where the grid tells them apart. The outer ends tell neither the smallest nor the largest value:
 * they lie on powers of two (on eighths of a linear grid) around the least-th value from either end, and the
 * outer intervals count all that lie beyond them too, at most least - 1 on either side; fewer than 2 least
 * values are counted in the whole grid. out: count / least + 1 of them; fewer than `least` give none. */
size_t rad_grid_count_cells(const rad_grid *grid, const uint32_t *cell, size_t count, size_t least,
                            rad_grid_count *out);

/* Is the list one that rad_grid_count_cells could have made with this grid: inside, in order, disjoint, none
 * 0? */
bool rad_grid_counts_fit(const rad_grid *grid, const rad_grid_count *counts, size_t count);

#ifdef __cplusplus
}
#endif
#endif
