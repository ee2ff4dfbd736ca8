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

/* The tests of that kind of a group; NULL: none. */
const rad_tests *rad_pool_groups_find(const rad_groups_results *groups, size_t factor, rad_test_kind kind);

#ifdef __cplusplus
}
#endif
#endif
