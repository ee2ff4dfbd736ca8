/* The response map of a whole image. */
#ifndef RAD_RESPONSE_H
#define RAD_RESPONSE_H

#include "../core/volume.h"
#include "../filters/filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The image as doubles on its own grid. RAD_UNREADABLE names the first voxel that is not finite: it would
 * spread through the map; `what` names the image. The caller frees field->data with rad_free. */
rad_status rad_field_make(const rad_volume *image, const char *what, rad_field *field,
                          rad_error *error) RAD_MUST_CHECK;

/* Runs the filter over the image; the map is of RAD_FLOAT64 on the grid of the image. */
rad_status rad_response_make(const rad_volume *image, const char *what, const rad_filter *filter,
                             const rad_filter_options *options, int threads, rad_volume *map,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
