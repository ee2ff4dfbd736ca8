/* Bodies around a hull: the smallest oriented box, the smallest ellipsoid; and the surface of an ellipsoid.
 */
#ifndef RAD_ENCLOSING_H
#define RAD_ENCLOSING_H

#include "hull.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sides of the box of least volume among those with a face on a facet of the hull (a box that is smaller
 * still may have edges only on the hull; it is rarely more than a percent smaller). O(facets * edges). */
rad_status rad_enclosing_box(const rad_hull *hull, int threads, double side[3],
                             rad_error *error) RAD_MUST_CHECK;

/* Semi-axes, descending, of the ellipsoid of least volume around the vertices, within a relative 1e-9 of the
 * volume whatever their order and orientation (ascent by exchanges between the points that touch it). */
rad_status rad_enclosing_ellipsoid(const rad_hull *hull, double semi_axis[3],
                                   rad_error *error) RAD_MUST_CHECK;

/* Surface of an ellipsoid with semi-axes a >= b >= c > 0, by the manual's Legendre series to degree 20. The
 * manual's eccentricities (1 - b^2/a^2 and 1 - c^2/a^2) make it less than the geometric surface of a long
 * ellipsoid, by a fifth for axes 2:1:1; the reference values are defined by it. */
double rad_ellipsoid_area(const double semi_axis[3]);

/* Eigenvalues, descending, of a symmetric 3x3 matrix. */
rad_status rad_eigenvalues(const double matrix[9], double values[3], rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
