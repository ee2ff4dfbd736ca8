/* The feature table: one row per case and ROI, one column per feature. */
#ifndef RAD_TABLE_H
#define RAD_TABLE_H

#include "status.h"
#include "value.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Pointers are borrowed from the tables of the families, which outlive every table. */
typedef struct rad_column {
    char name[192];     /* <image>_<tag>[_<aggregation>][_<discretisation>] */
    char image[96];     /* "original" */
    const char *family; /* "cm" */
    const char *tag;    /* "cm_contrast" */
    const char *code;   /* IBSI identifier */
    const char *unit;
    const char *feature;     /* "Contrast" */
    const char *aggregation; /* "3D_avg", "" where there is none */
    const char *aggregation_code;
    char discretisation[32]; /* "fbs25", "" where there is none */
    bool not_standardised;
} rad_column;

typedef struct rad_row {
    char *case_name;   /* owned */
    char roi[64];      /* label or name */
    rad_status status; /* RAD_OK, or why the row has no values */
    char text[512];    /* of the error */
    rad_value *values; /* one per column, owned */
    size_t voxels;     /* of the ROI on the grid of the features; 0 where the row failed before */
    double spacing[3]; /* of that grid, mm */
    unsigned levels;   /* N_g of the first discretisation, the highest level; 0: none were counted */
} rad_row;

typedef struct rad_table {
    rad_column *columns;
    size_t column_count, column_room;
    rad_row *rows;
    size_t row_count;
} rad_table;

/* Appends a column and fills in its name; all columns come before the first row. */
rad_status rad_table_add_column(rad_table *table, const rad_column *column, rad_error *error) RAD_MUST_CHECK;

/* Appends count rows without names whose values are RAD_NOT_COMPUTED; the first one is *first. */
rad_status rad_table_add_rows(rad_table *table, size_t count, const char *case_name, size_t *first,
                              rad_error *error) RAD_MUST_CHECK;

/* The column with that tag and aggregation ("cm_contrast_3D_avg"), or NULL. */
const rad_column *rad_table_find(const rad_table *table, const char *tag);

void rad_table_free(rad_table *table);

#ifdef __cplusplus
}
#endif
#endif
