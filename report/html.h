/* Pieces of the page of a pool: text that is safe in HTML and SVG, numbers, tables. */
#ifndef RAD_HTML_H
#define RAD_HTML_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any text as text: the only way for names of files and studies into the page. */
void rad_html_text(FILE *out, const char *text);

/* The same, cut in the middle where it is wider than that many pixels at 11 px. */
void rad_html_cut(FILE *out, const char *text, double width);
double rad_html_width(const char *text);

/* Four significant digits; a dash for what is undefined or held back. */
enum { RAD_HTML_NUMBER = 32 };
const char *rad_html_number(double value, char text[RAD_HTML_NUMBER]);
const char *rad_html_p(double p, char text[RAD_HTML_NUMBER]); /* "p 0.012" */

/* A paragraph; why there is nothing to see. */
void rad_html_say(FILE *out, const char *format, ...) RAD_PRINTF(2, 3);
void rad_html_nothing(FILE *out, const char *format, ...) RAD_PRINTF(2, 3);

/* A table that scrolls by itself, folded where it has more than 40 rows. Columns end with NULL, those of text
 * begin with '<'; `csv` has all digits. */
void rad_html_table(FILE *out, const char *caption, const char *csv, size_t rows, const char *const *columns);
void rad_html_row(FILE *out, const char *name); /* opens a row */
void rad_html_cell(FILE *out, const char *text);
void rad_html_count(FILE *out, uint64_t count);
void rad_html_known(FILE *out, bool known, uint64_t count); /* a dash where it is not */
void rad_html_numbers(FILE *out, const double *values, size_t count);
void rad_html_end_row(FILE *out);
void rad_html_end_table(FILE *out, size_t rows);

#ifdef __cplusplus
}
#endif
#endif
