/* The list of cases of a batch: a table of text (RFC 4180) with columns image and mask and, if wanted, case,
 * label, roi and series; all others are copied to the output. Rows stay in the file until they are asked for.
 */
#ifndef RAD_MANIFEST_H
#define RAD_MANIFEST_H

#include "../../core/status.h"
#include "../../io/file.h"

#include <stdbool.h>

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
    RAD_ROLES
} rad_role;

enum { RAD_MANIFEST_COLUMNS = 256 };

typedef struct rad_manifest {
    char *path;        /* owned */
    char *folder;      /* absolute; where relative paths start; owned */
    int file;          /* descriptor + 1, so that 0 is none */
    rad_moment moment; /* when it was opened */
    char delimiter;
    size_t *begin; /* offset of each row, and the end of the last one; owned */
    size_t count, room;
    char *names[RAD_MANIFEST_COLUMNS]; /* owned */
    size_t columns;
    int column[RAD_ROLES];                           /* -1 where there is none */
    size_t extra[RAD_MANIFEST_COLUMNS], extra_count; /* columns without a role */
} rad_manifest;

/* One row. Paths are absolute; fields that are absent or empty are NULL, but for `field`, which has "". */
typedef struct rad_manifest_row {
    char *image, *mask, *name, *roi,
        *series;                       /* owned; name: the case, or the image as the manifest writes it */
    char *field[RAD_MANIFEST_COLUMNS]; /* in `text` */
    char *text;                        /* owned */
} rad_manifest_row;

/* Reads the header and finds the rows: UTF-8 with or without a byte order mark; comma, semicolon or tab,
 * whichever the header has most of; fields in quotes may hold any of them and line ends. RAD_UNREADABLE names
 * the line: no column image or mask, rows of another number of fields, a quote that is not closed, bytes that
 * are not UTF-8, no rows. */
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
