/* How many patients of the pool have a value below 0: the sums say it. */
#include "pool_analyses.h"

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_blocks(f, site, &site->blocks[RAD_SIGNS], "signs");
}

const rad_pool_analysis rad_pool_signs = {.see = see};
