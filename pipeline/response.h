/* The response map of a whole image. */
#ifndef RAD_RESPONSE_H
#define RAD_RESPONSE_H

#include "../core/roi.h"
#include "../core/settings.h"
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

/* The whole image on the grid of the settings: what filters see. Errors as above. */
rad_status rad_field_interpolate(const rad_volume *image, const rad_settings *settings, const char *what,
                                 int threads, rad_field *field, rad_error *error) RAD_MUST_CHECK;

/* The ROI sees the response map, on the grid that it was prepared on, in place of the image. */
void rad_roi_take_map(rad_roi *roi, const double *map);

#ifdef __cplusplus
}
#endif
#endif
