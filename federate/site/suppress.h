/* Which cells of a table of counts may be shown, so that none that is hidden follows from the others. */
#ifndef RAD_SUPPRESS_H
#define RAD_SUPPRESS_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One row of cells whose total is known: a cell of 1 .. least - 1 is hidden, and as many of the smallest
 * others as are needed that all hidden ones together have `least`. Cells of 0 are shown. hidden[i] true on
 * entry stays hidden. */
void rad_suppress_row(const uint64_t *counts, size_t cells, size_t least, bool *hidden);

/* A table whose margins are known: cells of 0 .. least - 1 in rows and columns that are not empty are hidden,
 * and others until no hidden cell can be told closer than `least` from the margins and what is shown
 * (intervals by maximum flow). A row or column of fewer than `least` patients must have been joined to
 * another before. */
void rad_suppress_table(const uint64_t *counts, size_t rows, size_t columns, size_t least, bool *hidden);

/* What a reader can tell of a cell (row * columns + column) from the margins, the shown cells and that counts
 * are not negative. */
void rad_suppress_interval(const uint64_t *counts, size_t rows, size_t columns, const bool *hidden,
                           size_t cell, uint64_t *low, uint64_t *high);

#ifdef __cplusplus
}
#endif
#endif
