/* Levels and pairs of levels: how many patients have them, and whether the two of a pair depend on each
 * other. */
#ifndef RAD_COUNTS_H
#define RAD_COUNTS_H

#include "fewest.h"
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

/* The row of this analysis. */
rad_status rad_counts_add(rad_pool *pool, rad_summary *site, int threads, rad_error *error) RAD_MUST_CHECK;
rad_status rad_counts_compute(rad_results *results, rad_error *error) RAD_MUST_CHECK;
void rad_counts_clear(rad_results *results);
void rad_counts_see(const rad_summary *site, const rad_study *study, rad_fewest *fewest);

/* The counts of the levels of a factor, the missing last, and of a table. */
const int64_t *rad_counts_levels(const rad_summary *summary, size_t factor);
const int64_t *rad_counts_table(const rad_summary *summary, size_t table);

#ifdef __cplusplus
}
#endif
#endif
