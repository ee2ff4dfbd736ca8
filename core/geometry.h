/* Where voxels lie in the world. World coordinates are NIfTI's: millimetres, RAS (x to the right, y to the
 * front, z to the head of the patient). Axis 0 is the fastest in memory; axis 2 numbers the slices. */
#ifndef RAD_GEOMETRY_H
#define RAD_GEOMETRY_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_geometry {
    size_t size[3];
    double spacing[3];   /* mm, > 0 */
    double origin[3];    /* mm, centre of voxel (0,0,0) */
    double direction[9]; /* unit vector of axis a in column a: direction[3 * row + a] */
} rad_geometry;

/* Half-open box of voxels: begin <= v < end on each axis. */
typedef struct rad_box {
    size_t begin[3], end[3];
} rad_box;

/* Voxels of the grid; the sizes were checked when it was read. */
size_t rad_geometry_count(const rad_geometry *geometry);

/* Voxels of the box. */
size_t rad_box_count(const rad_box *box);

/* The box of the whole grid. */
rad_box rad_geometry_box(const rad_geometry *geometry);

/* The smallest box around both. */
rad_box rad_box_join(const rad_box *a, const rad_box *b);

/* The box grown by margin voxels on each side of each axis, cut at the borders of the grid. */
rad_box rad_box_grow(rad_box box, const size_t margin[3], const rad_geometry *geometry);

/* Same size, origins and spacings within 1e-3 mm, directions within 1e-3. */
bool rad_geometry_same(const rad_geometry *a, const rad_geometry *b);

/* Do the voxel centres of `part` lie on voxel centres of `whole`, whatever the order and direction of the
 * axes, up to 0.05 voxels? Then nearest-neighbour resampling from one to the other changes no voxel. */
bool rad_geometry_coincides(const rad_geometry *part, const rad_geometry *whole);

/* Spacings become the decimals that they stand for, so that a patient has one grid whatever file brought it.
 * Of a spacing that is a number of single precision, as in NIfTI: the shortest decimal that it is the nearest
 * to (0.7 for 0.699999988079071); of others: one of at most 12 digits within 5e-13 of it (sums of slices'
 * distances), or itself. */
void rad_geometry_settle(rad_geometry *geometry);

/* One line: size, spacing, origin, direction. Returns text. */
const char *rad_geometry_describe(const rad_geometry *geometry, char *text, size_t length);

/* World coordinates of a (fractional) voxel index. */
void rad_geometry_world(const rad_geometry *geometry, const double index[3], double world[3]);

/* Where the voxels of a box lie along the axes of the world: their centres with a rim of 0, their ends with
 * one of 0.5. */
void rad_geometry_extent(const rad_geometry *geometry, const rad_box *box, double rim, double low[3],
                         double high[3]);

/* The (fractional) voxel index of a world point; false when the directions are not invertible. */
bool rad_geometry_index(const rad_geometry *geometry, const double world[3], double index[3]);

#ifdef __cplusplus
}
#endif
#endif
