#include "wide.h"

#include "../../core/memory.h"
#include "../../core/names.h"
#include "../../core/number.h"
#include "../../core/printable.h"
#include "../../io/bytes.h"
#include "../../io/csv.h"
#include "../../io/sheet.h"
#include "../../io/tree.h"
#include "../writers.h"
#include "rundir.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { TEXT = 512 };
static const char time_column[] = "timepoint", run_column[] = "run";
static const size_t name_of_run = SIZE_MAX; /* in place of a column */

typedef struct wide_run {
    const char *path;
    rad_sheet sheet;
    json_t *columns; /* of columns.json */
    size_t patient, by[RAD_WIDE_BY], by_count, time;
} wide_run;

/* A row: whose, of which group, and where. */
typedef struct wide_row {
    char *patient, *group, *rest, *time; /* owned; rest: the group without its time */
    size_t run, at;
} wide_row;

typedef struct wide {
    const rad_wide_options *o;
    char separator;
    wide_run *run;
    wide_row *row;
    size_t rows;
    rad_names patients, groups; /* of rows */
    size_t *patient, *group;    /* first rows of each, in order */
    size_t patient_count, group_count;
    size_t *place; /* [patient][group]: row + 1, or 0 */
} wide;

static rad_status missing_column(const wide_run *r, const char *name, rad_error *error) {
    return rad_fail(error, RAD_CONFIG,
                    "%s/features.csv: has no column %s; give one that the manifest of the run had", r->path,
                    name);
}

/* A column that rows are told apart by; the run's own name is one where it has no column called so. */
static size_t find_by(const wide_run *r, const char *name) {
    const size_t at = rad_sheet_column(&r->sheet, name);
    return at == r->sheet.columns && !strcmp(name, run_column) ? name_of_run : at;
}

static void find_usual(const rad_wide_options *o, wide_run *r) {
    const size_t none = r->sheet.columns, modality = rad_sheet_column(&r->sheet, "modality");
    if (modality != none)
        r->by[r->by_count++] = modality;
    else if (o->run_count > 1)
        r->by[r->by_count++] = name_of_run;
    if (r->time != none) r->by[r->by_count++] = r->time;
}

static rad_status find_columns(const rad_wide_options *o, wide_run *r, rad_error *error) {
    const size_t none = r->sheet.columns;
    r->patient = rad_sheet_column(&r->sheet, o->patient ? o->patient : "patient");
    if (r->patient == none && !o->patient) r->patient = rad_sheet_column(&r->sheet, "case");
    if (r->patient == none) return missing_column(r, o->patient ? o->patient : "case", error);
    for (size_t i = 0; i < o->by_count; i++) {
        r->by[i] = find_by(r, o->by[i]);
        if (r->by[i] == none) return missing_column(r, o->by[i], error);
    }
    r->by_count = o->by_count;
    r->time = rad_sheet_column(&r->sheet, time_column);
    if (!o->by_count) find_usual(o, r);
    return o->from && r->time == none ? missing_column(r, time_column, error) : RAD_OK;
}

static rad_status open_run(const rad_wide_options *o, wide_run *r, rad_error *error) {
    char path[4096];
    snprintf(path, sizeof path, "%.4000s/columns.json", r->path);
    rad_status status = rad_rundir_check(r->path, error);
    if (status == RAD_OK) status = rad_tree_read(path, &r->columns, error);
    snprintf(path, sizeof path, "%.4000s/features.csv", r->path);
    if (status == RAD_OK) status = rad_sheet_open(path, &r->sheet, error);
    if (status == RAD_OK) status = find_columns(o, r, error);
    return status == RAD_OK ? rad_sheet_index(&r->sheet, error) : status;
}

/* A word for the name of a column: letters, digits and dots as they are. */
static void add_word(char text[TEXT], const char *word) {
    size_t used = strlen(text);
    if (!*word) word = "none";
    if (used && used + 1 < TEXT) text[used++] = '_';
    for (; *word && used + 1 < TEXT; word++)
        text[used++] =
            isalnum((unsigned char)*word) || *word == '.' || (unsigned char)*word > 127 ? *word : '_';
    text[used] = '\0';
}

/* The last part of a path. */
static void add_run(char text[TEXT], const char *path) {
    char name[TEXT];
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') end--;
    size_t begin = end;
    while (begin && path[begin - 1] != '/') begin--;
    snprintf(name, sizeof name, "%.*s", (int)(end - begin < TEXT ? end - begin : TEXT - 1), path + begin);
    add_word(text, name);
}

static void add_part(const wide_run *r, char *const *field, size_t by, char text[TEXT]) {
    if (r->by[by] == name_of_run)
        add_run(text, r->path);
    else
        add_word(text, field[r->by[by]]);
}

static rad_status take_row(const wide *w, size_t run, size_t at, char *const *field, wide_row *row,
                           rad_error *error) {
    const wide_run *r = &w->run[run];
    char group[TEXT] = "", rest[TEXT] = "";
    if (!*field[r->patient])
        return rad_fail(
            error, RAD_CONFIG,
            "table: row %zu of %s says no patient; fill that column in the manifest, or name another "
            "by --patient, such as case",
            at + 1, r->path);
    for (size_t i = 0; i < r->by_count; i++) {
        add_part(r, field, i, group);
        if (r->by[i] != r->time) add_part(r, field, i, rest);
    }
    row->patient = rad_text_copy(field[r->patient], error);
    row->group = rad_text_copy(group, error);
    row->rest = rad_text_copy(rest, error);
    row->time = rad_text_copy(r->time < r->sheet.columns ? field[r->time] : "", error);
    row->run = run;
    row->at = at;
    return row->patient && row->group && row->rest && row->time ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status take_rows(wide *w, rad_error *error) {
    size_t all = 0;
    for (size_t i = 0; i < w->o->run_count; i++) all += w->run[i].sheet.count;
    w->row = rad_new(all + 1, sizeof *w->row, error);
    rad_status status = w->row ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < w->o->run_count; i++)
        for (size_t at = 0; at < w->run[i].sheet.count && status == RAD_OK; at++) {
            char **field;
            status = rad_sheet_read(&w->run[i].sheet, at, &field, error);
            if (status != RAD_OK) break;
            status = take_row(w, i, at, field, &w->row[w->rows++], error);
            rad_free(field);
        }
    return status;
}

/* The first row of each text, in order. */
static rad_status find_first(const wide *w, const rad_names *names, size_t **first, size_t *count,
                             rad_error *error) {
    *first = rad_new(w->rows + 1, sizeof **first, error);
    if (!*first) return RAD_NO_MEMORY;
    bool *is_first = rad_new(w->rows + 1, sizeof *is_first, error);
    if (!is_first) return RAD_NO_MEMORY;
    for (size_t i = 0; i < names->count; i++)
        if (!i || strcmp(names->row[i].text, names->row[i - 1].text) != 0)
            is_first[names->row[i].place] = true;
    for (size_t i = 0; i < w->rows; i++)
        if (is_first[i]) (*first)[(*count)++] = i;
    rad_free(is_first);
    return RAD_OK;
}

/* Which of the first rows that text has: they are in the order of rows. */
static size_t number_of(const rad_names *names, const size_t *first, size_t count, const char *text) {
    const size_t row = rad_names_find(names, text);
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (first[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static const json_t *columns_of(const wide *w, size_t group) {
    return w->run[w->row[w->group[group]].run].columns;
}

static const char *column_name(const json_t *columns, size_t i) {
    const char *name = json_string_value(json_object_get(json_array_get(columns, i), "name"));
    return name ? name : "";
}

/* Rows of one group have one list of columns. */
static rad_status check_columns(const wide *w, size_t row, size_t group, rad_error *error) {
    const json_t *mine = w->run[w->row[row].run].columns, *first = columns_of(w, group);
    if (mine == first) return RAD_OK;
    bool same = json_array_size(mine) == json_array_size(first);
    for (size_t i = 0; i < json_array_size(mine) && same; i++)
        same = !strcmp(column_name(mine, i), column_name(first, i));
    return same
               ? RAD_OK
               : rad_fail(error, RAD_CONFIG,
                          "%s and %s: have other columns for %s; runs that are joined have the same settings",
                          w->run[w->row[w->group[group]].run].path, w->run[w->row[row].run].path,
                          *w->row[row].group ? w->row[row].group : "the same patients");
}

static rad_status place_rows(wide *w, rad_error *error) {
    size_t cells;
    if (!rad_multiply(w->patient_count, w->group_count, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "table: too many patients and groups");
    w->place = rad_new(cells + 1, sizeof *w->place, error);
    rad_status status = w->place ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < w->rows && status == RAD_OK; i++) {
        const size_t p = number_of(&w->patients, w->patient, w->patient_count, w->row[i].patient),
                     g = number_of(&w->groups, w->group, w->group_count, w->row[i].group);
        size_t *place = &w->place[p * w->group_count + g];
        if (*place)
            status = rad_fail(
                error, RAD_CONFIG,
                "table: %s has two rows%s%s (row %zu of %s and row %zu of %s); give --by with a "
                "column that tells them apart, such as %s",
                w->row[i].patient, *w->row[i].group ? " of " : "", w->row[i].group, w->row[*place - 1].at + 1,
                w->run[w->row[*place - 1].run].path, w->row[i].at + 1, w->run[w->row[i].run].path,
                w->row[*place - 1].run == w->row[i].run ? "roi" : run_column);
        else
            status = check_columns(w, i, g, error);
        *place = i + 1;
    }
    return status;
}

/* The group of the time `from` beside one of the time `to`; SIZE_MAX: none. */
static size_t base_of(const wide *w, size_t group) {
    const wide_row *later = &w->row[w->group[group]];
    if (!w->o->from || strcmp(later->time, w->o->to) != 0) return SIZE_MAX;
    for (size_t g = 0; g < w->group_count; g++) {
        const wide_row *r = &w->row[w->group[g]];
        if (!strcmp(r->time, w->o->from) && !strcmp(r->rest, later->rest)) return g;
    }
    return SIZE_MAX;
}

static void put_header(FILE *out, const wide *w) {
    rad_csv_put(out, "patient");
    for (size_t delta = 0; delta < 2; delta++)
        for (size_t g = 0; g < w->group_count; g++) {
            const wide_row *r = &w->row[w->group[g]];
            char before[TEXT + 8];
            if (delta && base_of(w, g) == SIZE_MAX) continue;
            snprintf(before, sizeof before, "%s%s%s", delta ? r->rest : r->group,
                     *(delta ? r->rest : r->group) ? "_" : "", delta ? "delta_" : "");
            for (size_t i = 0; i < json_array_size(columns_of(w, g)); i++) {
                char name[2 * TEXT];
                snprintf(name, sizeof name, "%s%.400s", before, column_name(columns_of(w, g), i));
                fputc(w->separator, out);
                rad_csv_put_apart(out, name, w->separator);
            }
        }
    fputc('\n', out);
}

/* The fields of a patient in a group, or NULL where there is no such row. */
static rad_status read_cell(const wide *w, size_t patient, size_t group, char ***field, rad_error *error) {
    const size_t place = w->place[patient * w->group_count + group];
    *field = NULL;
    if (!place) return RAD_OK;
    const wide_row *r = &w->row[place - 1];
    return rad_sheet_read(&w->run[r->run].sheet, r->at, field, error);
}

static const char *value_in(const wide *w, size_t patient, size_t group, char *const *field, size_t column) {
    const size_t place = w->place[patient * w->group_count + group];
    if (!place) return "";
    const rad_sheet *sheet = &w->run[w->row[place - 1].run].sheet;
    const size_t at = rad_sheet_column(sheet, column_name(columns_of(w, group), column));
    return at < sheet->columns ? field[at] : "";
}

static void put_difference(FILE *out, const char *later, const char *earlier) {
    double a, b;
    char text[RAD_NUMBER_TEXT];
    if (rad_number_read(later, &a) && rad_number_read(earlier, &b) && isfinite(a - b))
        fputs(rad_number_write(a - b, text), out);
}

static rad_status put_cells(FILE *out, const wide *w, size_t patient, size_t group, bool delta,
                            rad_error *error) {
    char **field, **before = NULL;
    const size_t base = delta ? base_of(w, group) : SIZE_MAX;
    if (delta && base == SIZE_MAX) return RAD_OK;
    rad_status status = read_cell(w, patient, group, &field, error);
    if (status == RAD_OK && delta) status = read_cell(w, patient, base, &before, error);
    for (size_t i = 0; i < json_array_size(columns_of(w, group)) && status == RAD_OK; i++) {
        const char *value = value_in(w, patient, group, field, i);
        fputc(w->separator, out);
        if (delta)
            put_difference(out, value, value_in(w, patient, base, before, i));
        else
            rad_csv_put_apart(out, value, w->separator);
    }
    rad_free(before);
    rad_free(field);
    return status;
}

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    const wide *w = context;
    rad_status status = RAD_OK;
    put_header(out, w);
    for (size_t p = 0; p < w->patient_count && status == RAD_OK; p++) {
        rad_csv_put_apart(out, w->row[w->patient[p]].patient, w->separator);
        for (size_t delta = 0; delta < 2; delta++)
            for (size_t g = 0; g < w->group_count && status == RAD_OK; g++)
                status = put_cells(out, w, p, g, delta, error);
        fputc('\n', out);
    }
    return status;
}

static rad_status sort_names(wide *w, rad_error *error) {
    rad_status status = rad_names_allocate(&w->patients, w->rows, error);
    if (status == RAD_OK) status = rad_names_allocate(&w->groups, w->rows, error);
    for (size_t i = 0; i < w->rows && status == RAD_OK; i++) {
        w->patients.row[i] = (rad_name){w->row[i].patient, i};
        w->groups.row[i] = (rad_name){w->row[i].group, i};
    }
    if (status != RAD_OK) return status;
    rad_names_sort(&w->patients);
    rad_names_sort(&w->groups);
    status = find_first(w, &w->patients, &w->patient, &w->patient_count, error);
    return status == RAD_OK ? find_first(w, &w->groups, &w->group, &w->group_count, error) : status;
}

/* A time that no row has is a slip. */
static rad_status check_times(const wide *w, rad_error *error) {
    for (size_t g = 0; g < w->group_count && w->o->from; g++)
        if (base_of(w, g) != SIZE_MAX) return RAD_OK;
    return w->o->from ? rad_fail(error, RAD_CONFIG,
                                 "--delta %s,%s: no rows have these two values of %s beside the same other "
                                 "values of --by; %s must be one of its columns",
                                 w->o->from, w->o->to, time_column, time_column)
                      : RAD_OK;
}

/* Patients who are missing are said: the table has rows of cases that have values. */
static rad_status tell_failed(const char *run, rad_warnings *warnings, rad_error *error) {
    char path[4096];
    rad_sheet cases = {0};
    size_t failed = 0;
    snprintf(path, sizeof path, "%.4000s/cases.csv", run);
    rad_status status = rad_sheet_open(path, &cases, error);
    if (status == RAD_OK) status = rad_sheet_index(&cases, error);
    const size_t at = rad_sheet_column(&cases, "status");
    for (size_t i = 0; i < cases.count && at < cases.columns && status == RAD_OK; i++) {
        char **field;
        status = rad_sheet_read(&cases, i, &field, error);
        if (status != RAD_OK) break;
        failed += strcmp(field[at], "done") != 0 && strcmp(field[at], "other shard") != 0;
        rad_free(field);
    }
    if (failed && status == RAD_OK)
        rad_warn(warnings, "%s: %zu of %zu case%s did not give all values; %s has the reasons", run, failed,
                 cases.count, rad_plural(cases.count), path);
    rad_sheet_close(&cases);
    return status;
}

static void clear(wide *w) {
    for (size_t i = 0; i < w->rows; i++) {
        rad_free(w->row[i].patient);
        rad_free(w->row[i].group);
        rad_free(w->row[i].rest);
        rad_free(w->row[i].time);
    }
    for (size_t i = 0; w->run && i < w->o->run_count; i++) {
        rad_sheet_close(&w->run[i].sheet);
        json_decref(w->run[i].columns);
    }
    rad_names_free(&w->patients);
    rad_names_free(&w->groups);
    rad_free(w->run);
    rad_free(w->row);
    rad_free(w->patient);
    rad_free(w->group);
    rad_free(w->place);
}

rad_status rad_wide_write(const rad_wide_options *options, const char *path, rad_warnings *warnings,
                          rad_error *error) {
    wide w = {.o = options, .separator = options->separator};
    if (!w.separator) w.separator = rad_writer_is_tabbed(path) ? '\t' : ',';
    w.run = rad_new(options->run_count, sizeof *w.run, error);
    rad_status status = w.run ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < options->run_count && status == RAD_OK; i++) {
        w.run[i].path = options->runs[i];
        status = open_run(options, &w.run[i], error);
    }
    if (status == RAD_OK) status = take_rows(&w, error);
    if (status == RAD_OK) status = sort_names(&w, error);
    if (status == RAD_OK) status = place_rows(&w, error);
    if (status == RAD_OK) status = check_times(&w, error);
    for (size_t i = 0; i < options->run_count && status == RAD_OK; i++)
        status = tell_failed(options->runs[i], warnings, error);
    if (status == RAD_OK) status = rad_writer_stream(path, put_table, &w, error);
    clear(&w);
    return status;
}
