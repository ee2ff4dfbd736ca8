/* What a pool says, as files: a CSV per analysis and pooled.json. */
#ifndef RAD_POOLED_H
#define RAD_POOLED_H

#include "../federate/pool/results.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A file of a pool, or a section of its page. */
typedef rad_status rad_pooled_body(FILE *out, const rad_results *results, rad_error *error);

/* Writes the files and the evidence of each into the folder, which is made if it is not there; pooled.json
 * last, with the releases that were pooled. RAD_REFUSED: a quantile too near to the edge, a site too small
 * for harmonisation, RAD_CONFIG: a covariate that is confounded with the sites, unless `withhold` leaves such
 * out. *review (or NULL): results whose evidence does not pass, of those that can have numbers.
 * warnings (or NULL): variables that are not harmonised. */
rad_status rad_pooled_write(const rad_pool *pool, const char *folder, bool withhold, int threads,
                            size_t *review, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Is a file of that name written for the study? */
bool rad_pooled_has(const rad_study *study, const char *name);

/* The releases that an earlier pool of that folder had; none when there was none. *seen is the caller's to
 * free. */
rad_status rad_pooled_seen(const char *folder, rad_radsum_head **seen, size_t *count,
                           rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
