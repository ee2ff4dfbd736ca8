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

/* One field, in quotes where it needs them. A text that a spreadsheet would take for a formula (=, +, -, @,
 * tab or a line end, then more) gets an apostrophe before it, numbers do not; apostrophes before such a text
 * are doubled that way, so that rad_csv_text gives back what was put. Characters of control but tabs and line
 * ends become escapes (core/printable.h). */
void rad_csv_put(FILE *out, const char *text);

/* The same, without escapes, for paths that are to be opened again. */
void rad_csv_put_path(FILE *out, const char *path);

/* What a field says, without the apostrophe of rad_csv_put; readers of tables see to it. */
const char *rad_csv_text(const char *field);

/* Texts are put as they are from now on. Before there are threads: it is the process that it holds for. */
void rad_csv_keep_formulas(bool keep);

#ifdef __cplusplus
}
#endif
#endif
