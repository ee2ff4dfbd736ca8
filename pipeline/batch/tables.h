/* The tables of a run directory, from its journals: features.csv, cases.csv, columns.json. */
#ifndef RAD_TABLES_H
#define RAD_TABLES_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_tables_options {
    const char *run;
    const rad_manifest *manifest;
    const rad_settings *settings;
    const rad_case *cases;  /* one per row of the manifest */
    rad_journal **journals; /* where cases may be */
    size_t journal_count;
    rad_warnings *warnings; /* what of names should not leave; or NULL */
    const char *more[2];    /* files of features that are asked for beside features.csv; NULL: none */
} rad_tables_options;

/* Writes each file whole or not at all. Rows come in the order of the manifest and depend on nothing else;
 * cases that failed have no row in features.csv, and their reason in cases.csv. One case at a time is in
 * memory. */
rad_status rad_tables_write(const rad_tables_options *options, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
