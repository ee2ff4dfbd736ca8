/* The outline of a hull seen along a direction, without a look at most of its edges: edges
 * with normals that lie together are in one block, and a block whose normals all look the same way has none.
 */
#ifndef RAD_OUTLINE_H
#define RAD_OUTLINE_H

#include "../core/status.h"
#include "hull.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_outlines {
    const rad_hull *hull; /* borrowed */
    size_t blocks;
    double *centre[3], *reach; /* of the normals of each block; owned, centre[0] first */
    double *side[2][3];        /* normals left and right of the edges, block by block; owned by centre[0] */
    uint32_t *edge;            /* which edges; owned */
} rad_outlines;

rad_status rad_outlines_make(const rad_hull *hull, rad_outlines *outlines, rad_error *error) RAD_MUST_CHECK;
void rad_outlines_free(rad_outlines *outlines);

/* What a thread needs to find outlines. */
typedef struct rad_outline_room {
    uint8_t *open;    /* per block; owned */
    uint32_t *blocks; /* those that are open */
    uint8_t *along;   /* [block that is open][left, right][edge]: does the facet look along the direction? */
    uint64_t *found;  /* per edge, a bit */
    uint8_t *forward; /* per edge */
} rad_outline_room;

rad_status rad_outline_room_make(const rad_outlines *outlines, rad_outline_room *room,
                                 rad_error *error) RAD_MUST_CHECK;
void rad_outline_room_free(rad_outline_room *room);

/* Edges between facets that look along n and others, as next[from] = to, in the order of the hull's edges.
 * Returns their number; corners[] are where they begin. */
size_t rad_outline_find(const rad_outlines *outlines, rad_outline_room *room, const double n[3],
                        uint32_t *next, uint32_t *corners);

#ifdef __cplusplus
}
#endif
#endif
