#include "fields.h"

#include "../core/number.h"
#include "../io/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

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

void rad_fields_count(FILE *out, bool known, uint64_t count) {
    if (known)
        fprintf(out, ",%" PRIu64, count);
    else
        fputc(',', out);
}

void rad_fields_empty(FILE *out, size_t fields) {
    for (size_t i = 0; i < fields; i++) fputc(',', out);
}

/* A row in the tally, by its name. */
static void count_row(const rad_results *r, const rad_basis *basis, size_t of, const char *format,
                      va_list arguments) {
    char *name;
    if (!r->tally || !rad_tally_count(r->tally, basis, of, &name)) return;
    const size_t room = RAD_TALLY_NAME - 40;
    vsnprintf(name, room, format, arguments);
    snprintf(name + strlen(name), 40, ": %zu of %zu sites", basis->sites, of);
}

void rad_fields_note(const rad_results *r, const rad_basis *basis, size_t of, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    count_row(r, basis, of, format, arguments);
    va_end(arguments);
}

void rad_fields_basis(FILE *out, const rad_results *r, const rad_basis *basis, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    count_row(r, basis, r->tally && r->tally->of ? r->tally->of : r->pool->count, format, arguments);
    va_end(arguments);
    fprintf(out, ",%zu", basis->sites);
    rad_fields_count(out, basis->shown, basis->patients);
    rad_fields_end(out);
}

void rad_fields_single(const rad_results *r) {
    if (r->tally) r->tally->single = true;
}

void rad_fields_unasked(const rad_results *r, bool so) {
    if (r->tally) r->tally->unasked = so;
}

void rad_fields_own(FILE *out, const rad_results *r, bool shown, uint64_t patients, const char *format, ...) {
    const rad_basis basis = {1, patients, shown};
    va_list arguments;
    va_start(arguments, format);
    rad_fields_single(r);
    count_row(r, &basis, 1, format, arguments);
    va_end(arguments);
    rad_fields_count(out, shown, patients);
    rad_fields_end(out);
}

const char *rad_fields_scale(const rad_summary_variable *v) {
    return v->logarithm ? "log" : "";
}
