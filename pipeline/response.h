/* Response maps of images, whole or over the boxes that ROIs need. */
#ifndef RAD_RESPONSE_H
#define RAD_RESPONSE_H

#include "../core/roi.h"
#include "../core/volume.h"
#include "../filters/filter.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The image as interpolation and filters see it: a number stands for NaN and infinity, NaN leaves them.
 * Voxels are borrowed. */
rad_volume rad_response_seen(const rad_volume *image, double instead_of_nan);

/* RAD_UNREADABLE: a voxel of the box that is NaN or infinite is in the way of `who`. It is named as in the
 * file; `what` names the image. */
rad_status rad_response_check(const rad_volume *image, const rad_box *box, const char *what, const char *who,
                              rad_error *error) RAD_MUST_CHECK;

/* The image as it is sampled, over a box of that grid: what filters see. Voxels that are NaN or infinite
 * become sampling->instead_of_nan before anything else; where that is NaN itself, RAD_UNREADABLE names the
 * first of them, which would spread through the map; `what` names the image, or is NULL where it has been
 * looked at before. The caller frees field->data with rad_free. */
rad_status rad_response_field(const rad_volume *image, const rad_sampling *sampling, const rad_box *box,
                              const char *what, int threads, rad_field *field,
                              rad_error *error) RAD_MUST_CHECK;

/* Runs the filter over the whole image as it is; the map is of RAD_FLOAT64 on the grid of the image. Where
 * the image is NaN or infinite the map is NaN, unless that is refused. */
rad_status rad_response_make(const rad_volume *image, const char *what, const rad_filter_options *options,
                             double instead_of_nan, int threads, rad_volume *map,
                             rad_error *error) RAD_MUST_CHECK;

/* What a filter sees for a ROI. */
typedef enum rad_visible {
    RAD_SEES_ALL, /* the whole grid */
    RAD_SEES_BOX, /* a box that gives the same bytes as the whole grid */
    RAD_SEES_CUT  /* a box that ends nearer, as filter_margin_mm says */
} rad_visible;

/* The box of the grid that the filter of the image sees for a ROI in `roi`, a box of the grid. Checks the
 * options of the filter: RAD_CONFIG. */
rad_status rad_response_box(const rad_geometry *grid, const rad_box *roi, const rad_image *image,
                            const rad_settings *settings, rad_box *box, rad_visible *visible,
                            rad_error *error) RAD_MUST_CHECK;

/* The ROI sees the response map over a box of its grid in place of the image. */
void rad_response_place(rad_roi *roi, const rad_box *box, const double *map);

#ifdef __cplusplus
}
#endif
#endif
