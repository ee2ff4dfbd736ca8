#include "outcome.h"

#include "../../core/memory.h"

#include <string.h>

/* One row: status, name, text, values, reasons; all of fixed size, so that a row is found by its number. */
typedef struct head {
    int32_t status;
    char roi[64];
    char text[512];
} head;

static size_t row_size(size_t columns) {
    return sizeof(head) + columns * (sizeof(double) + 1);
}

rad_status rad_outcome_pack(const rad_table *table, rad_outcome *outcome, rad_error *error) {
    const size_t columns = table->column_count;
    unsigned char *at = outcome->rows = rad_new(table->row_count, row_size(columns), error);
    if (!at) return RAD_NO_MEMORY;
    outcome->length = table->row_count * row_size(columns);
    outcome->rois = table->row_count;
    outcome->failed = 0;
    for (size_t r = 0; r < table->row_count; r++) {
        const rad_row *row = &table->rows[r];
        head h = {.status = (int32_t)row->status};
        memcpy(h.roi, row->roi, sizeof h.roi);
        memcpy(h.text, row->text, sizeof h.text);
        memcpy(at, &h, sizeof h);
        at += sizeof h;
        for (size_t i = 0; i < columns; i++, at += sizeof(double))
            memcpy(at, &row->values[i].value, sizeof(double));
        for (size_t i = 0; i < columns; i++) *at++ = (unsigned char)row->values[i].reason;
        outcome->failed += row->status != RAD_OK;
    }
    return RAD_OK;
}

rad_status rad_outcome_unpack(const unsigned char *rows, size_t length, size_t columns, rad_put_row *put,
                              void *context, rad_error *error) {
    const size_t size = row_size(columns);
    rad_value *values = rad_new(columns, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    if (length % size)
        status = rad_fail(
            error, RAD_UNREADABLE,
            "the journal holds %zu bytes of rows, which is not a multiple of %zu; run again with --force",
            length, size);
    for (size_t at = 0; at + size <= length && status == RAD_OK; at += size) {
        head h;
        memcpy(&h, rows + at, sizeof h);
        h.roi[sizeof h.roi - 1] = h.text[sizeof h.text - 1] = '\0';
        const unsigned char *from = rows + at + sizeof h, *reasons = from + columns * sizeof(double);
        for (size_t i = 0; i < columns; i++) {
            memcpy(&values[i].value, from + i * sizeof(double), sizeof(double));
            values[i].reason = reasons[i] < RAD_REASON_COUNT ? (rad_reason)reasons[i] : RAD_NOT_COMPUTED;
        }
        rad_row row = {.status = (rad_status)h.status, .values = values};
        memcpy(row.roi, h.roi, sizeof row.roi);
        memcpy(row.text, h.text, sizeof row.text);
        status = put(&row, context, error);
    }
    rad_free(values);
    return status;
}

void rad_outcome_free(rad_outcome *outcome) {
    rad_free(outcome->rows);
    *outcome = (rad_outcome){.status = RAD_OK};
}
