#include "pool_analyses.h"

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see_sets(f, site, 0, 1);
}

/* Third and fourth powers are added up with the other moments, which describe them. */
static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_summary *s = &at->pool->sites[at->site];
    uint64_t shown = 0;
    for (size_t v = 0; v < s->count; v++) shown += s->moments[v].powers == 4;
    return rad_coverage_add(at, "", NULL, s->count, shown, error);
}

const rad_pool_analysis rad_pool_skewness = {.see = see, .cover = cover};
