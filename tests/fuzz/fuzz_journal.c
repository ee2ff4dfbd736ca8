/* Rows of a case as the journal holds them: a byte for the number of columns, then the rows. What is unpacked
 * is packed again, and a journal gives back what it was given. */
#include "../../core/memory.h"
#include "../../pipeline/batch/journal.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { ROWS = 16 };

static rad_status keep(const rad_row *row, void *context, rad_error *error) {
    rad_table *table = context;
    FUZZ_CHECK(memchr(row->roi, 0, sizeof row->roi) && memchr(row->text, 0, sizeof row->text));
    for (size_t i = 0; i < table->column_count; i++) {
        FUZZ_CHECK(row->values[i].reason < RAD_REASON_COUNT);
        rad_reason_text(row->values[i].reason);
    }
    if (table->row_count == ROWS) return RAD_OK;
    rad_row *to = &table->rows[table->row_count++];
    *to = *row;
    to->values = rad_new(table->column_count, sizeof *to->values, error);
    FUZZ_CHECK(to->values);
    memcpy(to->values, row->values, table->column_count * sizeof *to->values);
    return RAD_OK;
}

static void keep_in_journal(const uint8_t *rows, size_t length) {
    static rad_journal *journal;
    rad_error error = {0};
    const rad_fingerprint id = {.bytes = "case"};
    rad_outcome out = {.rows = (unsigned char *)(uintptr_t)rows, .length = length, .rois = length / 7}, back;
    bool found = false;
    if (!journal) FUZZ_CHECK(rad_journal_open(":memory:", &journal, NULL, &error) == RAD_OK);
    FUZZ_CHECK(rad_journal_put(journal, &id, "case", &out, &error) == RAD_OK);
    FUZZ_CHECK(rad_journal_load(journal, &id, &back, &found, &error) == RAD_OK && found);
    FUZZ_CHECK(back.length == length && (!length || !memcmp(back.rows, rows, length)));
    FUZZ_CHECK(back.rois == out.rois);
    rad_outcome_free(&back);
}

static void run(const uint8_t *data, size_t size) {
    static rad_row rows[ROWS];
    rad_error error = {0};
    if (!size) return;
    rad_table table = {.column_count = data[0] % 32, .rows = rows};
    if (size % 16 == 1) keep_in_journal(data + 1, size - 1);
    const rad_status status =
        rad_outcome_unpack(data + 1, size - 1, table.column_count, keep, &table, &error);
    if (status != RAD_OK) FUZZ_REFUSED(error);
    if (status == RAD_OK && table.row_count) {
        rad_outcome again = {.status = RAD_OK};
        FUZZ_CHECK(rad_outcome_pack(&table, &again, &error) == RAD_OK);
        FUZZ_CHECK(again.length <= size - 1);
        rad_outcome_free(&again);
    }
    for (size_t i = 0; i < table.row_count; i++) rad_free(rows[i].values);
}

const fuzzer fuzzer_journal = {"journal", run, NULL};
