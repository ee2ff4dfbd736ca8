#include "fields.h"

#include "../core/number.h"
#include "../io/csv.h"

#include <math.h>

void rad_fields_number(FILE *out, double value) {
    char text[RAD_NUMBER_TEXT];
    if (isnan(value))
        fputc(',', out);
    else if (isinf(value))
        fputs(value > 0 ? ",Inf" : ",-Inf", out);
    else
        fprintf(out, ",%s", rad_number_write(value, text));
}

void rad_fields_numbers(FILE *out, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) rad_fields_number(out, values[i]);
}

void rad_fields_text(FILE *out, const char *text) {
    fputc(',', out);
    rad_csv_put(out, text);
}

void rad_fields_end(FILE *out) {
    fputs("\r\n", out);
}

const char *rad_fields_scale(const rad_summary_variable *v) {
    return v->logarithm ? "log" : "";
}
