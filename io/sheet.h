/* The one reader of tables of text (RFC 4180, UTF-8 with or without a byte order mark; comma, semicolon or
 * tab, whichever the header has most of): any number of columns and rows, row by row or by index, one row in
 * memory. Fields in quotes may hold delimiters, quotes (doubled) and line ends; empty lines do not count. */
#ifndef RAD_SHEET_H
#define RAD_SHEET_H

#include "../core/names.h"
#include "../core/status.h"
#include "file.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_sheet {
    char *path;
    int file;          /* descriptor + 1, so that 0 is none: text in memory */
    rad_moment moment; /* when it was opened */
    char *bytes;       /* a window of the file: whole rows, and what was read of the next; owned */
    size_t window, length, at, line;
    size_t taken; /* bytes of the file that the window has had */
    char delimiter;
    size_t columns;
    char **names; /* owned, as is the text they point into */
    rad_names sorted;
    char *header;
    char **field; /* of the current row; "" where empty */
    char *row;
    size_t row_size;
    size_t *begin; /* of rad_sheet_index: offset of each row, and the end of the last one; owned */
    size_t count, begin_room;
} rad_sheet;

/* Opens the table and reads its header. RAD_UNREADABLE: no file, an empty one, no header, two columns of one
 * name. rad_sheet_open_any takes those, too. */
rad_status rad_sheet_open(const char *path, rad_sheet *sheet, rad_error *error) RAD_MUST_CHECK;
rad_status rad_sheet_open_any(const char *path, rad_sheet *sheet, rad_error *error) RAD_MUST_CHECK;

/* The same of text in memory, which is copied: fields live until the sheet is closed. */
rad_status rad_sheet_open_text(const char *name, const char *text, size_t length, rad_sheet *sheet,
                               rad_error *error) RAD_MUST_CHECK;

/* Reads the next row into sheet->field; *more is false after the last one. RAD_UNREADABLE names the line
 * where the row begins: another number of fields than the header, a quote that is not closed, a zero byte,
 * bytes that are not UTF-8; or the file became shorter or was changed while it was read. */
rad_status rad_sheet_next(rad_sheet *sheet, bool *more, rad_error *error) RAD_MUST_CHECK;

/* Finds the rows that are left, with the checks of rad_sheet_next: eight bytes a row, in sheet->begin. */
rad_status rad_sheet_index(rad_sheet *sheet, rad_error *error) RAD_MUST_CHECK;

/* A row that was found, from any thread or process: its fields in one block of memory (rad_free).
 * RAD_UNREADABLE: the file was changed. */
rad_status rad_sheet_read(const rad_sheet *sheet, size_t index, char ***field,
                          rad_error *error) RAD_MUST_CHECK;

/* Index of the column, or sheet->columns. */
size_t rad_sheet_column(const rad_sheet *sheet, const char *name);

void rad_sheet_close(rad_sheet *sheet);

#ifdef __cplusplus
}
#endif
#endif
