#include "table.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

rad_status rad_table_add_column(rad_table *table, const rad_column *column, rad_error *error) {
    if (rad_grow(&table->columns, table->column_count, &table->column_room, sizeof *table->columns, error) !=
        RAD_OK)
        return RAD_NO_MEMORY;
    rad_column *c = &table->columns[table->column_count++];
    *c = *column;
    snprintf(c->name, sizeof c->name, "%s_%s%s%s%s%s", c->image, c->tag, *c->aggregation ? "_" : "",
             c->aggregation, *c->discretisation ? "_" : "", c->discretisation);
    return RAD_OK;
}

static rad_status make_row(const rad_table *table, const char *case_name, rad_row *row, rad_error *error) {
    const size_t length = strlen(case_name) + 1;
    row->case_name = rad_new(length, 1, error);
    row->values = rad_new(table->column_count, sizeof *row->values, error);
    if (!row->case_name || !row->values) return RAD_NO_MEMORY;
    memcpy(row->case_name, case_name, length);
    for (size_t i = 0; i < table->column_count; i++) row->values[i] = rad_undefined(RAD_NOT_COMPUTED);
    return RAD_OK;
}

rad_status rad_table_add_rows(rad_table *table, size_t count, const char *case_name, size_t *first,
                              rad_error *error) {
    rad_row *rows = rad_new(table->row_count + count, sizeof *rows, error);
    if (!rows) return RAD_NO_MEMORY;
    if (table->row_count) memcpy(rows, table->rows, table->row_count * sizeof *rows);
    rad_free(table->rows);
    table->rows = rows;
    *first = table->row_count;
    for (size_t i = 0; i < count; i++, table->row_count++) {
        rad_status status = make_row(table, case_name, &rows[table->row_count], error);
        if (status != RAD_OK) {
            table->row_count++; /* what it has is freed with the table */
            return status;
        }
    }
    return RAD_OK;
}

const rad_column *rad_table_find(const rad_table *table, const char *tag) {
    for (size_t i = 0; i < table->column_count; i++) {
        const rad_column *c = &table->columns[i];
        const size_t length = strlen(c->tag);
        if (strncmp(tag, c->tag, length) != 0) continue;
        const char *rest = tag + length;
        if (*c->aggregation ? *rest == '_' && !strcmp(rest + 1, c->aggregation) : !*rest) return c;
    }
    return NULL;
}

void rad_table_free(rad_table *table) {
    for (size_t i = 0; i < table->row_count; i++) {
        rad_free(table->rows[i].case_name);
        rad_free(table->rows[i].values);
    }
    rad_free(table->rows);
    rad_free(table->columns);
    *table = (rad_table){0};
}
