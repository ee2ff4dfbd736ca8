/* Fields of the tables of a pool, each after a comma. */
#ifndef RAD_FIELDS_H
#define RAD_FIELDS_H

#include "../federate/summary.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing for NaN; Inf and -Inf, which R and pandas know. */
void rad_fields_number(FILE *out, double value);
void rad_fields_numbers(FILE *out, const double *values, size_t count);
void rad_fields_text(FILE *out, const char *text);
void rad_fields_end(FILE *out);

/* "log" or "". */
const char *rad_fields_scale(const rad_summary_variable *variable);

#ifdef __cplusplus
}
#endif
#endif
