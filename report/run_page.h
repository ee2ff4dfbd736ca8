/* The page of a run: what was done, what failed and why, pictures, how features lie. */
#ifndef RAD_RUN_PAGE_H
#define RAD_RUN_PAGE_H

#include "../core/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes RUN/report.html whole or not at all, from cases.csv, features.csv, columns.json, settings.yaml and
 * provenance.json of the run and the pictures that are there, with plots of the columns that stand for the
 * tags. Nothing but these pictures is loaded. RAD_UNREADABLE: a file of the run is missing or damaged. */
rad_status rad_run_page_write(const char *run, const char *const *tags, size_t tag_count,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
