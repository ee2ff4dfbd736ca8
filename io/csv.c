#include "csv.h"

#include "../core/number.h"
#include "../core/printable.h"

#include <stdio.h>
#include <string.h>

static bool keeps_formulas;

void rad_csv_keep_formulas(bool keep) {
    keeps_formulas = keep;
}

/* Apostrophes, then what a spreadsheet takes for the begin of a formula, then more: a sign alone is text. */
static bool looks_like_formula(const char *text) {
    text += strspn(text, "'");
    return *text && strchr("=+-@\t\r\n", *text) && text[1];
}

const char *rad_csv_text(const char *field) {
    return *field == '\'' && looks_like_formula(field) ? field + 1 : field;
}

/* Whoever looks at a table in a terminal sees what messages show; line ends and tabs stay. */
static size_t put_character(FILE *out, const char *text, bool exact) {
    char shown[RAD_SHOWN];
    size_t bytes;
    const bool plain = rad_printable_next(text, &bytes, shown);
    if (*text == '"') fputc('"', out);
    if (plain || exact || strchr("\r\n\t", *text))
        fwrite(text, 1, bytes, out);
    else
        fputs(shown, out);
    return bytes;
}

static void put_field(FILE *out, const char *text, bool exact, char separator) {
    const char special[] = {separator, '"', '\r', '\n', '\0'};
    double number;
    const bool formula = !keeps_formulas && looks_like_formula(text) && !rad_number_read(text, &number),
               quoted = text[strcspn(text, special)] != '\0';
    if (quoted) fputc('"', out);
    if (formula) fputc('\'', out);
    while (*text) text += put_character(out, text, exact);
    if (quoted) fputc('"', out);
}

void rad_csv_put(FILE *out, const char *text) {
    put_field(out, text, false, ',');
}

void rad_csv_put_path(FILE *out, const char *path) {
    put_field(out, path, true, ',');
}

void rad_csv_put_apart(FILE *out, const char *text, char separator) {
    put_field(out, text, false, separator);
}
