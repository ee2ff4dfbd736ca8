#include "results.h"

#include "pool_analyses.h"

rad_status rad_results_make(const rad_pool *pool, bool withhold, rad_results *r, rad_error *error) {
    rad_status status = RAD_OK;
    *r = (rad_results){.pool = pool, .withhold = withhold};
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++)
        if (rad_pool_analyses[i]->compute) status = rad_pool_analyses[i]->compute(r, error);
    if (status != RAD_OK) rad_results_free(r);
    return status;
}

void rad_results_free(rad_results *r) {
    for (size_t i = 0; i < RAD_ANALYSES && r->pool; i++)
        if (rad_pool_analyses[i]->clear) rad_pool_analyses[i]->clear(r);
    *r = (rad_results){.pool = NULL};
}
