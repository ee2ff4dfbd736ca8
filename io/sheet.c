#include "sheet.h"

#include "../core/memory.h"
#include "../core/utf8.h"
#include "csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    const size_t left = s->moment.size - s->taken, room = s->window - held;
    const ssize_t got = pread(s->file - 1, s->bytes + held, left < room ? left : room, (off_t)s->taken);
    if (got < 0 && errno == EINTR) return RAD_OK;
    if (got < 0) return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: %s", s->path, strerror(errno));
    if (!got)
        return rad_fail(error, RAD_UNREADABLE, "%s: the file became shorter while it was read", s->path);
    s->taken += (size_t)got;
    s->length += (size_t)got;
    return RAD_OK;
}

/* The end of the row at s->at, past its line end; quoted line ends do not count. */
static rad_status find_end(rad_sheet *s, size_t *end, size_t *next, size_t *lines, rad_error *error) {
    bool quoted = false;
    rad_utf8 character = {0};
    size_t i = s->at;
    for (*lines = 1;; i++) {
        while (i == s->length && s->taken < s->moment.size) {
            rad_status status = fill(s, &i, error);
            if (status != RAD_OK) return status;
        }
        if (i == s->length) break;
        if (!s->bytes[i]) return fail(s, "a zero byte; is this a table of text?", error);
        if (!rad_utf8_next(&character, (unsigned char)s->bytes[i])) return fail(s, RAD_SHEET_NOT_UTF8, error);
        if (!quoted && s->bytes[i] == '\n') break;
        quoted ^= s->bytes[i] == '"';
        *lines += s->bytes[i] == '\n';
    }
    if (character.more) return fail(s, RAD_SHEET_NOT_UTF8, error);
    if (quoted) return fail(s, "a quote that is not closed", error);
    *next = i < s->length ? i + 1 : i;
    *end = i > s->at && s->bytes[i - 1] == '\r' ? i - 1 : i;
    return RAD_OK;
}

static void undo_quotes(char **field, size_t count) {
    for (size_t i = 0; i < count; i++) field[i] += rad_csv_text(field[i]) - field[i];
}

/* Takes the row in `text` apart in place; the number of fields, of which the first `most` are kept. */
static size_t split(char *text, char delimiter, char **field, size_t most) {
    char *to = text;
    size_t count = 1;
    bool quoted = false;
    if (most) field[0] = to;
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
    return count;
}

static char *copy_row(const rad_sheet *s, size_t end, char *room, rad_error *error) {
    const size_t length = end - s->at;
    if (!room) room = rad_new_raw(length + 1, 1, error);
    if (!room) return NULL;
    memcpy(room, s->bytes + s->at, length);
    room[length] = '\0';
    return room;
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

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* No two columns may have one name: which one would count? */
static rad_status check_names(const rad_sheet *s, rad_error *error) {
    char **sorted = rad_new_raw(s->columns, sizeof *sorted, error);
    rad_status status = sorted ? RAD_OK : RAD_NO_MEMORY;
    if (sorted) memcpy(sorted, s->names, s->columns * sizeof *sorted);
    if (sorted) qsort(sorted, s->columns, sizeof *sorted, by_text);
    for (size_t i = 1; i < s->columns && status == RAD_OK; i++)
        if (!strcmp(sorted[i - 1], sorted[i]))
            status = rad_fail(error, RAD_UNREADABLE, "%s: two columns are called %.80s", s->path, sorted[i]);
    rad_free(sorted);
    return status;
}

static rad_status take_header(rad_sheet *s, rad_error *error) {
    size_t end = 0, next = 0, lines = 0;
    s->line = 1;
    rad_status status = find_end(s, &end, &next, &lines, error);
    if (status != RAD_OK) return status;
    if (end - s->at >= 3 && !memcmp(s->bytes + s->at, "\xEF\xBB\xBF", 3)) s->at += 3;
    if (end == s->at) return rad_fail(error, RAD_UNREADABLE, "%s: has no header", s->path);
    s->delimiter = ',';
    for (const char *c = ";\t"; *c; c++)
        if (count_of(s, end, *c) > count_of(s, end, s->delimiter)) s->delimiter = *c;
    s->columns = count_of(s, end, s->delimiter) + 1;
    s->header = copy_row(s, end, NULL, error);
    s->names = rad_new(s->columns, sizeof *s->names, error);
    s->field = rad_new(s->columns, sizeof *s->field, error);
    if (!s->header || !s->names || !s->field) return RAD_NO_MEMORY;
    undo_quotes(s->names, split(s->header, s->delimiter, s->names, s->columns));
    s->at = next;
    s->line += lines;
    return check_names(s, error);
}

rad_status rad_sheet_open(const char *path, rad_sheet *s, rad_error *error) {
    int file = -1;
    *s = (rad_sheet){.path = rad_text_copy(path, error)};
    rad_status status = s->path ? rad_file_open(path, &file, &s->moment, error) : RAD_NO_MEMORY;
    s->file = file + 1;
    if (status == RAD_OK && !s->moment.size)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is empty; a table with a header is needed", path);
    if (status == RAD_OK) status = take_header(s, error);
    if (status != RAD_OK) rad_sheet_close(s);
    return status;
}

rad_status rad_sheet_next(rad_sheet *s, bool *more, rad_error *error) {
    size_t end = 0, next = 0, lines = 0;
    *more = false;
    for (;; s->at = next, s->line += lines) {
        if (s->at == s->length && s->taken == s->moment.size)
            return rad_file_check(s->path, s->file - 1, &s->moment, error);
        rad_status status = find_end(s, &end, &next, &lines, error);
        if (status != RAD_OK) return status;
        if (end > s->at) break;
    }
    if (end - s->at + 1 > s->room) {
        rad_free(s->row);
        s->room = 2 * (end - s->at + 1);
        s->row = rad_new_raw(s->room, 1, error);
        if (!s->row) return RAD_NO_MEMORY;
    }
    copy_row(s, end, s->row, error);
    const size_t fields = split(s->row, s->delimiter, s->field, s->columns);
    if (fields != s->columns)
        return rad_fail(error, RAD_UNREADABLE, "%s:%zu: a row of %zu fields; the header has %zu", s->path,
                        s->line, fields, s->columns);
    undo_quotes(s->field, fields);
    s->at = next;
    s->line += lines;
    *more = true;
    return RAD_OK;
}

size_t rad_sheet_column(const rad_sheet *s, const char *name) {
    size_t i = 0;
    while (i < s->columns && strcmp(s->names[i], name) != 0) i++;
    return i;
}

void rad_sheet_close(rad_sheet *s) {
    if (s->file) close(s->file - 1);
    rad_free(s->bytes);
    rad_free(s->path);
    rad_free(s->names);
    rad_free(s->header);
    rad_free(s->field);
    rad_free(s->row);
    *s = (rad_sheet){.path = NULL};
}
