#include "sheet.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../core/utf8.h"
#include "csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_UTF8 "bytes that are not UTF-8; save the table as UTF-8"

static rad_status fail(const rad_sheet *s, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s:%zu: %s", s->path, s->line, what);
}

/* More of the file behind what the window holds of the current row, which moves to its begin; a row that
 * fills the window gets one twice as large. */
static rad_status fill(rad_sheet *s, size_t *seen, rad_error *error) {
    enum { WINDOW = 1 << 18 };
    const size_t held = s->length - s->at;
    if (2 * held >= s->window) {
        const size_t window = s->window ? 2 * s->window : WINDOW;
        char *larger = rad_new_raw(window, 1, error);
        if (!larger) return RAD_NO_MEMORY;
        if (held) memcpy(larger, s->bytes + s->at, held);
        rad_free(s->bytes);
        s->bytes = larger;
        s->window = window;
    } else if (s->at) {
        memmove(s->bytes, s->bytes + s->at, held);
    }
    *seen -= s->at;
    s->at = 0;
    s->length = held;
    const size_t left = s->moment.size - s->taken, space = s->window - held;
    const ssize_t got = pread(s->file - 1, s->bytes + held, left < space ? left : space, (off_t)s->taken);
    if (got < 0 && errno == EINTR) return RAD_OK;
    if (got < 0) return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: %s", s->path, strerror(errno));
    if (!got)
        return rad_fail(error, RAD_UNREADABLE, "%s: the file became shorter while it was read", s->path);
    s->taken += (size_t)got;
    s->length += (size_t)got;
    return RAD_OK;
}

/* What is known of a row after some of its bytes. */
typedef struct scan {
    bool quoted;
    rad_utf8 character; /* that is read */
    size_t lines, fields;
} scan;

/* Goes on to the line end behind the row: its place, or `length`. *fault: what cannot stand there. */
static size_t scan_row(scan *r, const char *bytes, size_t at, size_t length, char delimiter,
                       const char **fault) {
    for (; at < length; at++) {
        const char c = bytes[at];
        if (!rad_utf8_next(&r->character, (unsigned char)c)) {
            *fault = NOT_UTF8;
        } else if (c == '\n') {
            r->lines++;
            if (!r->quoted) break;
        } else if (c == '"') {
            r->quoted = !r->quoted;
        } else if (!c) {
            *fault = "a zero byte; is this a text table?";
        } else if (c == delimiter) {
            r->fields += !r->quoted;
        }
        if (*fault) break;
    }
    return at;
}

/* A row as the window has it, from s->at on: where it ends, and where the next one begins. */
typedef struct extent {
    size_t end, next, lines, fields;
} extent;

/* Finds the end of the row at s->at; quoted line ends do not count. */
static rad_status find_row(rad_sheet *s, extent *row, rad_error *error) {
    scan r = {.fields = 1};
    const char *fault = NULL;
    size_t i = s->at;
    *row = (extent){.end = i};
    for (;;) {
        i = scan_row(&r, s->bytes, i, s->length, s->delimiter, &fault);
        if (i < s->length || s->taken == s->moment.size) break;
        rad_status status = fill(s, &i, error);
        if (status != RAD_OK) return status;
    }
    if (!fault && r.character.more) fault = NOT_UTF8;
    if (!fault && r.quoted) fault = "a quote that is not closed";
    if (fault) return fail(s, fault, error);
    row->next = i < s->length ? i + 1 : i;
    row->end = i > s->at && s->bytes[i - 1] == '\r' ? i - 1 : i;
    row->lines = r.lines;
    row->fields = r.fields;
    return RAD_OK;
}

/* The next row that is not empty, of as many fields as the header has; false: there is none, or *status says
 * why. s->at is its begin. */
static bool find_next(rad_sheet *s, extent *row, rad_status *status, rad_error *error) {
    for (;; s->at = row->next, s->line += row->lines) {
        const bool end = s->at == s->length && s->taken == s->moment.size;
        *status = end ? s->file ? rad_file_check(s->path, s->file - 1, &s->moment, error) : RAD_OK
                      : find_row(s, row, error);
        if (end || *status != RAD_OK) return false;
        if (row->end > s->at) break;
    }
    if (!s->columns || row->fields == s->columns) return true;
    *status = rad_fail(error, RAD_UNREADABLE, "%s:%zu: a row of %zu field%s, but the header has %zu", s->path,
                       s->line, row->fields, rad_plural(row->fields), s->columns);
    return false;
}

/* Takes the row in `text` apart in place; the number of fields, of which the first `most` are kept. */
static size_t split(char *text, char delimiter, char **field, size_t most) {
    char *to = text;
    size_t count = 1;
    bool quoted = false;
    field[0] = to;
    for (const char *from = text; *from; from++) {
        if (*from == '"') {
            if (quoted && from[1] == '"')
                *to++ = *from++;
            else
                quoted = !quoted;
        } else if (!quoted && *from == delimiter) {
            *to++ = '\0';
            if (count < most) field[count] = to;
            count++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    for (size_t i = 0; i < count && i < most; i++) field[i] += rad_csv_text(field[i]) - field[i];
    return count;
}

/* Counts a character in the header, outside of quotes. */
static size_t count_of(const rad_sheet *s, size_t end, char wanted) {
    size_t count = 0;
    bool quoted = false;
    for (size_t i = s->at; i < end; i++) {
        quoted ^= s->bytes[i] == '"';
        count += !quoted && s->bytes[i] == wanted;
    }
    return count;
}

/* No two columns may have one name: which one would count? */
static rad_status check_names(const rad_sheet *s, rad_error *error) {
    const size_t twice = rad_names_repeated(&s->sorted);
    if (twice == SIZE_MAX) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: two columns are called %.80s", s->path, s->names[twice]);
}

static rad_status read_header(rad_sheet *s, rad_error *error) {
    extent row;
    rad_status status = RAD_OK;
    s->line = 1;
    if (!find_next(s, &row, &status, error))
        return status == RAD_OK ? rad_fail(error, RAD_UNREADABLE, "%s: has no header", s->path) : status;
    s->delimiter = ',';
    for (const char *c = ";\t"; *c; c++)
        if (count_of(s, row.end, *c) > count_of(s, row.end, s->delimiter)) s->delimiter = *c;
    s->columns = count_of(s, row.end, s->delimiter) + 1;
    s->header = rad_new_raw(row.end - s->at + 1, 1, error);
    s->names = rad_new(s->columns, sizeof *s->names, error);
    s->field = rad_new(s->columns, sizeof *s->field, error);
    if (!s->header || !s->names || !s->field || rad_names_allocate(&s->sorted, s->columns, error) != RAD_OK)
        return RAD_NO_MEMORY;
    memcpy(s->header, s->bytes + s->at, row.end - s->at);
    s->header[row.end - s->at] = '\0';
    split(s->header, s->delimiter, s->names, s->columns);
    for (size_t i = 0; i < s->columns; i++) s->sorted.row[i] = (rad_name){s->names[i], i};
    rad_names_sort(&s->sorted);
    s->at = row.next;
    s->line += row.lines;
    return RAD_OK;
}

/* Whatever stands before the header of a file that is not empty. */
static rad_status begin(rad_sheet *s, rad_error *error) {
    size_t seen = 0;
    rad_status status = RAD_OK;
    if (!s->moment.size)
        return rad_fail(error, RAD_UNREADABLE, "%s: is empty; a table with a header is needed", s->path);
    while (status == RAD_OK && s->length < 3 && s->taken < s->moment.size) status = fill(s, &seen, error);
    if (status == RAD_OK && s->length >= 3 && !memcmp(s->bytes, "\xEF\xBB\xBF", 3)) s->at = 3;
    return status == RAD_OK ? read_header(s, error) : status;
}

rad_status rad_sheet_open_any(const char *path, rad_sheet *s, rad_error *error) {
    int file = -1;
    *s = (rad_sheet){.path = rad_text_copy(path, error)};
    rad_status status = s->path ? rad_file_open(path, &file, &s->moment, error) : RAD_NO_MEMORY;
    s->file = file + 1;
    if (status == RAD_OK) status = begin(s, error);
    if (status != RAD_OK) rad_sheet_close(s);
    return status;
}

rad_status rad_sheet_open(const char *path, rad_sheet *s, rad_error *error) {
    rad_status status = rad_sheet_open_any(path, s, error);
    if (status == RAD_OK) status = check_names(s, error);
    if (status != RAD_OK) rad_sheet_close(s);
    return status;
}

rad_status rad_sheet_open_text(const char *name, const char *text, size_t length, rad_sheet *s,
                               rad_error *error) {
    *s = (rad_sheet){.path = rad_text_copy(name, error), .moment.size = length};
    s->bytes = rad_new_raw(length + 1, 1, error);
    rad_status status = s->path && s->bytes ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        if (length) memcpy(s->bytes, text, length);
        s->window = length + 1;
        s->length = s->taken = length;
        status = begin(s, error);
    }
    if (status == RAD_OK) status = check_names(s, error);
    if (status != RAD_OK) rad_sheet_close(s);
    return status;
}

/* The row as text that may be taken apart: of a file a copy, since the window moves. */
static char *row_text(rad_sheet *s, const extent *row, rad_error *error) {
    const size_t length = row->end - s->at;
    char *text = s->file ? s->row : s->bytes + s->at;
    if (s->file && length + 1 > s->row_size) {
        rad_free(s->row);
        s->row_size = 2 * (length + 1);
        text = s->row = rad_new_raw(s->row_size, 1, error);
        if (!text) return NULL;
    }
    if (s->file) memcpy(text, s->bytes + s->at, length);
    text[length] = '\0'; /* of text in memory where its line end was, or behind it */
    return text;
}

rad_status rad_sheet_next(rad_sheet *s, bool *more, rad_error *error) {
    extent row;
    rad_status status = RAD_OK;
    *more = find_next(s, &row, &status, error);
    if (!*more) return status;
    char *text = row_text(s, &row, error);
    *more = text;
    if (!text) return RAD_NO_MEMORY;
    split(text, s->delimiter, s->field, s->columns);
    s->at = row.next;
    s->line += row.lines;
    return RAD_OK;
}

rad_status rad_sheet_index(rad_sheet *s, rad_error *error) {
    extent row;
    rad_status status = RAD_OK;
    while (find_next(s, &row, &status, error)) {
        status = rad_grow(&s->begin, s->count, &s->begin_room, sizeof *s->begin, error);
        if (status != RAD_OK) return status;
        s->begin[s->count++] = s->taken - s->length + s->at;
        s->at = row.next;
        s->line += row.lines;
    }
    if (status == RAD_OK) status = rad_grow(&s->begin, s->count, &s->begin_room, sizeof *s->begin, error);
    if (status == RAD_OK) s->begin[s->count] = s->moment.size;
    return status;
}

rad_status rad_sheet_read(const rad_sheet *s, size_t index, char ***field, rad_error *error) {
    const size_t length = s->begin[index + 1] - s->begin[index], names = s->columns * sizeof **field;
    scan r = {.fields = 1};
    const char *fault = NULL;
    *field = rad_new_raw(names + length + 1, 1, error);
    if (!*field) return RAD_NO_MEMORY;
    char *text = (char *)*field + names;
    rad_status status = rad_file_check(s->path, s->file - 1, &s->moment, NULL);
    if (status == RAD_OK)
        status = rad_file_read(s->path, s->file - 1, text, length, s->begin[index], error);
    else
        rad_fail(error, status, "%s: the table changed while it was in use", s->path);
    if (status == RAD_OK) {
        size_t end = scan_row(&r, text, 0, length, s->delimiter, &fault);
        if (end && text[end - 1] == '\r') end--;
        text[end] = '\0';
        if (fault || split(text, s->delimiter, *field, s->columns) != s->columns)
            status = rad_fail(error, RAD_UNREADABLE, "%s: the table changed while it was in use", s->path);
    }
    if (status == RAD_OK) return RAD_OK;
    rad_free(*field);
    *field = NULL;
    return status;
}

size_t rad_sheet_column(const rad_sheet *s, const char *name) {
    const size_t at = rad_names_find(&s->sorted, name);
    return at == SIZE_MAX ? s->columns : at;
}

void rad_sheet_close(rad_sheet *s) {
    if (s->file) close(s->file - 1);
    rad_free(s->bytes);
    rad_free(s->path);
    rad_free(s->names);
    rad_names_free(&s->sorted);
    rad_free(s->header);
    rad_free(s->field);
    rad_free(s->row);
    rad_free(s->begin);
    *s = (rad_sheet){.path = NULL};
}
