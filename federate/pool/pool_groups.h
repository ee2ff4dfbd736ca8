/* Tests of every variable between the levels of a group. */
#ifndef RAD_GROUPS_H
#define RAD_GROUPS_H

#include "fewest.h"
#include "inference.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_groups_results {
    rad_tests *tests; /* of each group in turn, by kind; owned */
    size_t count;
} rad_groups_results;

/* The row of this analysis. t and Welch are of two levels only. */
rad_status rad_groups_add(rad_pool *pool, rad_summary *site, int threads, rad_error *error) RAD_MUST_CHECK;
rad_status rad_groups_compute(rad_results *results, rad_error *error) RAD_MUST_CHECK;
void rad_groups_clear(rad_results *results);
void rad_groups_see(const rad_summary *site, const rad_study *study, rad_fewest *fewest);

/* The tests of that kind of a group; NULL: none. */
const rad_tests *rad_groups_find(const rad_groups_results *groups, size_t factor, rad_test_kind kind);

#ifdef __cplusplus
}
#endif
#endif
