/* Levels and pairs of levels: how many patients have them, and whether the two of a pair depend on each
 * other. */
#ifndef RAD_POOL_TABLES_H
#define RAD_POOL_TABLES_H

#include "inference.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Chi-square and, of two by two, Fisher's exact test of a table of the study; NaN where undefined. */
typedef struct rad_pair_tests {
    bool whole; /* no site hides a cell */
    rad_test chi, fisher;
} rad_pair_tests;

/* The counts of the levels of a factor, the missing last, and of a table. */
const int64_t *rad_pool_tables_levels(const rad_summary *summary, size_t factor);
const int64_t *rad_pool_tables_cells(const rad_summary *summary, size_t table);

#ifdef __cplusplus
}
#endif
#endif
