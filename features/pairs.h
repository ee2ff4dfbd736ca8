/* Pairs of levels of voxels a step apart, cell by cell in the order of a matrix that would be too large to
 * hold: pairs are sorted by their lower level, as many levels at a time as there is room for, and counted
 * level by level. */
#ifndef RAD_PAIRS_H
#define RAD_PAIRS_H

#include "../core/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pairs {
    const uint16_t
        *level; /* 0 outside the ROI; padded, so that every step from a voxel of the ROI stays inside */
    size_t begin, end; /* voxels that pairs begin at */
    const ptrdiff_t *step;
    size_t steps;
    uint32_t levels;  /* the highest level */
    uint64_t *firsts; /* [level]: pairs whose lower level it is; owned */
    uint64_t total;
} rad_pairs;

/* Fills firsts and total from what stands before them. */
rad_status rad_pairs_count(rad_pairs *pairs, rad_error *error) RAD_MUST_CHECK;

/* How often i and j <= levels, i <= j, are a pair, ascending i, then j; n > 0. */
typedef void rad_visit_pair(uint32_t i, uint32_t j, uint64_t n, void *context);

/* Takes 3.3 bytes a voxel and direction at most, or 32 MB where that is more. */
rad_status rad_pairs_each(const rad_pairs *pairs, rad_visit_pair *visit, void *context,
                          rad_error *error) RAD_MUST_CHECK;

void rad_pairs_free(rad_pairs *pairs);

#ifdef __cplusplus
}
#endif
#endif
