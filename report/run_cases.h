/* The cases of a run, as cases.csv has them. */
#ifndef RAD_RUN_CASES_H
#define RAD_RUN_CASES_H

#include "../core/names.h"
#include "../core/status.h"
#include "../io/sheet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_run_field {
    RAD_RUN_CASE,
    RAD_RUN_ROI,
    RAD_RUN_STATUS,
    RAD_RUN_REASON,
    RAD_RUN_WARNINGS,
    RAD_RUN_IMAGE,
    RAD_RUN_MASK,
    RAD_RUN_ROIS,
    RAD_RUN_ROIS_FAILED,
    RAD_RUN_FIELDS
} rad_run_field;

/* Cases that a page shows, and links to: a browser has to open it. */
enum { RAD_RUN_SHOWN = 5000 };

typedef struct rad_run_cases {
    rad_sheet sheet;
    size_t count;
    char ***field; /* of each row; owned */
    size_t column[RAD_RUN_FIELDS];
    rad_names names; /* of cases */
} rad_run_cases;

rad_status rad_run_cases_read(const char *run, rad_run_cases *cases, rad_error *error) RAD_MUST_CHECK;
void rad_run_cases_free(rad_run_cases *cases);

const char *rad_run_case(const rad_run_cases *cases, size_t row, rad_run_field field);

/* The row of a case and ROI: that which names the ROI, else the first of the case; SIZE_MAX: none. */
size_t rad_run_cases_find(const rad_run_cases *cases, const char *name, const char *roi);

/* Is the picture there of all ROIs of a row, or (roi not NULL) of one? Its path below the run goes into text
 * (of RAD_PICTURE_NAME). */
bool rad_run_case_picture(const rad_run_cases *cases, const char *run, size_t row, const char *roi,
                          char *text);

/* Rows of features that the case has. */
size_t rad_run_case_rows(const rad_run_cases *cases, size_t row);

/* A text as a link to a row that is shown, or as it is. */
void rad_run_case_link(FILE *out, size_t row, const char *text);

/* The sentences of a column, alike ones together: how many cases, which first. */
rad_status rad_run_cases_kinds(FILE *out, const rad_run_cases *cases, rad_run_field field,
                               const char *caption, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
