/* Public grids: where values are counted is fixed before anyone saw them, so that edges tell nothing.
 *
 * The cells of a grid are the leaves of a binary tree. A site counts in the nodes of that tree which it may
 * show: neighbours are joined until each has enough patients, along the tree and not along the data. */
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
    uint32_t cells;  /* linear; a power of two less the two open ends is not needed */
} rad_grid;

/* A node of the tree and how many values lie in it: leaves first .. first + 2^level - 1. */
typedef struct rad_grid_count {
    uint32_t first;
    uint32_t level;
    uint64_t count;
} rad_grid_count;

/* The grid for a feature of that IBSI tag: linear where its definition bounds it, else relative with 7 bits
 * (0.8 %). */
rad_grid rad_grid_default(const char *tag);

/* Levels of the tree: it has 2^levels leaves. */
unsigned rad_grid_levels(const rad_grid *grid);

/* The leaf that holds x; finite. */
uint32_t rad_grid_cell(const rad_grid *grid, double x);

/* The lower edge of a leaf, or the upper edge of the last one for the number of leaves; may be infinite. */
double rad_grid_edge(const rad_grid *grid, uint32_t cell);

/* Counts the leaves cell[0..count), sorted ascending, in nodes that hold no value or at least `least`; out
 * has room for count / least + 1. A count below `least` gives none. */
size_t rad_grid_count_cells(const rad_grid *grid, const uint32_t *cell, size_t count, size_t least,
                            rad_grid_count *out);

/* Is the list one that rad_grid_count_cells could have made with this grid: inside, in order, disjoint, none
 * 0? */
bool rad_grid_counts_fit(const rad_grid *grid, const rad_grid_count *counts, size_t count);

#ifdef __cplusplus
}
#endif
#endif
