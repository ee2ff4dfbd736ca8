#include "csv.h"

#include "../core/memory.h"

#include "../core/number.h"
#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
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

static void put_table(FILE *out, const rad_table *table) {
    char number[RAD_NUMBER_TEXT];
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
            fprintf(out, ",%s", v.reason ? "" : rad_number_write(v.value, number));
        }
        fputs("\r\n", out);
    }
}

rad_status rad_csv_write(const char *path, const rad_table *table, rad_error *error) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out) return rad_fail(error, RAD_NO_MEMORY, "out of memory: a table of %zu rows", table->row_count);
    put_table(out, table);
    const bool bad = ferror(out);
    if (fclose(out) || bad) {
        rad_free(text);
        return rad_fail(error, RAD_NO_MEMORY, "out of memory: a table of %zu rows", table->row_count);
    }
    const rad_bytes bytes = {(unsigned char *)text, length};
    rad_status status = rad_bytes_write(path, &bytes, 1, error);
    rad_free(text);
    return status;
}
