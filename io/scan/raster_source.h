/* Images and masks of formats whose files hold the voxels of a grid one after the other. */
#ifndef RAD_RASTER_SOURCE_H
#define RAD_RASTER_SOURCE_H

#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps the raster as the state of the source. */
rad_status rad_raster_source_open(rad_source *source, const rad_source_options *options,
                                  rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

void rad_raster_source_close(rad_source *source);

/* The mask in the order of rad_order_find. Channels without a voxel are left out with a warning, unless they
 * are chosen. */
rad_status rad_raster_source_mask(const char *path, const rad_reader *reader, const rad_drawing *drawing,
                                  rad_mask *mask, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

rad_status rad_raster_source_info(const char *path, const rad_reader *reader, const rad_source_wants *wants,
                                  json_t **all, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Calls `part` for the files that the header names, as rad_source_parts. */
rad_status rad_raster_source_parts(const char *path, const rad_reader *reader, rad_source_part *part,
                                   void *context, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
