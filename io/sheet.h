/* Tables of text (RFC 4180, UTF-8; comma, semicolon or tab) read row by row: any number of columns and rows,
 * one row in memory. */
#ifndef RAD_SHEET_H
#define RAD_SHEET_H

#include "../core/status.h"
#include "file.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_SHEET_NOT_UTF8 "bytes that are not UTF-8; save the table as UTF-8"

typedef struct rad_sheet {
    char *path;
    int file;          /* descriptor + 1, so that 0 is none */
    rad_moment moment; /* when it was opened */
    char *bytes;       /* a window of the file: whole rows, and what was read of the next; owned */
    size_t window, length, at, line;
    size_t taken; /* bytes of the file that the window has had */
    char delimiter;
    size_t columns;
    char **names; /* owned, as is the text they point into */
    char *header;
    char **field; /* of the current row; "" where empty */
    char *row;
    size_t room;
} rad_sheet;

/* Opens the table and reads its header. RAD_UNREADABLE: no file, an empty one, two columns of one name. */
rad_status rad_sheet_open(const char *path, rad_sheet *sheet, rad_error *error) RAD_MUST_CHECK;

/* Reads the next row into sheet->field; *more is false after the last one. Empty lines do not count.
 * RAD_UNREADABLE names the line: another number of fields than the header, a quote that is not closed, a zero
 * byte, bytes that are not UTF-8; or the file became shorter or was changed while it was read. */
rad_status rad_sheet_next(rad_sheet *sheet, bool *more, rad_error *error) RAD_MUST_CHECK;

/* Index of the column, or sheet->columns. */
size_t rad_sheet_column(const rad_sheet *sheet, const char *name);

void rad_sheet_close(rad_sheet *sheet);

#ifdef __cplusplus
}
#endif
#endif
