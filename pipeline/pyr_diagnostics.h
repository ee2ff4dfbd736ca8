/* What PyRadiomics tells of image and mask beside the features: names and texts. */
#ifndef RAD_PYR_DIAGNOSTICS_H
#define RAD_PYR_DIAGNOSTICS_H

#include "../core/number.h"
#include "pyr_hash.h"
#include "pyr_resample.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_pyr_line {
    char name[64];
    char text[192];
} rad_pyr_line;

/* In order; the caller frees it. */
typedef struct rad_pyr_report {
    rad_pyr_line *row; /* owned */
    size_t count, room;
    char image_hash[RAD_PYR_HASH], mask_hash[RAD_PYR_HASH]; /* of the originals (pyr_hash.h) */
} rad_pyr_report;

/* A number as Python writes a float: "25.0". Returns text. */
const char *rad_pyr_number(double x, char text[RAD_NUMBER_TEXT + 2]);

void rad_pyr_report_free(rad_pyr_report *report);

/* All of these do nothing where report is NULL. step: "original", "interpolated", ... */
rad_status rad_pyr_report_image(rad_pyr_report *report, const char *step, const rad_pyr_image *image,
                                rad_error *error) RAD_MUST_CHECK;

/* image may be NULL: nothing is said of intensities. */
rad_status rad_pyr_report_mask(rad_pyr_report *report, const char *step, const rad_pyr_image *image,
                               const rad_pyr_mask *mask, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
