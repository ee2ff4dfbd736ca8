/* What the columns of a site's tables seem to be: by their names and by what stands in them. */
#ifndef RAD_COLUMNS_H
#define RAD_COLUMNS_H

#include "../../io/sheet.h"
#include "../study.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_column_kind {
    RAD_COLUMN_EMPTY,      /* no value, or one alone */
    RAD_COLUMN_PATIENT,    /* names the patient */
    RAD_COLUMN_IDENTIFIER, /* names, numbers and dates by which a person is found; free text */
    RAD_COLUMN_ROI,        /* of a run directory */
    RAD_COLUMN_FEATURE,
    RAD_COLUMN_NUMBER,
    RAD_COLUMN_LEVELS,
    RAD_COLUMN_EVENT, /* 1 or 0 */
    RAD_COLUMN_TIME,
    RAD_COLUMN_RARE /* levels of which some have few patients, and which are no public scale */
} rad_column_kind;

enum { RAD_COLUMN_TEXTS = RAD_FACTOR_LEVELS + 1 };

typedef struct rad_column_seen {
    const char *name; /* borrowed from the sheet */
    rad_column_kind kind;
    bool clinical;
    size_t rows, missing, numbers; /* rows; of them empty, and numbers */
    size_t texts;                  /* different ones, RAD_COLUMN_TEXTS: that many or more */
    char *text[RAD_COLUMN_TEXTS];  /* owned, sorted when all rows were seen */
    size_t count[RAD_COLUMN_TEXTS];
    const char *const *scale; /* the public scale that its levels are of, or NULL */
    double *value;            /* numbers, sorted when all rows were seen; owned */
    size_t capacity;
    bool dates; /* every value looks like a date */
} rad_column_seen;

typedef struct rad_columns {
    rad_sheet table, clinical; /* clinical.path NULL: none */
    rad_column_seen *seen;     /* those of the table, then those of the clinical table; owned */
    size_t count, patient;     /* place of the patient column in the table */
} rad_columns;

/* Reads both tables; clinical may be NULL. RAD_CONFIG: no column names the patient in both. A level counts
 * where so many rows have it. */
rad_status rad_columns_read(const char *table, const char *clinical, size_t least, rad_columns *columns,
                            rad_error *error) RAD_MUST_CHECK;
void rad_columns_free(rad_columns *columns);

#ifdef __cplusplus
}
#endif
#endif
