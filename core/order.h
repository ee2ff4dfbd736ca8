/* The order in which a file stores the axes of its grid, and the one that images and masks are read into: x
 * to the left, y to the back, z to the head of the patient (LPS, that of axial DICOM), so that one patient is
 * one grid. */
#ifndef RAD_ORDER_H
#define RAD_ORDER_H

#include "geometry.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_order {
    bool turned;       /* false: the file stores the grid as it is, whatever the rest says */
    int axis[3];       /* axis a of the grid is axis[a] of the file ... */
    bool backwards[3]; /* ... and runs the other way */
    bool assumed;      /* nothing but the patient's axes says which one the slices are across */
} rad_order;

/* The order of a file with this geometry. Axes go to the nearest of the patient's, ties (45 degrees) always
 * the same way. The axis of the slices is the last one: that of a single voxel, else that of the longest
 * voxel side (by more than 1 %), else the one to the head. It depends on where voxels lie, not on how they
 * are stored. */
rad_order rad_order_find(const rad_geometry *stored);

/* The grid of a file in that order. */
rad_geometry rad_order_grid(const rad_order *order, const rad_geometry *stored);

/* From the grid to the file. */
rad_order rad_order_inverse(const rad_order *order);

/* The part of the file that is this box of the grid. */
rad_box rad_order_box(const rad_order *order, const rad_geometry *grid, const rad_box *box);

/* The place in the file of a voxel of the grid. */
void rad_order_index(const rad_order *order, const rad_geometry *grid, const size_t index[3],
                     size_t stored[3]);

/* Elements of a box of the grid (x fastest): how far apart those are that follow each other along each axis
 * of the file; returns where the first voxel of the file's part is. */
size_t rad_order_steps(const rad_order *order, const rad_box *box, ptrdiff_t step[3]);

/* Puts elements of a row, of 1, 2, 4 or 8 bytes, `step` elements apart. */
void rad_order_put(const void *row, size_t count, size_t width, void *out, ptrdiff_t step);

/* The same of count[1] rows of count[0] elements, which begin `pitch` bytes apart: steps along a row and from
 * row to row. By squares, so that what lies side by side is put there at once. */
void rad_order_put_rows(const void *rows, size_t pitch, const size_t count[2], size_t width, void *out,
                        const ptrdiff_t step[2]);

#ifdef __cplusplus
}
#endif
#endif
