/* Fields of the tables of a pool, each after a comma. */
#ifndef RAD_PUT_H
#define RAD_PUT_H

#include "../summary.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing for NaN; Inf and -Inf, which R and pandas know. */
void rad_put_number(FILE *out, double value);
void rad_put_numbers(FILE *out, const double *values, size_t count);
void rad_put_text(FILE *out, const char *text);
void rad_put_end(FILE *out);

/* "log" or "". */
const char *rad_put_scale(const rad_summary_variable *variable);

#ifdef __cplusplus
}
#endif
#endif
