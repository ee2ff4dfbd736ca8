#include "manifest.h"

#include "../../core/memory.h"
#include "../../core/utf8.h"
#include "../../io/csv.h"
#include "../../io/file.h"
#include "../../io/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *const roles[RAD_ROLES] = {"image", "mask", "case", "label", "roi", "series"};

/* What the scanner knows between two bytes. */
typedef struct scan {
    rad_manifest *m;
    rad_error *error;
    size_t at, line, fields, begin; /* of the row that is read */
    bool quoted, empty;
    rad_utf8 character; /* that is read */
} scan;

static rad_status fail(const scan *s, const char *what) {
    return rad_fail(s->error, RAD_UNREADABLE, "%s:%zu: %s", s->m->path, s->line, what);
}

/* The end of a row at `end`; the next one begins at `next`. */
static rad_status end_row(scan *s, size_t next) {
    rad_manifest *m = s->m;
    rad_status status = RAD_OK;
    if (!s->empty) {
        if (m->columns && s->fields != m->columns)
            return rad_fail(s->error, RAD_UNREADABLE, "%s:%zu: a row of %zu fields; the header has %zu",
                            m->path, s->line, s->fields, m->columns);
        if (!m->columns) m->columns = s->fields; /* the header: counted, read later */
        status = rad_grow(&m->begin, m->count, &m->room, sizeof *m->begin, s->error);
        if (status == RAD_OK) m->begin[m->count++] = s->begin;
    }
    s->begin = next;
    s->fields = 1;
    s->empty = true;
    return status;
}

static rad_status take_byte(scan *s, unsigned char c) {
    rad_status status = RAD_OK;
    if (!rad_utf8_next(&s->character, c)) return fail(s, RAD_SHEET_NOT_UTF8);
    s->at++;
    if (c == '"') {
        s->quoted = !s->quoted;
        s->empty = false;
    } else if (c == '\n' && !s->quoted) {
        status = end_row(s, s->at);
    } else if (!s->quoted && c == (unsigned char)s->m->delimiter) {
        s->fields++;
        s->empty = false;
    } else if (c != '\r') {
        s->empty = false;
    }
    s->line += c == '\n';
    return status;
}

/* The delimiter that the header has most of. */
static char find_delimiter(const char *bytes, size_t length) {
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < length && (quoted || bytes[i] != '\n'); i++) {
        quoted ^= bytes[i] == '"';
        const char *found = quoted || !bytes[i] ? NULL : strchr(candidates, bytes[i]);
        if (found) counts[found - candidates]++;
    }
    for (size_t i = 1; i < 3; i++)
        if (counts[i] > counts[best]) best = i;
    return candidates[best];
}

static rad_status scan_rows(rad_manifest *m, rad_error *error) {
    enum { CHUNK = 1 << 18 };
    char *bytes = rad_new_raw(CHUNK, 1, error);
    scan s = {.m = m, .error = error, .line = 1, .fields = 1, .empty = true};
    rad_status status = bytes ? RAD_OK : RAD_NO_MEMORY;
    for (bool first = true; status == RAD_OK; first = false) {
        ssize_t got;
        do got = pread(m->file - 1, bytes, CHUNK, (off_t)s.at);
        while (got < 0 && errno == EINTR);
        if (got < 0) status = rad_fail(error, RAD_UNREADABLE, "%s: %s", m->path, strerror(errno));
        if (got <= 0) break;
        size_t skip = 0;
        if (first) {
            if (got >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) skip = 3;
            s.at = s.begin = skip;
            m->delimiter = find_delimiter(bytes, (size_t)got);
        }
        for (size_t i = skip; i < (size_t)got && status == RAD_OK; i++)
            status = take_byte(&s, (unsigned char)bytes[i]);
    }
    rad_free(bytes);
    if (status == RAD_OK && s.character.more) status = fail(&s, RAD_SHEET_NOT_UTF8);
    if (status == RAD_OK && s.quoted) status = fail(&s, "a quote that is not closed");
    if (status == RAD_OK) status = end_row(&s, s.at);
    if (status == RAD_OK) status = rad_grow(&m->begin, m->count, &m->room, sizeof *m->begin, error);
    if (status == RAD_OK) m->begin[m->count] = s.at;
    return status;
}

/* Takes the fields apart in place: quotes go, doubled quotes become one. */
static void split(const rad_manifest *m, char *text, char **field) {
    char *to = text;
    size_t count = 0;
    bool quoted = false;
    field[count] = to;
    for (const char *from = text; *from; from++) {
        if (*from == '"') {
            if (quoted && from[1] == '"')
                *to++ = *from++;
            else
                quoted = !quoted;
        } else if (!quoted && *from == m->delimiter) {
            *to++ = '\0';
            if (++count == m->columns) break;
            field[count] = to;
        } else if (quoted || (*from != '\r' && *from != '\n')) {
            *to++ = *from;
        }
    }
    *to = '\0';
    while (++count < m->columns) field[count] = to;
    for (size_t i = 0; i < m->columns; i++) field[i] += rad_csv_text(field[i]) - field[i];
}

static rad_status read_fields(const rad_manifest *m, size_t index, rad_manifest_row *row, rad_error *error) {
    const size_t length = m->begin[index + 1] - m->begin[index];
    row->text = rad_new_raw(length + 1, 1, error);
    if (!row->text) return RAD_NO_MEMORY;
    if (rad_file_check(m->path, m->file - 1, &m->moment, NULL) != RAD_OK)
        return rad_fail(error, RAD_UNREADABLE, "%s: the table was changed while it is used", m->path);
    rad_status status = rad_file_read(m->path, m->file - 1, row->text, length, m->begin[index], error);
    if (status != RAD_OK) return status;
    row->text[length] = '\0';
    if (strlen(row->text) != length)
        return rad_fail(error, RAD_UNREADABLE, "%s: row %zu holds a zero byte", m->path, index);
    split(m, row->text, row->field);
    return RAD_OK;
}

/* Names of columns, and what they are for. The header is row 0 until then. */
static rad_status take_header(rad_manifest *m, rad_error *error) {
    rad_manifest_row row = {.text = NULL};
    if (!m->count)
        return rad_fail(error, RAD_UNREADABLE, "%s: is empty; a header with image and mask is needed",
                        m->path);
    if (m->columns > RAD_MANIFEST_COLUMNS)
        return rad_fail(error, RAD_UNREADABLE, "%s: %zu columns; at most %d are possible", m->path,
                        m->columns, RAD_MANIFEST_COLUMNS);
    rad_status status = read_fields(m, 0, &row, error);
    for (int r = 0; r < RAD_ROLES; r++) m->column[r] = -1;
    for (size_t i = 0; i < m->columns && status == RAD_OK; i++) {
        int role = 0;
        while (role < RAD_ROLES && strcasecmp(roles[role], row.field[i]) != 0) role++;
        m->names[i] = rad_text_copy(row.field[i], error);
        if (!m->names[i])
            status = RAD_NO_MEMORY;
        else if (role == RAD_ROLES)
            m->extra[m->extra_count++] = i;
        else if (m->column[role] >= 0)
            status = rad_fail(error, RAD_UNREADABLE, "%s: two columns are called %s", m->path, roles[role]);
        else
            m->column[role] = (int)i;
    }
    rad_free(row.text);
    for (int r = RAD_ROLE_IMAGE; r <= RAD_ROLE_MASK && status == RAD_OK; r++)
        if (m->column[r] < 0)
            status = rad_fail(error, RAD_UNREADABLE,
                              "%s: no column is called %s; the header names columns image and mask", m->path,
                              roles[r]);
    memmove(m->begin, m->begin + 1, m->count * sizeof *m->begin);
    m->count--;
    if (status == RAD_OK && !m->count)
        status = rad_fail(error, RAD_UNREADABLE, "%s: a header without rows", m->path);
    return status;
}

static rad_status find_folder(rad_manifest *m, rad_error *error) {
    rad_error why = {0};
    m->folder = rad_file_path(m->path, &why);
    if (m->folder) {
        *strrchr(m->folder, '/') = '\0';
        return RAD_OK;
    }
    if (error) *error = why;
    return why.status;
}

rad_status rad_manifest_open(const char *path, rad_manifest *m, rad_error *error) {
    int file;
    *m = (rad_manifest){.path = rad_text_copy(path, error)};
    if (!m->path) return RAD_NO_MEMORY;
    rad_status status = rad_file_open(path, &file, &m->moment, error);
    m->file = file + 1;
    if (status == RAD_OK) status = find_folder(m, error);
    if (status == RAD_OK) status = scan_rows(m, error);
    if (status == RAD_OK) status = take_header(m, error);
    if (status != RAD_OK) rad_manifest_close(m);
    return status;
}

/* Absolute, below the folder of the manifest if it is not. */
static char *place(const rad_manifest *m, const char *path, rad_error *error) {
    const size_t length = strlen(m->folder) + strlen(path) + 2;
    if (*path == '/') return rad_text_copy(path, error);
    char *whole = rad_new_raw(length, 1, error);
    if (whole) snprintf(whole, length, "%s/%s", m->folder, path);
    return whole;
}

static const char *field_of(const rad_manifest *m, const rad_manifest_row *row, rad_role role) {
    const char *text = m->column[role] < 0 ? "" : row->field[m->column[role]];
    return *text ? text : NULL;
}

rad_status rad_manifest_read(const rad_manifest *m, size_t index, rad_manifest_row *row, rad_error *error) {
    *row = (rad_manifest_row){.text = NULL};
    rad_status status = read_fields(m, index, row, error);
    for (int r = RAD_ROLE_IMAGE; r <= RAD_ROLE_MASK && status == RAD_OK; r++)
        if (!field_of(m, row, (rad_role)r))
            status = rad_fail(error, RAD_UNREADABLE, "%s: row %zu has no %s", m->path, index + 1, roles[r]);
    const char *image = status == RAD_OK ? field_of(m, row, RAD_ROLE_IMAGE) : NULL, *label, *roi;
    if (status == RAD_OK) {
        label = field_of(m, row, RAD_ROLE_LABEL);
        roi = field_of(m, row, RAD_ROLE_ROI);
        if (label && roi)
            status =
                rad_fail(error, RAD_UNREADABLE, "%s: row %zu has a label and a roi; one of them is allowed",
                         m->path, index + 1);
        const char *name = field_of(m, row, RAD_ROLE_CASE);
        row->image = place(m, image, error);
        row->mask = place(m, field_of(m, row, RAD_ROLE_MASK), error);
        row->name = rad_text_copy(name ? name : image, error);
        row->roi = rad_text_copy(label ? label : roi, error);
        row->series = rad_text_copy(field_of(m, row, RAD_ROLE_SERIES), error);
        if (!row->image || !row->mask || !row->name) status = RAD_NO_MEMORY;
    }
    if (status != RAD_OK) rad_manifest_row_free(row);
    return status;
}

void rad_manifest_row_free(rad_manifest_row *row) {
    rad_free(row->image);
    rad_free(row->mask);
    rad_free(row->name);
    rad_free(row->roi);
    rad_free(row->series);
    rad_free(row->text);
    *row = (rad_manifest_row){.text = NULL};
}

void rad_manifest_close(rad_manifest *m) {
    if (m->file) close(m->file - 1);
    for (size_t i = 0; i < m->columns && i < RAD_MANIFEST_COLUMNS; i++) rad_free(m->names[i]);
    rad_free(m->begin);
    rad_free(m->path);
    rad_free(m->folder);
    *m = (rad_manifest){.path = NULL};
}
