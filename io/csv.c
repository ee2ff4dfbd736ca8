#include "csv.h"

#include "../core/number.h"
#include "bytes.h"

#include <stdio.h>
#include <string.h>

void rad_csv_put(FILE *out, const char *text) {
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
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
