/* The life tables of a site: which of its patients may be told apart by when they left. */
#ifndef RAD_LIFETABLES_H
#define RAD_LIFETABLES_H

#include "../lifetable.h"
#include "cohort.h"
#include "sets.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Patients without a time, or an event. */
size_t rad_lifetables_without(const rad_cohort *cohort, size_t outcome);

typedef struct rad_lifetable_limits {
    size_t cell;                           /* 0: all edges, all levels */
    bool (*hidden)[RAD_FACTOR_LEVELS + 1]; /* [factor]: levels of which no count leaves; NULL: none */
} rad_lifetable_limits;

/* Counts the patients who have time and event. In every interval at least `cell` patients of a stratum leave,
 * of whom nobody or at least `cell` have the event, each of its causes too, and nobody or as many have not;
 * beyond the last edge as many stay, or nobody where that is the end of the grid (the few who stay beyond it
 * count as last seen there); over all intervals at least `cell` of them have the event, and as many have not;
 * nobody of them is without a time, or at least `cell` are. Levels of which that is not so, and those whose
 * count is hidden, since it would follow, are joined to one rest per factor, which keeps the rule too. All
 * levels of a factor have the same edges, which are some of those of all patients: so every difference keeps
 * the rule. Edges are tried in the order of a binary tree of the grid, the last one first, so that sites
 * choose alike. *withheld grows by the edges and levels that are left out. All patients withheld: nothing can
 * leave. At most O(strata grid^2 (grid + strata) + rows strata). */
rad_status rad_lifetables_make(const rad_cohort *cohort, const rad_study *study, size_t outcome,
                               rad_lifetable_limits limits, rad_lifetables *tables, size_t *withheld,
                               rad_error *error) RAD_MUST_CHECK;

/* A part of the life tables: of an outcome by a factor, or by none (factor_count). */
typedef struct rad_lifetable_part {
    size_t outcome, factor;
    bool events; /* by event (by each of its causes) or none, too; else who left when */
} rad_lifetable_part;

/* Adds the sets of patients that a reader can count of all patients (factor_count), or of all and of every
 * level of a factor at the edges of that factor: who left in each interval, and who was there beyond the last
 * edge; with events, those who had it in an interval apart from those who had not. */
rad_status rad_lifetables_sets(const rad_cohort *cohort, const rad_study *study, rad_lifetable_part part,
                               const rad_lifetables *tables, rad_sets *sets, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
