/* Pictures and arrays, whose files do not say where they lie: an image lies at the origin, to left, back,
 * head; a mask lies on its image, voxel by voxel. */
#ifndef RAD_UNPLACED_H
#define RAD_UNPLACED_H

#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts the grid of a header: sizes as they are stored, `reversed` (raster.h), spacing in mm along x, y, z. */
void rad_unplaced_put(rad_raster *raster, const double spacing[3]);

/* The spacing of an image by the options, or else by its file. RAD_UNREADABLE: neither says one. */
rad_status rad_unplaced_image(const char *path, const rad_source_options *options, rad_raster *raster,
                              rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* The grid of the image for a mask. RAD_CONFIG: another size. */
rad_status rad_unplaced_mask(const char *path, const rad_drawing *drawing, rad_raster *raster,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
