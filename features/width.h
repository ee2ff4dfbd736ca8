/* How wide a hull is along any direction, at least, without a look at its vertices: two vertices that are
 * furthest apart along a direction nearby are never further apart than the hull is wide. */
#ifndef RAD_WIDTH_H
#define RAD_WIDTH_H

#include "hull.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_WIDTH_ANGLES = 24 }; /* of half a turn; two that are 12 apart are at right angles */

typedef struct rad_widths {
    size_t cells;      /* along each side of the three faces of a cube */
    double (*span)[3]; /* from one vertex to another, furthest apart along the middle of each cell; owned */
    double turn[RAD_WIDTH_ANGLES / 2][2]; /* cosines and sines of the angles of a right one */
} rad_widths;

/* O(vertices + edges): from cell to cell along the edges. */
rad_status rad_widths_make(const rad_hull *hull, rad_widths *widths, rad_error *error) RAD_MUST_CHECK;
void rad_widths_free(rad_widths *widths);

/* At most the width along the unit vector d; too small by the square of the distance to a cell's middle. */
double rad_widths_along(const rad_widths *widths, const double d[3]);

/* At most the area of any rectangle around the hull as it is seen across the unit vectors u and v, which are
 * at right angles. */
double rad_widths_rectangle(const rad_widths *widths, const double u[3], const double v[3]);

#ifdef __cplusplus
}
#endif
#endif
