/* Features of runs with one row for each patient. */
#ifndef RAD_WIDE_H
#define RAD_WIDE_H

#include "../../core/status.h"

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_WIDE_BY = 8 };

typedef struct rad_wide_options {
    const char *const *runs; /* directories of runs */
    size_t run_count;
    const char *patient; /* column that names the patient; NULL: patient, or case where no run has it */
    const char
        *by[RAD_WIDE_BY]; /* columns that tell the rows of a patient apart ("run": the name of the run);
                             NULL: modality, or run where several are given and none says it, and timepoint */
    size_t by_count;
    char separator;        /* of fields; 0: what the name says (a comma, or the tab of .tsv) */
    const char *from, *to; /* values of timepoint whose difference is wanted, to - from; or NULL */
} rad_wide_options;

/* Writes the table: patient, then for each value of `by` (CT, or MR_baseline) its columns, with that before
 * their names, then differences (delta). Patients and values come in the order in which they first appear. A
 * field is empty where a patient has no such row, or no value. RAD_CONFIG: a patient has two rows of one
 * value, runs with one value have other columns, no such column, no such time. Warns of cases without values.
 * Memory: the rows' places. */
rad_status rad_wide_write(const rad_wide_options *options, const char *path, rad_warnings *warnings,
                          rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
