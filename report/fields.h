/* Fields of the tables of a pool, each after a comma. */
#ifndef RAD_FIELDS_H
#define RAD_FIELDS_H

#include "tally.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing for NaN; Inf and -Inf, which R and pandas know. */
void rad_fields_number(FILE *out, double value);
void rad_fields_numbers(FILE *out, const double *values, size_t count);
void rad_fields_text(FILE *out, const char *text);
void rad_fields_end(FILE *out);

/* Nothing where it is not known. */
void rad_fields_count(FILE *out, bool known, uint64_t count);
void rad_fields_empty(FILE *out, size_t fields);

/* Numbers in the tally of the table that is being written, under a name: rows count by themselves, what has
 * no row does not. `of`: sites that could be behind them. */
void rad_fields_note(const rad_results *results, const rad_basis *basis, size_t of, const char *format, ...)
    RAD_PRINTF(4, 5);

/* `sites` and `patients` of a row, the latter where its numbers are shown, and the end of the row; it counts
 * in the tally under the name. */
void rad_fields_basis(FILE *out, const rad_results *results, const rad_basis *basis, const char *format, ...)
    RAD_PRINTF(4, 5);

/* The table has numbers of single sites. */
void rad_fields_single(const rad_results *results);

/* A table that can have no numbers, where that is so. */
void rad_fields_unasked(const rad_results *results, bool so);

/* `patients` alone, of a row that is one site's, likewise. */
void rad_fields_own(FILE *out, const rad_results *results, bool shown, uint64_t patients, const char *format,
                    ...) RAD_PRINTF(5, 6);

/* "log" or "". */
const char *rad_fields_scale(const rad_summary_variable *variable);

#ifdef __cplusplus
}
#endif
#endif
