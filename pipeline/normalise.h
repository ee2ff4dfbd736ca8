/* Intensities without a unit, such as those of MR, on a scale of their own image. */
#ifndef RAD_NORMALISE_H
#define RAD_NORMALISE_H

#include "../core/keys.h"
#include "../core/regrid.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_normalising {
    RAD_NORMALISE_NONE,
    RAD_NORMALISE_Z,
    RAD_NORMALISE_RANGE,
    RAD_NORMALISE_PERCENTILE
} rad_normalising;

/* Which voxels say mean, deviation and ends. */
typedef enum rad_normalised_by {
    RAD_NORMALISED_BY_IMAGE,
    RAD_NORMALISED_BY_FOREGROUND,
    RAD_NORMALISED_BY_ROI,
    RAD_NORMALISED_BY_REFERENCE
} rad_normalised_by;

typedef struct rad_normalisation {
    int method;                   /* rad_normalising */
    int by;                       /* rad_normalised_by: foreground is what lies above the mean of the image */
    char reference[RAD_TEXT_MAX]; /* ROI of the mask, where by it */
    double percentiles[2];        /* in 0..100 */
    double scale;
    double clip; /* z-score: standard deviations on either side of the mean; else > 0: from 0 to the scale; 0:
                    none */
} rad_normalisation;

/* Each intensity x of an image that is held as a whole becomes scale (x - mean) / sd, with the standard
 * deviation of n - 1, or scale (x - low) / (high - low) between the extremes, or two percentiles (linear
 * between ranks); clipped before the scale. They are those of the voxels `within`, or, where it is NULL, of
 * the image or its foreground. Voxels that are NaN, infinite or padding say nothing and
 * stay what they are. The volume becomes one of doubles. RAD_UNREADABLE: nothing varies; what names the
 * image. */
rad_status rad_normalise(rad_volume *image, const rad_normalisation *how, const rad_drawn *within,
                         const char *what, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
