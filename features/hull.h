/* Convex hull of the mesh vertices of a mask. */
#ifndef RAD_HULL_H
#define RAD_HULL_H

#include "../core/geometry.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef double rad_point[3];

typedef struct rad_hull_edge {
    uint32_t a, b;        /* vertices; the facet `left` is on the left of a -> b, seen from outside */
    uint32_t left, right; /* facets */
} rad_hull_edge;

typedef struct rad_hull {
    rad_point *vertices; /* mm, relative to the first voxel of the box; owned */
    size_t vertex_count;
    rad_point *normals; /* of the facets, outward, unit; owned */
    size_t facet_count;
    rad_hull_edge *edges;
    size_t edge_count;
    double volume, area; /* mm3, mm2 */
    double diameter;     /* largest distance between two vertices, mm */
} rad_hull;

/* The hull of the vertices of the marching cubes mesh of the mask over the box. Only vertices that can be on
 * it are considered: the ends of the rows along each axis, and of those per (half) slice the corners of their
 * polygon. */
rad_status rad_hull_make(const uint8_t *mask, const size_t size[3], const rad_box *box,
                         const double spacing[3], rad_hull *hull, rad_error *error) RAD_MUST_CHECK;

/* The same by one of two ways: in whole numbers, or by Qhull, which takes what is too large for them. */
typedef enum rad_hull_way { RAD_HULL_LATTICE, RAD_HULL_QHULL } rad_hull_way;
rad_status rad_hull_make_by(rad_hull_way way, const uint8_t *mask, const size_t size[3], const rad_box *box,
                            const double spacing[3], rad_hull *hull, rad_error *error) RAD_MUST_CHECK;

void rad_hull_free(rad_hull *hull);

/* Corners of the convex polygon of 2D points, counter-clockwise, in place; returns their number. */
size_t rad_polygon_hull(double (*points)[2], size_t count, double (*room)[2]);

/* The same where the points are in order, by the first number and then by the second. */
size_t rad_polygon_hull_of_sorted(double (*points)[2], size_t count, double (*room)[2]);

#ifdef __cplusplus
}
#endif
#endif
