/* Surface mesh of a mask by marching cubes (IBSI WRJH), without ever holding its triangles: area and volume
 * follow from how often each of the 256 cube configurations occurs in each layer.
 *
 * Vertices lie half-way between the centre of a voxel of the mask and that of a neighbour outside. Where a
 * face of a cube is ambiguous the corners of the mask are kept apart, which is decided by the face alone, so
 * that the mesh is closed. A loop of a cube is cut into the triangles that have the largest area on a grid of
 * unit spacing (the mean where several do), so that rotated and mirrored masks have equal meshes, and the
 * values of the reference tables come out. */
#ifndef RAD_MESH_H
#define RAD_MESH_H

#include "../core/geometry.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_mesh {
    double volume; /* mm3 */
    double area;   /* mm2 */
} rad_mesh;

enum { RAD_LOOPS_MAX = 4, RAD_LOOP_LENGTH_MAX = 12 };

/* The loops of one configuration: bit (4 dx + 2 dz + dy) of `configuration` is the corner (dx, dy, dz). A
 * loop is a list of vertices in units of voxels relative to corner 0, seen counter-clockwise from outside the
 * mask. */
typedef struct rad_cube {
    int loops;
    int length[RAD_LOOPS_MAX];
    double vertex[RAD_LOOPS_MAX][RAD_LOOP_LENGTH_MAX][3];
} rad_cube;

void rad_mesh_cube(unsigned configuration, rad_cube *cube);

/* Measures a mask (0 or 1, x fastest) over a box of it; voxels outside the box count as 0. O(voxels of the
 * box). */
rad_status rad_mesh_measure(const uint8_t *mask, const size_t size[3], const rad_box *box,
                            const double spacing[3], rad_mesh *mesh, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
