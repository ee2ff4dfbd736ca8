#include "visit.h"

#include "../core/memory.h"
#include "../pipeline/extract.h"
#include "../pipeline/writers.h"

#include <stdint.h>
#include <string.h>

struct rad_features {
    rad_table table;
    rad_settings settings; /* a copy */
    rad_facts facts;       /* of the only case */
    rad_warnings warnings;
};

void rad_features_free(rad_features *table) {
    if (!table) return;
    rad_table_free(&table->table);
    rad_settings_clear(&table->settings);
    rad_free(table);
}

static rad_status make(const rad_settings *settings, rad_features **table, rad_error *error) {
    rad_features *e = rad_new(1, sizeof *e, error);
    if (!e) return RAD_NO_MEMORY;
    *table = e;
    return rad_settings_copy(settings, &e->settings, error);
}

/* All that leaves a mark on a table is in the text of its settings. */
static rad_status check_settings(const rad_settings *a, const rad_settings *b, rad_error *error) {
    const size_t length = rad_settings_write(a, NULL, 0) + 1;
    char *texts = rad_new(2 * length, 1, error);
    if (!texts) return RAD_NO_MEMORY;
    rad_settings_write(a, texts, length);
    const bool same =
        rad_settings_write(b, texts + length, length) + 1 == length && !strcmp(texts, texts + length);
    rad_free(texts);
    return same ? RAD_OK
                : rad_fail(error, RAD_CONFIG,
                           "rad_extract: the table was made with other settings; give a new one");
}

/* The rows of a case behind those that are there. */
static rad_status append(rad_features *table, rad_features *fresh, rad_error *error) {
    rad_table *t = &table->table, *more = &fresh->table;
    const bool first = !t->row_count;
    rad_row *rows = rad_new_raw(t->row_count + more->row_count, sizeof *rows, error);
    if (!rows) return RAD_NO_MEMORY;
    if (t->row_count) memcpy(rows, t->rows, t->row_count * sizeof *rows);
    if (more->row_count) memcpy(rows + t->row_count, more->rows, more->row_count * sizeof *rows);
    rad_free(t->rows);
    t->rows = rows;
    t->row_count += more->row_count;
    more->row_count = 0;
    table->facts = first ? fresh->facts : (rad_facts){.count = 0};
    const size_t warnings = fresh->warnings.count,
                 kept = warnings < RAD_WARNINGS_KEPT ? warnings : RAD_WARNINGS_KEPT;
    for (size_t i = 0; i < kept; i++) rad_warn(&table->warnings, "%s", fresh->warnings.text[i]);
    table->warnings.count += warnings - kept;
    return RAD_OK;
}

rad_status rad_features_new(const rad_settings *settings, rad_features **table, rad_error *error) {
    RAD_VISIT(error);
    if (table) *table = NULL;
    RAD_NEEDS(settings);
    RAD_NEEDS(table);
    rad_status status = rad_settings_check(settings, error);
    if (status == RAD_OK) status = make(settings, table, error);
    if (status == RAD_OK) status = rad_extract_columns(settings, &(*table)->table, error);
    if (status == RAD_OK) return RAD_OK;
    rad_features_free(*table);
    *table = NULL;
    return status;
}

static rad_status extract(const rad_settings *settings, const rad_scan *image, const rad_scan *mask,
                          const rad_selection *selection, const rad_control *control, rad_features *e,
                          rad_error *error) {
    const rad_selection s = selection ? *selection : (rad_selection){.case_name = NULL};
    const rad_extract_options options = {.case_name = s.case_name ? s.case_name : image->path,
                                         .choice = {s.rois, s.roi_count},
                                         .resample_mask = s.resample_mask,
                                         .series = image->series,
                                         .volume = image->volume,
                                         .any_frame = mask->ignore_frame_of_reference,
                                         .verify = image->verify,
                                         .image = image->is_array ? &image->array : NULL,
                                         .mask = mask->is_array ? &mask->array : NULL,
                                         .threads = rad_visit_threads(control),
                                         .control = control};
    return rad_extract_files((rad_case_paths){image->path, mask->path}, settings, options, &e->table,
                             &e->facts, &e->warnings, error);
}

rad_status rad_extract(const rad_settings *settings, const rad_scan *image, const rad_scan *mask,
                       const rad_selection *selection, const rad_control *control, rad_features **table,
                       rad_error *error) {
    RAD_VISIT(error);
    rad_features *fresh = NULL;
    RAD_NEEDS(settings);
    RAD_NEEDS(image);
    RAD_NEEDS(mask);
    RAD_NEEDS(table);
    rad_status status = RAD_OK;
    for (size_t i = 0; status == RAD_OK && selection && i < selection->roi_count; i++)
        if (!selection->rois || !selection->rois[i])
            status = rad_fail(error, RAD_CONFIG, "rad_extract: ROI %zu of the selection is NULL", i);
    if (status == RAD_OK) status = rad_settings_check(settings, error);
    if (status == RAD_OK && *table) status = check_settings(&(*table)->settings, settings, error);
    if (status == RAD_OK) status = make(settings, &fresh, error);
    if (status == RAD_OK) status = extract(settings, image, mask, selection, control, fresh, error);
    if (!fresh || (status != RAD_OK && status != RAD_PARTIAL)) {
        rad_features_free(fresh);
        return status;
    }
    if (!*table) {
        *table = fresh;
        return status;
    }
    if (append(*table, fresh, error) != RAD_OK) status = RAD_NO_MEMORY;
    rad_features_free(fresh);
    return status;
}

bool rad_features_column(const rad_features *table, size_t index, rad_column_info *column) {
    if (!table || !column || index >= table->table.column_count) return false;
    const rad_column *c = &table->table.columns[index];
    *column = (rad_column_info){.name = c->name,
                                .image = c->image,
                                .family = c->family,
                                .tag = c->tag,
                                .code = c->code,
                                .unit = c->unit,
                                .feature = c->feature,
                                .aggregation = c->aggregation,
                                .aggregation_code = c->aggregation_code,
                                .discretisation = c->discretisation,
                                .standardised = !c->not_standardised};
    return true;
}

bool rad_features_row(const rad_features *table, size_t index, rad_row_info *row) {
    if (!table || !row || index >= table->table.row_count) return false;
    const rad_row *r = &table->table.rows[index];
    *row = (rad_row_info){r->case_name, r->roi, r->status, r->text, r->values};
    return true;
}

size_t rad_features_find(const rad_features *table, const char *name) {
    if (!table || !name) return SIZE_MAX;
    const rad_table *t = &table->table;
    for (size_t i = 0; i < t->column_count; i++)
        if (!strcmp(t->columns[i].name, name)) return i;
    const rad_column *found = rad_table_find(t, name);
    return found ? (size_t)(found - t->columns) : SIZE_MAX;
}

const char *rad_features_warning(const rad_features *table, size_t index) {
    const bool is_there = table && index < table->warnings.count && index < RAD_WARNINGS_KEPT;
    return is_there ? table->warnings.text[index] : NULL;
}

rad_status rad_features_write(const rad_features *table, const char *path, rad_error *error) {
    RAD_VISIT(error);
    RAD_NEEDS(table);
    RAD_NEEDS(path);
    char endings[128];
    const rad_writer *writer = strcmp(path, "-") != 0 ? rad_writer_find(path) : NULL; /* nothing is printed */
    rad_writing w = {.table = &table->table,
                     .settings = &table->settings,
                     .facts = &table->facts,
                     .warnings = &table->warnings};
    if (writer) return rad_writer_write(writer, path, &w, error);
    return rad_fail(error, RAD_CONFIG, "rad_features_write: %s ends %s", path,
                    rad_writer_endings(endings, sizeof endings));
}
