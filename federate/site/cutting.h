/* Classes of a score between public cuts, by outcome: which cuts may be told. Nothing here knows of studies,
 * variables or files. */
#ifndef RAD_CUTTING_H
#define RAD_CUTTING_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Patients by the class that they are in, and by outcome. Edge 0 lies before the first cut, edge k is cut k,
 * counted from 1, edge cuts + 1 lies beyond the last; class k is ]edge k, edge k + 1]. */
typedef struct rad_cutting {
    const double *x;
    const bool *event;
    size_t count;
    const double *cut; /* rising */
    size_t cuts;
    size_t least; /* patients with the event, and without, in every class; 0: no rules */
} rad_cutting;

/* The class of a value when all cuts are told. */
size_t rad_cutting_class(const rad_cutting *cutting, double x);

/* Which edges are told: edge[cuts + 2]. In every class between them there are `least` of either outcome. Cuts
 * are tried in the order of a binary tree, so that sites choose alike. Where the pairs of patients in the
 * same class that are concordant, or discordant, are fewer than one patient can have there, all outcomes of
 * some would follow from the order of the scores: no cut is told then. *dropped: cuts that are not. */
rad_status rad_cutting_choose(const rad_cutting *cutting, bool *edge, size_t *dropped,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
