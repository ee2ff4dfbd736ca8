/* Which parts of each analysis each site shows: variables, levels, cells, pairs, curves. */
#ifndef RAD_COVERAGE_H
#define RAD_COVERAGE_H

#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_COVERAGE_RULES = 160 };

/* One part at one site: `shown` of `parts` sums. Why the others are not: the rules by which the site refused
 * them, or else those that the analysis rests on. */
typedef struct rad_covered {
    uint64_t parts, shown;
    char rules[RAD_COVERAGE_RULES]; /* "" where all are shown */
} rad_covered;

/* "sex x stage"; "" where an analysis is one part. */
typedef struct rad_coverage_part {
    rad_analysis analysis;
    char name[3 * RAD_NAME];
} rad_coverage_part;

/* Parts of all analyses, one after the other; those that the study does not ask for have one part, of none.
 */
typedef struct rad_coverage {
    size_t count, capacity, sites;
    rad_coverage_part *part; /* owned */
    rad_covered *covered;    /* [part][site], owned */
    size_t covered_capacity;
    size_t at; /* the next part of the site that is looked at */
} rad_coverage;

rad_status rad_coverage_make(const rad_pool *pool, rad_coverage *coverage, rad_error *error) RAD_MUST_CHECK;
void rad_coverage_free(rad_coverage *coverage);

/* A part of the analysis of a site, in the same order for all; `what`: by which name a refusal calls it
 * beside the analysis and its variables, or NULL. */
typedef struct rad_covering {
    const rad_pool *pool;
    size_t site;
    rad_analysis analysis;
    rad_coverage *coverage;
} rad_covering;
rad_status rad_coverage_add(const rad_covering *at, const char *name, const char *what, uint64_t parts,
                            uint64_t shown, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
