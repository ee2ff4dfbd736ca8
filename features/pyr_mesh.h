/* Surfaces and outlines of masks as PyRadiomics has them: marching cubes by the table of P. Bourke
 * ("Polygonising a scalar field", 1994), and marching squares. Unlike mesh.h they depend on the order and the
 * direction of the axes. */
#ifndef RAD_PYR_MESH_H
#define RAD_PYR_MESH_H

#include "../core/geometry.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pyr_mesh {
    double volume, area;
    double diameter;    /* largest distance of two vertices */
    double in_plane[3]; /* the same of those with equal x, equal y, equal z */
} rad_pyr_mesh;

/* The mask (0 or 1, x fastest) over its box; voxels outside of the box count as 0. */
rad_status rad_pyr_mesh_measure(const uint8_t *mask, const size_t size[3], const rad_box *box,
                                const double spacing[3], rad_pyr_mesh *mesh, rad_error *error) RAD_MUST_CHECK;

/* The first slice of the box across the axis, the lower of the other axes fastest; owned by the caller. */
uint8_t *rad_pyr_slice(const uint8_t *mask, const size_t size[3], const rad_box *box, int axis,
                       size_t slice[2], rad_error *error);

typedef struct rad_pyr_outline {
    double area, perimeter, diameter;
} rad_pyr_outline;

/* One slice of width x height pixels, the first axis fastest. */
rad_status rad_pyr_outline_measure(const uint8_t *mask, const size_t size[2], const double spacing[2],
                                   rad_pyr_outline *outline, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
