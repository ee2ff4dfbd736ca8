/* Convex hull of points whose coordinates are small whole numbers, exactly: no facet is merged by a
 * tolerance, none is missed by rounding. */
#ifndef RAD_LATTICE_HULL_H
#define RAD_LATTICE_HULL_H

#include "hull.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t rad_lattice_point[3];

/* No two coordinates along an axis are further apart, and none is larger: six times the third power of this
 * is a whole number of 64 bits. */
enum { RAD_LATTICE_MOST = 1 << 18 };

/* The hull of the points, of which `side` mm are one unit along each axis; its diameter is left alone. Facets
 * are whole polygons, vertices their corners. Quickhull: O(points log vertices) for points in general.
 * RAD_NO_RESULT: all points lie in a plane. */
rad_status rad_lattice_hull(rad_lattice_point *points, size_t count, const double side[3], rad_hull *hull,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
