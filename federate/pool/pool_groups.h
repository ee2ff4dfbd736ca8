/* Tests of every variable between the levels of a group, of the sites that show all of them. */
#ifndef RAD_POOL_GROUPS_H
#define RAD_POOL_GROUPS_H

#include "inference.h"
#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_groups_results {
    rad_tests *tests; /* of each group in turn, by kind; owned */
    size_t count;
} rad_groups_results;

/* The levels of a group, of the sites that show every one of them: others would set levels of some sites
 * against those of more. */
typedef struct rad_group_levels {
    size_t count, sites;
    size_t with[RAD_FACTOR_LEVELS]; /* sites that have patients of it */
    const rad_moments *moments[RAD_FACTOR_LEVELS];
    rad_moments own[RAD_FACTOR_LEVELS]; /* sums, where some sites do not show all; owned */
} rad_group_levels;
rad_status rad_pool_groups_gather(const rad_pool *pool, size_t factor, size_t variable,
                                  rad_group_levels *levels, rad_error *error) RAD_MUST_CHECK;
void rad_pool_groups_free_levels(rad_group_levels *levels);

/* A test of two levels says what one of them has, given the other: it stands on the one of fewer sites. */
rad_basis rad_pool_groups_basis(const rad_pool *pool, const rad_group_levels *levels);

/* The tests of that kind of a group; NULL: none. */
const rad_tests *rad_pool_groups_find(const rad_groups_results *groups, size_t factor, rad_test_kind kind);

#ifdef __cplusplus
}
#endif
#endif
