#include "run_values.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../io/sheet.h"
#include "../io/tree.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *text_of(const json_t *column, const char *key) {
    const char *text = json_string_value(json_object_get(column, key));
    return text ? text : "";
}

/* Merged in 3D before all others, which come as they are. */
static int rank_of(const json_t *column) {
    const char *how = text_of(column, "aggregation");
    return !strcmp(how, "3D_comb") || !strcmp(how, "3D") || !*how ? 2 : 1;
}

static const json_t *find_column(const json_t *columns, const char *tag) {
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *c = json_array_get(columns, i);
        if (strcmp(text_of(c, "tag"), tag) != 0 || strcmp(text_of(c, "image"), "original") != 0) continue;
        if (!found || rank_of(c) > rank_of(found)) found = c;
    }
    return found;
}

static rad_status choose(const json_t *columns, const char *const *tags, size_t tag_count,
                         rad_run_values *values, rad_error *error) {
    values->column = rad_new(tag_count + 1, sizeof *values->column, error);
    if (!values->column) return RAD_NO_MEMORY;
    for (size_t i = 0; i < tag_count; i++) {
        const json_t *c = find_column(columns, tags[i]);
        if (!c) continue;
        rad_run_column *to = &values->column[values->count++];
        to->name = rad_text_copy(text_of(c, "name"), error);
        char label[256]; /* a contrast of pairs, and one of neighbourhoods */
        const bool texture = *text_of(c, "aggregation");
        snprintf(label, sizeof label, "%.200s%s%.40s%s", text_of(c, "feature"), texture ? " (" : "",
                 texture ? text_of(c, "family") : "", texture ? ")" : "");
        to->label = rad_text_copy(label, error);
        to->unit = rad_text_copy(text_of(c, "unit"), error);
        if (!to->name || !to->label || !to->unit) return RAD_NO_MEMORY;
    }
    return RAD_OK;
}

const char *rad_run_unit(const rad_run_column *column) {
    return !*column->unit || !strcmp(column->unit, "1") ? "no unit" : column->unit;
}

/* Columns that name groups, as a manifest writes them. */
static rad_status choose_groups(const rad_sheet *sheet, rad_run_values *values, size_t at[RAD_RUN_GROUPS],
                                rad_error *error) {
    static const char *const names[RAD_RUN_GROUPS] = {"group",  "site",    "centre",
                                                      "center", "scanner", "modality"};
    for (size_t i = 0; i < RAD_RUN_GROUPS; i++) {
        size_t c = 0;
        while (c < sheet->columns && strcasecmp(sheet->names[c], names[i]) != 0) c++;
        if (c == sheet->columns) continue;
        at[values->group_count] = c;
        rad_run_group *group = &values->group[values->group_count++];
        group->name = rad_text_copy(sheet->names[c], error);
        group->text = rad_new(sheet->count, sizeof *group->text, error);
        if (!group->name || !group->text) return RAD_NO_MEMORY;
    }
    return RAD_OK;
}

static rad_status make_rows(rad_run_values *values, size_t rows, rad_error *error) {
    values->name = rad_new(rows, sizeof *values->name, error);
    values->roi = rad_new(rows, sizeof *values->roi, error);
    if (!values->name || !values->roi) return RAD_NO_MEMORY;
    for (size_t i = 0; i < values->count; i++) {
        values->column[i].value = rad_new(rows, sizeof(double), error);
        if (!values->column[i].value) return RAD_NO_MEMORY;
    }
    return RAD_OK;
}

static rad_status find_places(const rad_sheet *sheet, const rad_run_values *values, size_t *at,
                              rad_error *error) {
    for (size_t i = 0; i < values->count; i++) {
        at[i] = rad_sheet_column(sheet, values->column[i].name);
        if (at[i] == sheet->columns)
            return rad_fail(error, RAD_UNREADABLE, "%s: has no column %s, which columns.json names",
                            sheet->path, values->column[i].name);
    }
    return RAD_OK;
}

static rad_status take_row(char *const *field, size_t roi, const size_t *at, const size_t *group,
                           rad_run_values *values, rad_error *error) {
    const size_t row = values->rows++;
    values->name[row] = rad_text_copy(field[0], error);
    values->roi[row] = rad_text_copy(field[roi], error);
    for (size_t i = 0; i < values->count; i++)
        if (!rad_number_read(field[at[i]], &values->column[i].value[row])) values->column[i].value[row] = NAN;
    bool whole = values->name[row] && values->roi[row];
    for (size_t i = 0; i < values->group_count; i++) {
        values->group[i].text[row] = rad_text_copy(field[group[i]], error);
        whole = whole && values->group[i].text[row];
    }
    return whole ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status take_rows(rad_sheet *sheet, rad_run_values *values, rad_error *error) {
    const size_t roi = rad_sheet_column(sheet, "roi");
    size_t *at = rad_new(values->count + 1, sizeof *at, error), group[RAD_RUN_GROUPS];
    rad_status status = at ? find_places(sheet, values, at, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && roi == sheet->columns)
        status = rad_fail(error, RAD_UNREADABLE, "%s: has no column roi", sheet->path);
    if (status == RAD_OK) status = rad_sheet_index(sheet, error);
    if (status == RAD_OK) status = make_rows(values, sheet->count, error);
    if (status == RAD_OK) status = choose_groups(sheet, values, group, error);
    for (size_t i = 0; i < sheet->count && status == RAD_OK; i++) {
        char **field;
        status = rad_sheet_read(sheet, i, &field, error);
        if (status != RAD_OK) break;
        status = take_row(field, roi, at, group, values, error);
        rad_free(field);
    }
    rad_free(at);
    return status;
}

rad_status rad_run_values_read(const char *run, const char *const *tags, size_t tag_count,
                               rad_run_values *values, rad_error *error) {
    char path[4096];
    json_t *columns = NULL;
    rad_sheet sheet = {.path = NULL};
    *values = (rad_run_values){.count = 0};
    snprintf(path, sizeof path, "%.4000s/columns.json", run);
    rad_status status = rad_tree_read(path, &columns, error);
    if (status == RAD_OK) status = choose(columns, tags, tag_count, values, error);
    json_decref(columns);
    snprintf(path, sizeof path, "%.4000s/features.csv", run);
    if (status == RAD_OK) status = rad_sheet_open(path, &sheet, error);
    if (status == RAD_OK) status = take_rows(&sheet, values, error);
    rad_sheet_close(&sheet);
    return status;
}

void rad_run_values_free(rad_run_values *values) {
    for (size_t i = 0; i < values->rows; i++) {
        rad_free(values->name[i]);
        rad_free(values->roi[i]);
    }
    for (size_t i = 0; i < values->count; i++) {
        rad_free(values->column[i].name);
        rad_free(values->column[i].label);
        rad_free(values->column[i].unit);
        rad_free(values->column[i].value);
    }
    for (size_t i = 0; i < values->group_count; i++) {
        rad_run_group *group = &values->group[i];
        for (size_t r = 0; group->text && r < values->rows; r++) rad_free(group->text[r]);
        rad_free(group->text);
        rad_free(group->name);
    }
    rad_free(values->name);
    rad_free(values->roi);
    rad_free(values->column);
    *values = (rad_run_values){.count = 0};
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, double p) {
    const double at = p * (double)(n - 1), below = floor(at);
    const size_t i = (size_t)below;
    return i + 1 < n ? sorted[i] + (at - below) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

void rad_run_quartiles_sort(double *values, size_t n, rad_run_quartiles *out) {
    *out = (rad_run_quartiles){n, NAN, NAN, NAN, NAN, NAN};
    if (!n) return;
    qsort(values, n, sizeof *values, ascending);
    out->low = quantile(values, n, 0.25);
    out->median = quantile(values, n, 0.5);
    out->high = quantile(values, n, 0.75);
    out->least = values[0];
    out->most = values[n - 1];
}

rad_status rad_run_quartiles_of(const rad_run_values *values, size_t column, rad_run_quartiles *out,
                                rad_error *error) {
    double *sorted = rad_new(values->rows + 1, sizeof *sorted, error);
    if (!sorted) return RAD_NO_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < values->rows; i++)
        if (isfinite(values->column[column].value[i])) sorted[n++] = values->column[column].value[i];
    rad_run_quartiles_sort(sorted, n, out);
    rad_free(sorted);
    return RAD_OK;
}

typedef struct ranked {
    double value, *rank;
} ranked;

static int by_value(const void *a, const void *b) {
    return ascending(&((const ranked *)a)->value, &((const ranked *)b)->value);
}

/* Ranks from 1, the mean of them where values are equal. */
static void rank(ranked *row, size_t n) {
    qsort(row, n, sizeof *row, by_value);
    for (size_t i = 0, end = 0; i < n; i = end) {
        while (end < n && !(row[end].value > row[i].value)) end++;
        for (size_t k = i; k < end; k++) *row[k].rank = 0.5 * (double)(i + end + 1);
    }
}

static double correlate(const double *a, const double *b, size_t n) {
    const double mean = 0.5 * (double)(n + 1); /* of ranks, also where some are equal */
    double aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
        ab += (a[i] - mean) * (b[i] - mean);
    }
    return n >= 3 && aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : NAN;
}

/* What ranks need, with room for the rows, twice; and the ranks of the columns that have a value in every
 * row, which are the same beside any other of these. */
typedef struct ranking {
    const rad_run_values *values;
    ranked *row;
    double *ranks, *whole; /* whole: [column][row] */
    bool *is_whole;        /* [column] */
} ranking;

static void rank_whole(const ranking *k, size_t column) {
    const size_t n = k->values->rows;
    const double *x = k->values->column[column].value;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) return;
        k->row[i] = (ranked){x[i], &k->whole[column * n + i]};
    }
    k->is_whole[column] = true;
    rank(k->row, n);
}

static double spearman(const ranking *k, size_t a, size_t b) {
    const size_t rows = k->values->rows;
    if (k->is_whole[a] && k->is_whole[b]) return correlate(k->whole + a * rows, k->whole + b * rows, rows);
    const double *x = k->values->column[a].value, *y = k->values->column[b].value;
    ranked *row = k->row, *other = row + rows;
    double *second = k->ranks + rows;
    size_t n = 0;
    for (size_t i = 0; i < rows; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) continue;
        row[n] = (ranked){x[i], &k->ranks[n]};
        other[n] = (ranked){y[i], &second[n]};
        n++;
    }
    rank(row, n);
    rank(other, n);
    return correlate(k->ranks, second, n);
}

rad_status rad_run_correlations(const rad_run_values *values, double *r, rad_error *error) {
    const size_t n = values->count;
    ranking k = {values, rad_new(2 * values->rows + 1, sizeof *k.row, error),
                 rad_new(2 * values->rows + 1, sizeof *k.ranks, error),
                 rad_new(n * values->rows + 1, sizeof *k.whole, error),
                 rad_new(n + 1, sizeof *k.is_whole, error)};
    const rad_status status = k.row && k.ranks && k.whole && k.is_whole ? RAD_OK : RAD_NO_MEMORY;
    for (size_t a = 0; a < n && status == RAD_OK; a++) {
        rank_whole(&k, a);
        for (size_t b = 0; b <= a; b++) r[a * n + b] = r[b * n + a] = spearman(&k, a, b);
    }
    rad_free(k.row);
    rad_free(k.ranks);
    rad_free(k.whole);
    rad_free(k.is_whole);
    return status;
}
