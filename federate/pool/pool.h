/* Summaries of sites added up. The sums of the pool are those of the pooled rows, bit by bit. */
#ifndef RAD_POOL_H
#define RAD_POOL_H

#include "../radsum.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A file that a newer release of its site replaces, or that is there twice. */
typedef struct rad_replaced {
    char site[RAD_SITE];
    uint32_t release;
    bool same; /* a second copy of the file that counts */
} rad_replaced;

typedef struct rad_pool {
    const rad_study *study;
    rad_summary total;
    rad_summary *sites; /* by name; without their covariances; owned */
    size_t count, room;
    rad_replaced *replaced; /* owned */
    size_t replaced_count, replaced_room;
    rad_rules rules; /* the strictest of all */
} rad_pool;

/* Adds a summary, which the pool then owns; it is empty afterwards. RAD_CONFIG says what differs from the
 * sites before: variables, definitions, grids, settings; RAD_UNTRUSTED: a second summary of the site. */
rad_status rad_pool_add(rad_pool *pool, rad_summary *summary, int threads, rad_error *error) RAD_MUST_CHECK;

/* Reads and adds the newest release of each site among the files. `seen` (NULL: none) are releases that were
 * pooled before: an older one, or another file of the same release, is RAD_UNTRUSTED. */
rad_status rad_pool_read(const char *const *paths, size_t count, const rad_study *study,
                         const rad_trusted *trusted, const rad_radsum_head *seen, size_t seen_count,
                         int threads, rad_pool *pool, rad_error *error) RAD_MUST_CHECK;

/* RAD_MISMATCH: the engine of a site missed reference values of the digital phantom. RAD_UNREADABLE: what it
 * says of them cannot be; `values` is how many this program knows. */
rad_status rad_pool_check_engines(const rad_pool *pool, size_t values, rad_error *error) RAD_MUST_CHECK;

/* RAD_REFUSED: fewer sites than the rules want. */
rad_status rad_pool_check(const rad_pool *pool, rad_error *error) RAD_MUST_CHECK;

/* Moments of all sites but one. */
rad_status rad_pool_without(const rad_pool *pool, size_t site, size_t set, size_t variable, rad_moments *out,
                            rad_error *error) RAD_MUST_CHECK;

/* Sites whose sums of that set and variable are in the pool. */
size_t rad_pool_sites_of(const rad_pool *pool, size_t set, size_t variable);

/* Patients of the sites whose sums of that set and variable are in the pool, with a value or without. */
uint64_t rad_pool_rows_of(const rad_pool *pool, size_t set, size_t variable);

/* Counts of a variable on the finest intervals of its grid that all sites have; *out is the caller's to free.
 */
rad_status rad_pool_histogram(const rad_pool *pool, size_t variable, rad_grid_count **out, size_t *count,
                              rad_error *error) RAD_MUST_CHECK;

/* Bounds of quantiles (type 7 of Hyndman and Fan) of the pooled rows: each lies in low..high for certain; NaN
 * where no site counts the variable, and where fewer patients than the minimum lie beyond the quantile:
 * `edge`, and rad_pool_edge says so in words. */
typedef struct rad_quantile {
    uint64_t n;
    double low, high;
    bool edge;
} rad_quantile;
rad_status rad_pool_quantiles(const rad_pool *pool, size_t variable, rad_quantile *out,
                              rad_error *error) RAD_MUST_CHECK;
rad_status rad_pool_edge(const rad_pool *pool, size_t variable, double q, uint64_t n, rad_error *error);

void rad_pool_free(rad_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
