#include "csv.h"

#include "../core/number.h"
#include "../core/printable.h"
#include "bytes.h"

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

static void put_field(FILE *out, const char *text, bool exact) {
    double number;
    const bool formula = !keeps_formulas && looks_like_formula(text) && !rad_number_read(text, &number),
               quoted = text[strcspn(text, ",\"\r\n")] != '\0';
    if (quoted) fputc('"', out);
    if (formula) fputc('\'', out);
    while (*text) text += put_character(out, text, exact);
    if (quoted) fputc('"', out);
}

void rad_csv_put(FILE *out, const char *text) {
    put_field(out, text, false);
}

void rad_csv_put_path(FILE *out, const char *path) {
    put_field(out, path, true);
}

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    const rad_table *table = context;
    char number[RAD_NUMBER_TEXT];
    (void)error;
    fputs("case,roi", out);
    for (size_t i = 0; i < table->column_count; i++) fprintf(out, ",%s", table->columns[i].name);
    fputs("\r\n", out);
    for (size_t r = 0; r < table->row_count; r++) {
        const rad_row *row = &table->rows[r];
        if (row->status != RAD_OK) continue;
        rad_csv_put(out, row->case_name);
        fputc(',', out);
        rad_csv_put(out, row->roi);
        for (size_t i = 0; i < table->column_count; i++) {
            const rad_value v = row->values[i];
            fputc(',', out);
            if (!v.reason) fputs(rad_number_write(v.value, number), out);
        }
        fputs("\r\n", out);
    }
    return RAD_OK;
}

rad_status rad_csv_write(const char *path, const rad_table *table, rad_error *error) {
    rad_table borrowed = *table;
    return rad_bytes_stream(path, put_table, &borrowed, error);
}
