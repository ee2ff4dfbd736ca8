/* Fields of CSV (RFC 4180) as they are written, and as they were meant. */
#ifndef RAD_CSV_H
#define RAD_CSV_H

#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One field, in quotes where it needs them. A text that a spreadsheet would take for a formula (=, +, -, @,
 * tab or a line end, then more) gets an apostrophe before it, numbers do not; apostrophes before such a text
 * are doubled that way, so that rad_csv_text gives back what was put. Characters of control but tabs and line
 * ends become escapes (core/printable.h). */
void rad_csv_put(FILE *out, const char *text);

/* The same in a table whose fields another character than a comma separates. */
void rad_csv_put_apart(FILE *out, const char *text, char separator);

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
