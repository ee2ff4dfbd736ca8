#include "batch_auto.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../pipeline/batch/manifest.h"
#include "presets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The rows of one preset. */
typedef struct part {
    const rad_manifest *manifest;
    const char *const *preset; /* of each row */
    const char *own;
} part;

static rad_status find_presets(const rad_manifest *m, const char **preset, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->count && status == RAD_OK; i++) {
        rad_manifest_row row;
        rad_error why = {0};
        status = rad_manifest_read(m, i, &row, error);
        if (status == RAD_OK) {
            status = rad_presets_of(row.image, row.series, &preset[i], &why);
            if (status != RAD_OK) status = rad_fail(error, status, "row %zu: %.900s", i + 1, why.text);
        }
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
    const rad_manifest *m = p->manifest;
    rad_status status = RAD_OK;
    for (size_t c = 0; c < m->sheet.columns; c++) {
        fputs(c ? "," : "", out);
        rad_csv_put(out, m->sheet.names[c]);
    }
    fputs(m->column[RAD_ROLE_CASE] == m->sheet.columns ? ",case\r\n" : "\r\n", out);
    for (size_t i = 0; i < m->count && status == RAD_OK; i++)
        if (p->preset[i] == p->own) status = put_row(out, m, i, error);
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
    rad_error why = {0};
    snprintf(table, sizeof table, "%.4000s/%s.csv", run, p->own);
    snprintf(folder, sizeof folder, "%.4000s/%s", run, p->own);
    rad_status status = rad_bytes_stream(table, put_part, p, error);
    if (status != RAD_OK) return status;
    rad_show(stderr, "radiomill: settings %s into %s\n", p->own, folder);
    status = compute(table, p->own, folder, context, &why);
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

static rad_status compute_all(const rad_manifest *m, const char *const *preset, const char *run,
                              rad_run_batch *compute, void *context, rad_error *error) {
    outcome all = {.parts = 0};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->count && status == RAD_OK; i++) {
        part p = {m, preset, preset[i]};
        size_t k = 0;
        while (preset[k] != preset[i]) k++;
        if (k == i) status = compute_part(&p, run, compute, context, &all, error);
    }
    if (status != RAD_OK || all.done == all.parts) return status;
    return rad_fail(error, all.done ? RAD_PARTIAL : all.first, "%s", all.why.text);
}

rad_status rad_batch_auto(const char *path, const char *run, rad_run_batch *compute, void *context,
                          rad_error *error) {
    rad_manifest m = {.count = 0};
    rad_status status = rad_manifest_open(path, &m, error);
    const char **preset = status == RAD_OK ? rad_new(m.count, sizeof *preset, error) : NULL;
    if (status == RAD_OK) status = preset ? find_presets(&m, preset, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && mkdir(run, 0777) && errno != EEXIST)
        status = rad_fail(error, RAD_UNWRITABLE, "%.300s: %s", run, strerror(errno));
    if (status == RAD_OK) status = compute_all(&m, preset, run, compute, context, error);
    rad_free(preset);
    rad_manifest_close(&m);
    return status;
}
