/* Levels and pairs of levels: how many patients have them, and whether the two of a pair depend on each
 * other. */
#ifndef RAD_POOL_TABLES_H
#define RAD_POOL_TABLES_H

#include "inference.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Chi-square and, of two by two, Fisher's exact test of a table of the study, of the sites that show all of
 * its cells; NaN where undefined. */
typedef struct rad_pair_tests {
    rad_basis basis;
    rad_test chi, fisher;
} rad_pair_tests;

/* A cell of levels or of a table: its count where no site hides it, else what it is at least. The basis:
 * sites that show it, and all their patients. */
typedef struct rad_cell {
    rad_basis basis;
    size_t hiding;
    bool known; /* the count is */
    int64_t count;
} rad_cell;
typedef const int64_t *rad_cells_of(const rad_summary *summary, size_t which);
rad_cell rad_pool_tables_cell(const rad_pool *pool, rad_cells_of *cells, size_t which, size_t at);

/* A table of levels (no row and column of missing values) of the sites that show all of its cells, added to
 * counts: rows by columns of them. */
rad_basis rad_pool_tables_sum(const rad_pool *pool, size_t table, int64_t *counts);

/* The counts of the levels of a factor, the missing last, and of a table. */
rad_cells_of rad_pool_tables_levels, rad_pool_tables_cells;

#ifdef __cplusplus
}
#endif
#endif
