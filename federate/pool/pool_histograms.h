/* Histograms on public grids, and the quantiles that follow from them. A pool keeps those of each site. */
#ifndef RAD_POOL_HISTOGRAMS_H
#define RAD_POOL_HISTOGRAMS_H

#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sites that count a variable, and the patients whom they count. */
rad_basis rad_pool_histograms_basis(const rad_pool *pool, size_t variable);

/* Counts of a variable on the finest intervals of its grid that all sites have; *out is the caller's to free.
 */
rad_status rad_pool_histograms_join(const rad_pool *pool, size_t variable, rad_grid_count **out,
                                    size_t *count, rad_error *error) RAD_MUST_CHECK;

/* Bounds of quantiles (type 7 of Hyndman and Fan) of the patients who are counted: each lies in low..high for
 * certain; NaN where too few sites count the variable, and where fewer patients than the minimum lie beyond
 * the quantile: `edge`. */
typedef struct rad_quantile {
    rad_basis basis;
    double low, high;
    bool edge;
} rad_quantile;
rad_status rad_pool_histograms_quantiles(const rad_pool *pool, size_t variable, rad_quantile *out,
                                         rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
