/* A mask that has a grid of its own, put on another grid in one step, whatever the two have in common. */
#ifndef RAD_REGRID_H
#define RAD_REGRID_H

#include "interpolate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A ROI over a box of a grid; x fastest, 1 inside. */
typedef struct rad_drawn {
    rad_box box;
    uint8_t *inside; /* owned */
} rad_drawn;

/* The box of the grid outside of which no voxel can be in the ROI; false where there is none, as of a ROI
 * beyond the grid. */
bool rad_regrid_box(const rad_geometry *own, const rad_label *label, const rad_geometry *grid, rad_box *box);

/* How a voxel of the grid is decided: by the nearest voxel of the mask, or by its partial volume. */
typedef struct rad_regrid_way {
    rad_interpolation method; /* nearest or linear */
    double threshold;         /* partial volume from which a voxel is in the ROI */
} rad_regrid_way;

/* The mask at the voxel centres of the grid. Beyond the outermost centres of the mask, up to half a voxel, it
 * is as at the border, further out 0. Positions are rounded to 1/1024 of a voxel of the mask, so that the
 * rounding of headers does not decide where a voxel is half covered; there the side of the higher voxels of
 * the grid does. A ROI beyond the grid gives an empty box. Cost: voxels of the box; memory beside it: runs
 * and rows of the ROI. */
rad_status rad_regrid_draw(const rad_mask *mask, const rad_label *label, const rad_geometry *grid,
                           rad_regrid_way way, int threads, rad_drawn *out, rad_error *error) RAD_MUST_CHECK;

/* Voxels of the label whose centres lie beyond the grid by more than half a voxel. */
size_t rad_regrid_beyond(const rad_mask *mask, const rad_label *label, const rad_geometry *grid);

#ifdef __cplusplus
}
#endif
#endif
