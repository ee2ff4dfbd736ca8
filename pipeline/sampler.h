/* Which voxel each pixel of a plane in the world shows. */
#ifndef RAD_SAMPLER_H
#define RAD_SAMPLER_H

#include "../core/geometry.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A square in the world: its middle, unit vectors along its columns and down its rows, mm a pixel, pixels. */
typedef struct rad_plane {
    double middle[3], across[3], down[3], pixel;
    long size;
} rad_plane;

/* Room for pixels of a row, and one on either side. */
enum { RAD_SAMPLER_ROW = 512 };

typedef struct rad_sampler {
    size_t size[3];
    double at[3], right[3], below[3]; /* voxel of the box at the first pixel; what a pixel adds */
    bool parted;                      /* each axis of voxels changes along rows or down columns only */
    ptrdiff_t part[RAD_SAMPLER_ROW];  /* then: what each column adds to a place; -1: outside */
    bool of_row[3];                   /* and which axes a row decides */
    long begin, end; /* places of a row from which on, and up to which, there may be a voxel */
} rad_sampler;

/* Of a box of the grid and a plane of at most RAD_SAMPLER_ROW - 2 pixels; false where the directions of the
 * grid cannot be inverted. */
bool rad_sampler_begin(const rad_geometry *grid, const rad_box *box, const rad_plane *plane, rad_sampler *s);

/* Places in the box (x fastest) of the nearest voxels, for the pixels from -1 to `pixels` of row j:
 * place[1 + i]; -1 where there is none. False where the row has none at all. */
bool rad_sampler_row(const rad_sampler *s, long j, long pixels, ptrdiff_t place[RAD_SAMPLER_ROW]);

/* Does row j show the voxels of the row before? */
bool rad_sampler_repeats(const rad_sampler *s, long j);

#ifdef __cplusplus
}
#endif
#endif
