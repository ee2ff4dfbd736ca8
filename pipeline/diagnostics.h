/* Diagnostic rows of the IBSI-1 reference tables: image and masks before and after each step of processing.
 */
#ifndef RAD_DIAGNOSTICS_H
#define RAD_DIAGNOSTICS_H

#include "../core/mask.h"
#include "../core/roi.h"
#include "../core/value.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_diagnostic {
    const char *tag;
    const char *unit;
    const char *name;
} rad_diagnostic;

enum { RAD_DIAGNOSTIC_COUNT = 60 };

/* The rows, in the order of the reference tables. */
extern const rad_diagnostic rad_diagnostics[RAD_DIAGNOSTIC_COUNT];

/* Quantities of an image as a whole; the same for all its ROIs. */
typedef struct rad_image_diagnostics {
    rad_geometry geometry;
    double mean, minimum, maximum;
} rad_image_diagnostics;

/* Measures the image as it is sampled, slab by slab. */
rad_status rad_diagnostics_image(const rad_volume *image, const rad_sampling *sampling, int threads,
                                 rad_image_diagnostics *out, rad_error *error) RAD_MUST_CHECK;

/* The image as it is and as it is sampled, each by rad_diagnostics_image. */
typedef struct rad_whole_diagnostics {
    rad_image_diagnostics initial, interpolated;
} rad_whole_diagnostics;

/* All rows for one ROI. */
rad_status rad_diagnostics_roi(const rad_volume *image, const rad_mask *mask, const rad_label *label,
                               const rad_roi *roi, const rad_whole_diagnostics *whole,
                               rad_value out[RAD_DIAGNOSTIC_COUNT], rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
