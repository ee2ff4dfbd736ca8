/* Life tables: how many patients had an event, or were censored, in each interval of a public grid of times.
 * All that survival curves and log-rank tests need of a site. */
#ifndef RAD_LIFETABLE_H
#define RAD_LIFETABLE_H

#include "study.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of one stratum at one site, or of several sites together. Intervals are ]edge[i], edge[i + 1]]; the first
 * also has its edge. */
typedef struct rad_lifetable {
    size_t edges;     /* 0: withheld */
    uint16_t *edge;   /* places in the study's grid, rising from 0; owned */
    uint64_t *counts; /* events and censored of each interval, then all who were there beyond the last edge;
                         rad_lifetable_cells of them; owned */
    size_t causes;
    uint64_t *cause; /* events of each interval by cause, which add up to those of `counts`; owned */
    size_t sites;    /* of several sites together: those that have patients in it */
} rad_lifetable;

/* Of an outcome: all patients, then the levels of each factor that it is described by, in turn. */
typedef struct rad_lifetables {
    size_t strata;
    rad_lifetable *stratum; /* owned */
} rad_lifetables;

size_t rad_lifetable_cells(size_t edges); /* 2 (edges - 1) + 1 */
size_t rad_lifetable_strata(const rad_study *study, size_t outcome);

/* The stratum of a level; 0 when the outcome is not described by that factor. */
size_t rad_lifetable_stratum(const rad_study *study, size_t outcome, size_t factor, size_t level);

/* Room for what a reader fills in. */
rad_status rad_lifetable_allocate(rad_lifetable *table, size_t edges, rad_error *error) RAD_MUST_CHECK;
rad_status rad_lifetable_allocate_causes(rad_lifetable *table, size_t causes,
                                         rad_error *error) RAD_MUST_CHECK;
rad_status rad_lifetables_allocate(rad_lifetables *tables, size_t strata, rad_error *error) RAD_MUST_CHECK;
void rad_lifetable_free(rad_lifetable *table);
void rad_lifetables_free(rad_lifetables *tables);

/* The strata first .. first + count - 1 of several sites, added up on common edges. A site that withholds one
 * of the strata, or lacks an edge, has no part in it; chosen are edges of at least `least` sites, who have
 * more than half of the patients, so that intervals times patients are many. No table where fewer sites show
 * all strata. *sites: how many have part, or would have. out: [count]. */
typedef struct rad_joining {
    const rad_lifetables *const *tables; /* [sites] */
    size_t sites, least, first, count;
} rad_joining;
rad_status rad_lifetables_join(const rad_joining *joining, rad_lifetable *out, size_t *sites,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
