/* Life tables: how many patients had an event, or were censored, in each interval of a public grid of times.
 * All that survival curves and log-rank tests need of a site. */
#ifndef RAD_LIFETABLE_H
#define RAD_LIFETABLE_H

#include "cohort.h"
#include "sets.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of one outcome at one site, or of several sites together. Strata are all patients, then the levels of each
 * factor that the outcome is described by, in turn. */
typedef struct rad_lifetable {
    size_t strata;
    size_t
        edges; /* of the intervals ]edge[i], edge[i + 1]]; the first also has its edge. 0: nothing leaves */
    uint16_t *edge;   /* places in the study's grid, rising from 0; owned */
    bool *shown;      /* [stratum], owned */
    uint64_t *counts; /* [stratum][rad_lifetable_cells]: events and censored of each interval, then all who
                         were there beyond the last edge; owned */
} rad_lifetable;

size_t rad_lifetable_cells(size_t edges); /* 2 (edges - 1) + 1 */
size_t rad_lifetable_strata(const rad_study *study, size_t outcome);

/* The stratum of a level; 0 when the outcome is not described by that factor. */
size_t rad_lifetable_stratum(const rad_study *study, size_t outcome, size_t factor, size_t level);

/* Room for what a reader fills in. */
rad_status rad_lifetable_room(rad_lifetable *table, size_t strata, size_t edges,
                              rad_error *error) RAD_MUST_CHECK;
void rad_lifetable_free(rad_lifetable *table);

/* Counts the patients who have time and event. One set of edges serves all strata, so that no small count
 * follows by subtraction: in every interval, and beyond the last edge, no patient of a stratum leaves, or at
 * least `cell` do; and over the whole grid at least `cell` of them have the event and as many do not. Levels
 * of which that is not so are joined to one rest per factor, which keeps the rule too. Edges are tried in the
 * order of a binary tree of the grid, the last one first, so that sites choose alike. cell 0: all edges, all
 * levels. *withheld grows by the edges and levels that are left out. No edges: nothing can leave. O(strata
 * grid^2 + rows strata). */
rad_status rad_lifetable_make(const rad_cohort *cohort, const rad_study *study, size_t outcome, size_t cell,
                              rad_lifetable *table, size_t *withheld, rad_error *error) RAD_MUST_CHECK;

/* The sets of patients of a stratum that a reader can count: who left in each interval, who was there beyond
 * the last edge; who had the event by then, and who had not. */
rad_status rad_lifetable_sets(const rad_cohort *cohort, const rad_study *study, size_t outcome,
                              const rad_lifetable *table, size_t stratum, rad_sets *sets,
                              rad_error *error) RAD_MUST_CHECK;

/* Some strata of several tables, added up on common edges: those of most patients first, while the sites that
 * have them all are those of more than half of the patients. A table that hides one of the strata, or lacks
 * an edge, has no part in it; *sites: how many have. */
rad_status rad_lifetable_join(const rad_lifetable *const *tables, size_t count, const size_t *strata,
                              size_t strata_count, rad_lifetable *out, size_t *sites,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
