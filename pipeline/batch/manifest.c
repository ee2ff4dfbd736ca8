#include "manifest.h"

#include "../../core/memory.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const roles[RAD_ROLES] = {"image",  "mask",   "case",       "label",    "roi",
                                             "series", "volume", "suv_weight", "suv_dose", "suv_time"};

const char *rad_manifest_setting(size_t index) {
    return roles[RAD_ROLE_SUV_WEIGHT + index];
}

/* What the columns are for. */
static rad_status find_roles(rad_manifest *m, rad_error *error) {
    const rad_sheet *s = &m->sheet;
    m->extra = rad_new(s->columns, sizeof *m->extra, error);
    if (!m->extra) return RAD_NO_MEMORY;
    for (int r = 0; r < RAD_ROLES; r++) m->column[r] = s->columns;
    for (size_t i = 0; i < s->columns; i++) {
        int role = 0;
        while (role < RAD_ROLES && strcasecmp(roles[role], s->names[i]) != 0) role++;
        if (role == RAD_ROLES)
            m->extra[m->extra_count++] = i;
        else if (m->column[role] < s->columns)
            return rad_fail(error, RAD_UNREADABLE, "%s: two columns are called %s", s->path, roles[role]);
        else
            m->column[role] = i;
    }
    for (int r = RAD_ROLE_IMAGE; r <= RAD_ROLE_MASK; r++)
        if (m->column[r] == s->columns)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: no column is called %s; the header must name the columns image and mask",
                            s->path, roles[r]);
    return RAD_OK;
}

static rad_status find_folder(rad_manifest *m, rad_error *error) {
    rad_error why = {0};
    m->folder = rad_file_path(m->sheet.path, &why);
    if (m->folder) {
        *strrchr(m->folder, '/') = '\0';
        return RAD_OK;
    }
    if (error) *error = why;
    return why.status;
}

rad_status rad_manifest_open(const char *path, rad_manifest *m, rad_error *error) {
    *m = (rad_manifest){.count = 0};
    rad_status status = rad_sheet_open_any(path, &m->sheet, error);
    if (status == RAD_OK) status = find_folder(m, error);
    if (status == RAD_OK) status = rad_sheet_index(&m->sheet, error);
    if (status == RAD_OK) status = find_roles(m, error);
    if (status == RAD_OK && !m->sheet.count)
        status = rad_fail(error, RAD_UNREADABLE, "%s: has a header but no rows", path);
    m->count = m->sheet.count;
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

/* A text that may be absent. */
static rad_status copy(const char *text, char **to, rad_error *error) {
    *to = rad_text_copy(text, error);
    return text && !*to ? RAD_NO_MEMORY : RAD_OK;
}

static const char *field_of(const rad_manifest *m, const rad_manifest_row *row, rad_role role) {
    const size_t column = m->column[role];
    return column < m->sheet.columns && *row->field[column] ? row->field[column] : NULL;
}

rad_status rad_manifest_read(const rad_manifest *m, size_t index, rad_manifest_row *row, rad_error *error) {
    const char *path = m->sheet.path;
    *row = (rad_manifest_row){.field = NULL};
    rad_status status = rad_sheet_read(&m->sheet, index, &row->field, error);
    for (int r = RAD_ROLE_IMAGE; r <= RAD_ROLE_MASK && status == RAD_OK; r++)
        if (!field_of(m, row, (rad_role)r))
            status = rad_fail(error, RAD_UNREADABLE, "%s: row %zu has no %s", path, index + 1, roles[r]);
    const char *image = status == RAD_OK ? field_of(m, row, RAD_ROLE_IMAGE) : NULL, *label, *roi;
    if (status == RAD_OK) {
        label = field_of(m, row, RAD_ROLE_LABEL);
        roi = field_of(m, row, RAD_ROLE_ROI);
        if (label && roi)
            status =
                rad_fail(error, RAD_UNREADABLE,
                         "%s: row %zu has a label and a roi; only one of them is allowed", path, index + 1);
        const char *name = field_of(m, row, RAD_ROLE_CASE);
        row->image = place(m, image, error);
        row->mask = place(m, field_of(m, row, RAD_ROLE_MASK), error);
        if (!row->image || !row->mask) status = RAD_NO_MEMORY;
        if (status == RAD_OK) status = copy(name ? name : image, &row->name, error);
        if (status == RAD_OK) status = copy(label ? label : roi, &row->roi, error);
        if (status == RAD_OK) status = copy(field_of(m, row, RAD_ROLE_SERIES), &row->series, error);
        if (status == RAD_OK) status = copy(field_of(m, row, RAD_ROLE_VOLUME), &row->volume, error);
        for (size_t i = 0; i < RAD_CASE_SETTINGS && status == RAD_OK; i++)
            status = copy(field_of(m, row, (rad_role)(RAD_ROLE_SUV_WEIGHT + i)), &row->setting[i], error);
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
    rad_free(row->volume);
    for (size_t i = 0; i < RAD_CASE_SETTINGS; i++) rad_free(row->setting[i]);
    rad_free(row->field);
    *row = (rad_manifest_row){.field = NULL};
}

void rad_manifest_close(rad_manifest *m) {
    rad_sheet_close(&m->sheet);
    rad_free(m->folder);
    rad_free(m->extra);
    *m = (rad_manifest){.count = 0};
}
