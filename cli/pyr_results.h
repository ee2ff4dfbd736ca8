/* Results of a case as PyRadiomics lays them out: names and values in order. */
#ifndef RAD_PYR_RESULTS_H
#define RAD_PYR_RESULTS_H

#include "../core/table.h"
#include "../io/sheet.h"
#include "../pipeline/pyr_diagnostics.h"
#include "../pipeline/settings.h"

#include <stdio.h>

typedef enum rad_pyr_format { RAD_PYR_CSV, RAD_PYR_JSON, RAD_PYR_TXT } rad_pyr_format;
typedef enum rad_pyr_paths {
    RAD_PYR_PATH_ABSOLUTE,
    RAD_PYR_PATH_RELATIVE,
    RAD_PYR_PATH_BASENAME
} rad_pyr_paths;

struct rad_pyr_results;

typedef struct rad_pyr_layout {
    rad_pyr_format format;
    rad_pyr_paths paths;
    bool skip_undefined;
    size_t written; /* cases */
    char **name;    /* columns of CSV: those of the file that is appended to, or of the first case that has
                       features; owned */
    size_t names;
    struct rad_pyr_results *waiting; /* cases that failed before; owned */
    size_t waiting_count, waiting_room;
    size_t left_out; /* values of columns that the first case had not */
} rad_pyr_layout;

/* A case: where its files are, and the columns that go along, Image and Mask as they are written. */
typedef struct rad_pyr_input {
    char *image, *mask;  /* owned */
    char **name, **text; /* owned */
    size_t count;
} rad_pyr_input;

rad_status rad_pyr_input_of_pair(const char *image, const char *mask, const rad_pyr_layout *layout,
                                 rad_pyr_input *input, rad_error *error) RAD_MUST_CHECK;

/* The current row; paths count from the folder of the table. */
rad_status rad_pyr_input_of_row(const rad_sheet *sheet, const char *table, const rad_pyr_layout *layout,
                                rad_pyr_input *input, rad_error *error) RAD_MUST_CHECK;

/* The text of a column, or NULL. */
const char *rad_pyr_input_find(const rad_pyr_input *input, const char *name);
void rad_pyr_input_free(rad_pyr_input *input);

typedef enum rad_pyr_kind { RAD_PYR_KIND_TEXT, RAD_PYR_KIND_VALUE, RAD_PYR_KIND_UNDEFINED } rad_pyr_kind;

typedef struct rad_pyr_result {
    char *name, *text; /* owned */
    rad_pyr_kind kind;
} rad_pyr_result;

typedef struct rad_pyr_results {
    rad_pyr_result *row; /* owned */
    bool failed;         /* there are no features */
    size_t count, room;
} rad_pyr_results;

/* table NULL: the case failed, and only its columns are there. */
rad_status rad_pyr_results_make(const rad_pyr_input *input, const rad_settings *settings,
                                const rad_pyr_report *report, const rad_table *table,
                                rad_pyr_results *results, rad_error *error) RAD_MUST_CHECK;

/* Results that are kept in the folder as features_N.csv: of the same input and the same settings. */
rad_status rad_pyr_results_recall(const char *folder, size_t number, const rad_pyr_input *input,
                                  const rad_settings *settings, rad_pyr_results *results,
                                  rad_error *error) RAD_MUST_CHECK;
rad_status rad_pyr_results_keep(const char *folder, size_t number, const rad_pyr_results *results,
                                rad_error *error) RAD_MUST_CHECK;

/* The columns of a file of CSV that is appended to; none where it is empty or not there. RAD_UNREADABLE: it
 * is no table, or its last line does not end. */
rad_status rad_pyr_layout_begin(rad_pyr_layout *layout, const char *path, rad_error *error) RAD_MUST_CHECK;

/* Appends a case to the output; what is written of it is taken. */
rad_status rad_pyr_results_write(rad_pyr_layout *layout, size_t number, rad_pyr_results *results, FILE *out,
                                 rad_error *error) RAD_MUST_CHECK;
/* Ends the output; frees what the layout has. */
rad_status rad_pyr_results_end(rad_pyr_layout *layout, FILE *out, rad_error *error) RAD_MUST_CHECK;

void rad_pyr_results_free(rad_pyr_results *results);

#endif
