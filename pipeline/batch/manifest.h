/* The list of cases of a batch: a table of text (RFC 4180) with columns image and mask and, if wanted, case,
 * label, roi, series, volume, suv_weight, suv_dose and suv_time; all others are copied to the output. Rows
 * stay in the file until they are asked for.
 */
#ifndef RAD_MANIFEST_H
#define RAD_MANIFEST_H

#include "../../core/status.h"
#include "../../io/sheet.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_role {
    RAD_ROLE_IMAGE,
    RAD_ROLE_MASK,
    RAD_ROLE_CASE,
    RAD_ROLE_LABEL,
    RAD_ROLE_ROI,
    RAD_ROLE_SERIES,
    RAD_ROLE_VOLUME,
    RAD_ROLE_SUV_WEIGHT, /* settings of a case */
    RAD_ROLE_SUV_DOSE,
    RAD_ROLE_SUV_TIME,
    RAD_ROLES
} rad_role;

enum { RAD_CASE_SETTINGS = RAD_ROLES - RAD_ROLE_SUV_WEIGHT };

/* The key of a setting that a column may give for its case. */
const char *rad_manifest_setting(size_t index);

typedef struct rad_manifest {
    rad_sheet sheet; /* rows are found, not read */
    char *folder;    /* absolute; where relative paths start; owned */
    size_t count;
    size_t column[RAD_ROLES];   /* sheet.columns where there is none */
    size_t *extra, extra_count; /* columns without a role; owned */
} rad_manifest;

/* One row. Paths are absolute; fields that are absent or empty are NULL, but for `field`, which has "". */
typedef struct rad_manifest_row {
    char *image, *mask, *name, *roi, *series,
        *volume;                      /* owned; name: the case, or the image as the manifest writes it */
    char *setting[RAD_CASE_SETTINGS]; /* owned */
    char **field;                     /* by column, owned */
} rad_manifest_row;

/* Reads the header and finds the rows. RAD_UNREADABLE: what rad_sheet_open and rad_sheet_next refuse, no
 * column image or mask, no rows. */
rad_status rad_manifest_open(const char *path, rad_manifest *manifest, rad_error *error) RAD_MUST_CHECK;

/* RAD_UNREADABLE: an empty image or mask, a label and a roi, a file that was changed. */
rad_status rad_manifest_read(const rad_manifest *manifest, size_t index, rad_manifest_row *row,
                             rad_error *error) RAD_MUST_CHECK;

void rad_manifest_row_free(rad_manifest_row *row);
void rad_manifest_close(rad_manifest *manifest);

#ifdef __cplusplus
}
#endif
#endif
