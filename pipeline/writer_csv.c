/* Feature tables as CSV (RFC 4180): case, roi and one column per feature, or one line per value; an undefined
 * value is an empty field, a row that failed is left out. */
#include "writers.h"

#include "../core/number.h"
#include "../io/csv.h"
#include "short_names.h"

#include <string.h>

static char separator_of(const rad_writing *w) {
    return w->separator ? w->separator : ',';
}

static void put_names(const rad_writing *w) {
    const char apart = separator_of(w);
    fprintf(w->out, "case%croi", apart);
    for (size_t i = 0; i < w->name_count; i++) {
        fputc(apart, w->out);
        rad_csv_put_apart(w->out, w->names[i], apart);
    }
}

/* Which row it is: the begin of its lines. */
static void put_who(const rad_writing *w, const char *name, const char *const *fields, const rad_row *row) {
    const char apart = separator_of(w);
    rad_csv_put_apart(w->out, name, apart);
    fputc(apart, w->out);
    rad_csv_put_apart(w->out, row->roi, apart);
    for (size_t i = 0; i < w->name_count; i++) {
        fputc(apart, w->out);
        rad_csv_put_apart(w->out, fields[i], apart);
    }
}

static rad_status begin_wide(rad_writing *w, rad_error *error) {
    (void)error;
    put_names(w);
    char shorter[RAD_SHORT_NAME];
    for (size_t i = 0; i < w->table->column_count; i++)
        fprintf(w->out, "%c%s", separator_of(w),
                w->short_names ? rad_short_name(&w->table->columns[i], shorter) : w->table->columns[i].name);
    fputs("\r\n", w->out);
    return RAD_OK;
}

static rad_status put_wide(rad_writing *w, const char *name, const char *const *fields, const rad_row *row,
                           rad_error *error) {
    char number[RAD_NUMBER_TEXT];
    (void)error;
    if (row->status != RAD_OK) return RAD_OK;
    put_who(w, name, fields, row);
    for (size_t i = 0; i < w->table->column_count; i++) {
        fputc(separator_of(w), w->out);
        if (!row->values[i].reason) fputs(rad_number_write(row->values[i].value, number), w->out);
    }
    fputs("\r\n", w->out);
    return RAD_OK;
}

static rad_status begin_tabs(rad_writing *w, rad_error *error) {
    if (!w->separator) w->separator = '\t';
    return begin_wide(w, error);
}

static rad_status begin_long(rad_writing *w, rad_error *error) {
    (void)error;
    put_names(w);
    fputs(",image,feature,value\r\n", w->out);
    return RAD_OK;
}

static rad_status put_long(rad_writing *w, const char *name, const char *const *fields, const rad_row *row,
                           rad_error *error) {
    char number[RAD_NUMBER_TEXT];
    (void)error;
    for (size_t i = 0; i < w->table->column_count && row->status == RAD_OK; i++) {
        const rad_column *c = &w->table->columns[i];
        put_who(w, name, fields, row);
        fprintf(w->out, ",%s,%s,%s\r\n", c->image, c->name + strlen(c->image) + 1,
                row->values[i].reason ? "" : rad_number_write(row->values[i].value, number));
    }
    return RAD_OK;
}

const rad_writer rad_writer_csv = {
    .ending = ".csv", .file = "features.csv", .always = true, .begin = begin_wide, .row = put_wide};

const rad_writer rad_writer_tsv = {.ending = ".tsv", .begin = begin_tabs, .row = put_wide};

const rad_writer rad_writer_long = {.file = "features_long.csv", .begin = begin_long, .row = put_long};
