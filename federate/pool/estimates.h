/* What each site estimates by itself, and the random-effects meta-analyses of it: a check of heterogeneity
 * beside every pooled estimate. */
#ifndef RAD_ESTIMATES_H
#define RAD_ESTIMATES_H

#include "../describe.h"
#include "meta.h"
#include "pool_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y with variance v of the sites that have one. */
typedef struct rad_estimates {
    size_t count;
    size_t *site;  /* owned */
    double *y, *v; /* owned */
    uint64_t patients;
} rad_estimates;

/* Memory for one estimate per site. */
rad_status rad_estimates_allocate(size_t sites, rad_estimates *out, rad_error *error) RAD_MUST_CHECK;
void rad_estimates_free(rad_estimates *estimates);

/* What a meta-analysis of them stands on, and the analysis: undefined where that is too little. */
rad_basis rad_estimates_basis(const rad_pool *pool, const rad_estimates *estimates);
void rad_estimates_analyse(const rad_pool *pool, const rad_estimates *estimates, rad_meta_method method,
                           rad_meta *out);

/* Means; site: their descriptions, [variable][site]. */
void rad_estimates_means(const rad_pool *pool, const rad_description *site, size_t variable,
                         rad_estimates *out);

/* Differences of the means of the first and second level of a group. */
rad_status rad_estimates_differences(const rad_pool *pool, size_t factor, size_t variable, rad_estimates *out,
                                     rad_error *error) RAD_MUST_CHECK;

/* Slopes of a column of the model. */
rad_status rad_estimates_slopes(const rad_pool *pool, size_t columns, size_t column, size_t variable,
                                rad_estimates *out, rad_error *error) RAD_MUST_CHECK;

/* atanh r of columns i < j of the panel, with variance 1 / (n - 3) (Fisher). */
void rad_estimates_correlations(const rad_pool *pool, size_t i, size_t j, rad_estimates *out);

/* Log odds ratios of a table of two by two levels, with variance 1/a + 1/b + 1/c + 1/d; where a cell is 0, a
 * half is added to each. */
void rad_estimates_odds(const rad_pool *pool, size_t table, rad_estimates *out);

/* Log hazard ratios of two levels, of log-rank tests (Peto). */
rad_status rad_estimates_hazards(const rad_pool *pool, size_t outcome, size_t factor, rad_estimates *out,
                                 rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
