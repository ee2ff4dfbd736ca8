/* Closed polygons on a plane of pixels, whose centres are at whole coordinates. */
#ifndef RAD_POLYGON_H
#define RAD_POLYGON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Toggles plane[v * (size[0] + 1) + u] where the boundary of the polygon passes to the left of pixel (u, v)
 * or through its centre. Polygons may be put into one plane one after the other. Coordinates are finite.
 * Cost: rows that edges cross. */
void rad_polygon_trace(const double (*points)[2], size_t count, const size_t size[2], uint8_t *plane);

/* Turns the boundaries in a plane into 1 inside and 0 outside: a pixel is inside when its centre is inside of
 * an odd number of the polygons (even-odd). Of a boundary through a centre, that on the side of low
 * coordinates belongs to the inside. */
void rad_polygon_fill(const size_t size[2], uint8_t *plane);

#ifdef __cplusplus
}
#endif
#endif
