#include "batch_auto.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../pipeline/batch/manifest.h"
#include "../pipeline/validate/validate.h"
#include "presets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What some rows are computed by: a preset or a file, and what its run is called. */
typedef struct kind {
    char *settings; /* owned */
    char label[64];
} kind;

/* The kinds, and that of each row. */
typedef struct kinds {
    const rad_manifest *manifest;
    size_t column; /* of the manifest, called settings; sheet.columns: none, all go by modality */
    kind *kind;    /* in the order in which rows name them; owned */
    size_t count, room;
    size_t *of; /* owned */
} kinds;

/* The rows of one kind. */
typedef struct part {
    const kinds *all;
    size_t own;
} part;

/* "study.yaml" of "a/study.yaml" is called study. */
static void write_label(const char *settings, char label[64]) {
    const char *slash = strrchr(settings, '/'), *name = slash ? slash + 1 : settings;
    const char *point = slash ? strrchr(name, '.') : NULL;
    snprintf(label, 64, "%.*s", (int)(point && point > name && point - name < 60 ? point - name : 60), name);
}

/* Looks for the kind, or makes it: its settings can be read, and its run has a name of its own. */
static rad_status find_kind(kinds *k, size_t row, const char *settings, rad_error *error) {
    size_t at = 0;
    while (at < k->count && strcmp(k->kind[at].settings, settings) != 0) at++;
    k->of[row] = at;
    if (at < k->count) return RAD_OK;
    rad_settings read;
    rad_error why = {0};
    rad_status status = rad_grow(&k->kind, k->count, &k->room, sizeof *k->kind, error);
    if (status != RAD_OK) return status;
    rad_settings_default(&read);
    status = rad_preset_read(settings, &read, &why);
    rad_settings_clear(&read);
    if (status != RAD_OK) return rad_fail(error, status, "row %zu: %.900s", row + 1, why.text);
    k->kind[at] = (kind){.settings = rad_text_copy(settings, error)};
    if (!k->kind[at].settings) return RAD_NO_MEMORY;
    write_label(settings, k->kind[at].label);
    k->count++;
    for (size_t i = 0; i < at; i++)
        if (!strcmp(k->kind[i].label, k->kind[at].label))
            return rad_fail(
                error, RAD_CONFIG,
                "row %zu: settings %.300s and %.300s would both be the run %s; call one of them otherwise",
                row + 1, k->kind[i].settings, settings, k->kind[at].label);
    return RAD_OK;
}

/* The settings that a row names: a preset, auto, or a file, from the folder of the manifest. */
static rad_status take_settings(kinds *k, size_t row, const rad_manifest_row *r, rad_error *error) {
    const char *said = k->column < k->manifest->sheet.columns ? r->field[k->column] : "auto", *preset = said;
    rad_error why = {0};
    if (!*said)
        return rad_fail(error, RAD_CONFIG, "%s: row %zu has no settings; name a preset or a file in each row",
                        k->manifest->sheet.path, row + 1);
    if (!strcmp(said, "auto")) {
        const size_t at = rad_sheet_column(&k->manifest->sheet, "modality");
        const char *modality = at < k->manifest->sheet.columns ? r->field[at] : "";
        const rad_status status = rad_presets_of(r->image, r->series, modality, &preset, &why);
        if (status != RAD_OK)
            return rad_fail(
                error, status,
                "row %zu: %.900s; a column modality (CT, MR, PT, US) or settings says it for each "
                "row",
                row + 1, why.text);
    }
    char path[4400];
    const bool is_file = strchr(said, '.') || strchr(said, '/');
    snprintf(path, sizeof path, "%.2100s/%.2100s", k->manifest->folder, said);
    return find_kind(k, row, is_file && *said != '/' ? path : preset, error);
}

static rad_status find_kinds(kinds *k, rad_error *error) {
    rad_status status = RAD_OK;
    k->of = rad_new(k->manifest->count, sizeof *k->of, error);
    if (!k->of) return RAD_NO_MEMORY;
    for (size_t i = 0; i < k->manifest->count && status == RAD_OK; i++) {
        rad_manifest_row row;
        status = rad_manifest_read(k->manifest, i, &row, error);
        if (status == RAD_OK) status = take_settings(k, i, &row, error);
        rad_manifest_row_free(&row);
    }
    return status;
}

/* A row with paths that do not depend on where the table lies, and with the name of its case. */
static rad_status put_row(FILE *out, const rad_manifest *m, size_t index, rad_error *error) {
    rad_manifest_row row;
    rad_status status = rad_manifest_read(m, index, &row, error);
    for (size_t c = 0; c < m->sheet.columns && status == RAD_OK; c++) {
        fputs(c ? "," : "", out);
        if (c == m->column[RAD_ROLE_IMAGE])
            rad_csv_put_path(out, row.image);
        else if (c == m->column[RAD_ROLE_MASK])
            rad_csv_put_path(out, row.mask);
        else
            rad_csv_put(out, rad_csv_text(row.field[c]));
    }
    if (status == RAD_OK && m->column[RAD_ROLE_CASE] == m->sheet.columns) {
        fputs(",", out);
        rad_csv_put(out, row.name);
    }
    fputs("\r\n", out);
    rad_manifest_row_free(&row);
    return status;
}

static rad_status put_part(FILE *out, void *context, rad_error *error) {
    const part *p = context;
    const rad_manifest *m = p->all->manifest;
    rad_status status = RAD_OK;
    for (size_t c = 0; c < m->sheet.columns; c++) {
        fputs(c ? "," : "", out);
        rad_csv_put(out, m->sheet.names[c]);
    }
    fputs(m->column[RAD_ROLE_CASE] == m->sheet.columns ? ",case\r\n" : "\r\n", out);
    for (size_t i = 0; i < m->count && status == RAD_OK; i++)
        if (p->all->of[i] == p->own) status = put_row(out, m, i, error);
    return status;
}

/* What came of the parts: all alike, or partly. */
typedef struct outcome {
    size_t parts, done;
    rad_status first;
    rad_error why;
} outcome;

static rad_status compute_part(part *p, const char *run, rad_run_batch *compute, void *context, outcome *all,
                               rad_error *error) {
    char table[4200], folder[4200];
    const kind *own = &p->all->kind[p->own];
    rad_error why = {0};
    snprintf(table, sizeof table, "%.4000s/%s.csv", run, own->label);
    snprintf(folder, sizeof folder, "%.4000s/%s", run, own->label);
    rad_status status = rad_bytes_stream(table, put_part, p, error);
    if (status != RAD_OK) return status;
    rad_show(stderr, "radiomill: settings %s into %s\n", own->settings, folder);
    status = compute(table, own->settings, folder, context, &why);
    if (status != RAD_OK && status != RAD_PARTIAL && status != RAD_UNREADABLE)
        return rad_fail(error, status, "%s", why.text);
    all->done += status == RAD_OK;
    if (all->parts++ == 0 || all->first == RAD_OK) {
        all->why = why;
        all->first = status;
    } else if (status != all->first && status != RAD_OK) {
        all->first = RAD_PARTIAL;
    }
    return RAD_OK;
}

static rad_status compute_all(const kinds *k, const char *run, rad_run_batch *compute, void *context,
                              rad_error *error) {
    outcome all = {.parts = 0};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < k->count && status == RAD_OK; i++) {
        part p = {k, i};
        status = compute_part(&p, run, compute, context, &all, error);
    }
    if (status != RAD_OK || all.done == all.parts) return status;
    return rad_fail(error, all.done ? RAD_PARTIAL : all.first, "%s", all.why.text);
}

static size_t find_column(const rad_manifest *m) {
    size_t c = 0;
    while (c < m->sheet.columns && strcasecmp(m->sheet.names[c], "settings") != 0) c++;
    return c;
}

rad_status rad_batch_names_settings(const char *path, bool *names, rad_error *error) {
    rad_manifest m = {.count = 0};
    const rad_status status = rad_manifest_open(path, &m, error);
    *names = status == RAD_OK && find_column(&m) < m.sheet.columns;
    rad_manifest_close(&m);
    return status;
}

rad_status rad_batch_auto(const char *path, const char *run, rad_run_batch *compute, void *context,
                          rad_error *error) {
    rad_manifest m = {.count = 0};
    kinds k = {.manifest = &m};
    rad_status status = rad_manifest_open(path, &m, error);
    if (status == RAD_OK) k.column = find_column(&m);
    if (status == RAD_OK) status = find_kinds(&k, error);
    if (status == RAD_OK && mkdir(run, 0777) && errno != EEXIST)
        status = rad_fail(error, RAD_UNWRITABLE, "%.300s: %s", run, strerror(errno));
    if (status == RAD_OK) status = compute_all(&k, run, compute, context, error);
    for (size_t i = 0; i < k.count; i++) rad_free(k.kind[i].settings);
    rad_free(k.kind);
    rad_free(k.of);
    rad_manifest_close(&m);
    return status;
}
