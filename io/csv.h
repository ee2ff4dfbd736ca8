/* Feature tables as CSV (RFC 4180): `case,roi`, then one column per feature; an undefined value is an empty
 * field. */
#ifndef RAD_CSV_H
#define RAD_CSV_H

#include "../core/table.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the rows that have values; path NULL or "-" is standard output. The file appears whole or not at
 * all. */
rad_status rad_csv_write(const char *path, const rad_table *table, rad_error *error) RAD_MUST_CHECK;

/* One field, in quotes where it needs them. */
void rad_csv_put(FILE *out, const char *text);

#ifdef __cplusplus
}
#endif
#endif
