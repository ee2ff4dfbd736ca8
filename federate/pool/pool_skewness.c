#include "pool_analyses.h"

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_sets(f, site, 0, 1);
}

/* Third and fourth powers are added up with the other moments, which describe them. */
const rad_pool_analysis rad_pool_skewness = {.see = see};
