/* Series whose slices lie at uneven distances, put on an even grid along the normal. */
#ifndef RAD_EVEN_H
#define RAD_EVEN_H

#include "plane.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A slice of the grid: (1 - weight) of plane `below`, weight of the one after it. */
typedef struct rad_between {
    size_t below;
    double weight; /* 0..1 */
} rad_between;

/* Slices of the grid, from the first plane to the last: as many as fit distances of about `gap` mm best.
 * planes: sorted by height, two or more. RAD_UNREADABLE: more than 65,535 of them. */
rad_status rad_even_find(const rad_plane *planes, size_t count, double gap, rad_between **between,
                         size_t *slices, double *spacing, rad_error *error) RAD_MUST_CHECK;

/* Planes at uneven distances, and the grid between them. */
typedef struct rad_even {
    size_t planes, slices;
    const rad_between *between; /* of each slice of the grid; borrowed */
    double *height;             /* mm of each plane above the first; owned */
} rad_even;

/* What was found, with its own heights. */
rad_status rad_even_keep(const rad_plane *planes, size_t count, const rad_between *between, size_t slices,
                         rad_even *even, rad_error *error) RAD_MUST_CHECK;

/* The plane that lies so high above the first, within a twentieth of the smallest distance; even->planes:
 * none does. */
size_t rad_even_plane(const rad_even *even, double height);

/* `above` becomes a slice between the two; where either is `nothing` (NaN: never), it is that. */
void rad_even_blend(const double *below, double weight, size_t count, double nothing, double *above);

#ifdef __cplusplus
}
#endif
#endif
