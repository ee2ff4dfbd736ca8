/* Sums of ranks of a variable by the levels of groups, within one site: where they stand in its block. */
#ifndef RAD_RANKED_H
#define RAD_RANKED_H

#include "study.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The number of patients, then of each group in turn: of each level its patients and their doubled midranks
 * (from 2) among all patients of a level; the sum of t^3 - t over tied values of t patients each. All 0 where
 * the group is withheld. */
size_t rad_ranked_cells(const rad_study *study);
size_t rad_ranked_group(const rad_study *study, size_t factor); /* the first cell of a group */
size_t rad_ranked_ties(const rad_study *study, size_t factor);

#ifdef __cplusplus
}
#endif
#endif
