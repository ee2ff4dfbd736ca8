/* Columns of the features of a run: what a first look needs of them. */
#ifndef RAD_RUN_VALUES_H
#define RAD_RUN_VALUES_H

#include "../core/status.h"

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A column of features.csv. */
typedef struct rad_run_column {
    char *name, *label, *unit; /* owned */
    double *value;             /* of each row, NaN where the field is empty; owned */
} rad_run_column;

/* As an axis writes it. */
const char *rad_run_unit(const rad_run_column *column);

/* A column of the manifest that names groups: group, site, centre (or center), scanner, modality. */
typedef struct rad_run_group {
    char *name, **text; /* of each row; owned */
} rad_run_group;
enum { RAD_RUN_GROUPS = 6 };

typedef struct rad_run_values {
    size_t rows, count, group_count;
    rad_run_group group[RAD_RUN_GROUPS];
    char **name, **roi;     /* of each row; owned */
    rad_run_column *column; /* owned */
} rad_run_values;

/* The columns of the original image that stand for the tags, merged in 3D before others; tags that the run
 * lacks have none. RAD_UNREADABLE: the directory has no features.csv, or no columns.json. Memory: rows x
 * tags. */
rad_status rad_run_values_read(const char *run, const char *const *tags, size_t tag_count,
                               rad_run_values *values, rad_error *error) RAD_MUST_CHECK;
void rad_run_values_free(rad_run_values *values);

/* The quartiles (type 7) of the values that are there, and how many are. */
typedef struct rad_run_quartiles {
    size_t n;
    double low, median, high, least, most;
} rad_run_quartiles;
/* Of n values, which it sorts. */
void rad_run_quartiles_sort(double *values, size_t n, rad_run_quartiles *out);
rad_status rad_run_quartiles_of(const rad_run_values *values, size_t column, rad_run_quartiles *out,
                                rad_error *error) RAD_MUST_CHECK;

/* Rank correlation (Spearman) of each two columns over the rows that have both, count x count; NaN where
 * fewer than three do or one does not vary. */
rad_status rad_run_correlations(const rad_run_values *values, double *r, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
