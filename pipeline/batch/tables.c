#include "tables.h"

#include "../../core/memory.h"
#include "../../io/bytes.h"
#include "../../io/csv.h"
#include "../plan.h"
#include "../writers.h"
#include "personal.h"
#include "stale.h"
#include "twins.h"

#include <stdio.h>
#include <string.h>

typedef struct tables {
    const rad_tables_options *o;
    rad_table columns; /* no rows */
    const rad_manifest_row *row;
    const char **names, **fields; /* of the columns of the manifest that have no role; owned */
    const rad_writer *writer;
    rad_writing w;
    unsigned *rois_of; /* those of the case at work */
    unsigned *rois;    /* of each row of the manifest, what names of its ROIs look like: 1 << kind; owned */
    rad_personal_kinds personal;
    rad_twins twins;
    rad_stale stale;
} tables;

static rad_status plan_columns(const rad_settings *s, rad_table *columns, rad_error *error) {
    rad_plan plan = {0};
    rad_status status = rad_plan_make(&s->features, "original", s->diagnostics, columns, &plan, error);
    rad_plan_free(&plan);
    for (size_t i = 0; i < s->image_count && status == RAD_OK; i++) {
        status = rad_plan_make(&s->images[i].features, s->images[i].name, false, columns, &plan, error);
        rad_plan_free(&plan);
    }
    return status;
}

static rad_status load(const rad_tables_options *o, const rad_case *c, rad_outcome *outcome, bool *found,
                       rad_error *error) {
    rad_status status = RAD_OK;
    *found = false;
    for (size_t i = 0; i < o->journal_count && status == RAD_OK && !*found; i++)
        status = rad_journal_load(o->journals[i], &c->id, outcome, found, error);
    if (status == RAD_OK && !*found && c->state != RAD_CASE_MISSING && c->state != RAD_CASE_ELSEWHERE)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: the record of row %zu is damaged; run the same batch again", o->run,
                        (size_t)(c - o->cases) + 1);
    return status;
}

static rad_status put_row(const rad_row *row, void *context, rad_error *error) {
    tables *t = context;
    const rad_manifest *m = t->o->manifest;
    for (size_t i = 0; i < m->extra_count; i++) t->fields[i] = t->row->field[m->extra[i]];
    *t->rois_of |= 1U << rad_personal_find(row->roi);
    if (t->writer->always) {
        rad_stale_keep(&t->stale, t->row->name, row->roi);
        const rad_status status =
            rad_twins_add(&t->twins, t->row->name, row->roi, (size_t)(t->rois_of - t->rois), error);
        if (status != RAD_OK) return status;
    }
    return t->writer->row(&t->w, t->row->name, t->fields, row, error);
}

static rad_status put_case_rows(tables *t, const rad_case *c, rad_error *error) {
    rad_outcome outcome = {.status = RAD_OK};
    rad_manifest_row row;
    bool found = false;
    if (c->state != RAD_CASE_DONE && c->state != RAD_CASE_PARTIAL) return RAD_OK;
    rad_status status = rad_manifest_read(t->o->manifest, (size_t)(c - t->o->cases), &row, error);
    if (status != RAD_OK) return status;
    t->row = &row;
    t->rois_of = &t->rois[c - t->o->cases];
    status = load(t->o, c, &outcome, &found, error);
    if (status == RAD_OK && found)
        status = rad_outcome_unpack(outcome.rows, outcome.length, t->columns.column_count, put_row, t, error);
    rad_outcome_free(&outcome);
    rad_manifest_row_free(&row);
    return status;
}

static rad_status put_features(FILE *out, void *context, rad_error *error) {
    tables *t = context;
    const rad_writer *writer = t->writer;
    const rad_manifest *m = t->o->manifest;
    t->w = (rad_writing){.table = &t->columns,
                         .settings = t->o->settings,
                         .names = t->names,
                         .name_count = m->extra_count,
                         .out = out};
    rad_status status = writer->begin ? writer->begin(&t->w, error) : RAD_OK;
    for (size_t r = 0; r < m->count && status == RAD_OK && !ferror(out); r++)
        status = put_case_rows(t, &t->o->cases[r], error);
    return writer->end ? writer->end(&t->w, status, error) : status;
}

/* Reasons of the ROIs that failed, one after the other. */
typedef struct reasons {
    FILE *out;
    const rad_outcome *of;
    size_t columns, count;
} reasons;

static rad_status put_reason(const rad_row *row, void *context, rad_error *error) {
    reasons *r = context;
    (void)error;
    if (row->status != RAD_OK) fprintf(r->out, "%s%s", r->count++ ? " | " : "", row->text);
    return RAD_OK;
}

static rad_status put_reasons(FILE *out, void *context, rad_error *error) {
    reasons *r = context;
    r->out = out;
    return rad_outcome_unpack(r->of->rows, r->of->length, r->columns, put_reason, r, error);
}

/* The warnings of a case, and those about its names, which are no part of what was computed. */
static rad_status put_warnings(tables *t, const rad_case *c, const rad_manifest_row *row,
                               const char *warnings, FILE *out, rad_error *error) {
    char text[sizeof(((rad_outcome *)0)->warnings) + 1024];
    snprintf(text, sizeof text, "%s", warnings);
    const rad_status status = rad_personal_row(&t->personal, t->o->manifest, row, t->rois[c - t->o->cases],
                                               text, sizeof text, error);
    rad_csv_put(out, text);
    return status;
}

static rad_status put_case(tables *t, const rad_case *c, const rad_manifest_row *row, FILE *out,
                           rad_error *error) {
    static const char *const words[] = {[RAD_CASE_MISSING] = "missing",
                                        [RAD_CASE_DONE] = "done",
                                        [RAD_CASE_FAILED] = "failed",
                                        [RAD_CASE_PARTIAL] = "partial",
                                        [RAD_CASE_ELSEWHERE] = "other shard"};
    rad_outcome o = {.status = RAD_OK};
    bool found = false;
    reasons of = {.of = &o, .columns = t->columns.column_count};
    rad_bytes text = {0};
    rad_status status = load(t->o, c, &o, &found, error);
    if (status == RAD_OK && c->state == RAD_CASE_PARTIAL)
        status = rad_sink_collect(put_reasons, &of, &text, error);
    fprintf(out, ",%s,%d,%zu,%zu,", words[c->state], (int)o.status, o.rois, o.failed);
    rad_csv_put(out, text.length ? (const char *)text.data : o.reason);
    fputc(',', out);
    if (status == RAD_OK) status = put_warnings(t, c, row, o.warnings, out, error);
    if (found)
        fprintf(out, ",%.3f,%.1f\r\n", o.seconds, (double)o.memory / 1048576);
    else
        fputs(",,\r\n", out);
    rad_bytes_free(&text);
    rad_outcome_free(&o);
    return status;
}

static rad_status put_cases(FILE *out, void *context, rad_error *error) {
    tables *t = context;
    const rad_manifest *m = t->o->manifest;
    rad_status status = RAD_OK;
    fputs("row,case,image,mask,roi,status,code,rois,rois_failed,reason,warnings,seconds,memory_mb\r\n", out);
    for (size_t r = 0; r < m->count && status == RAD_OK; r++) {
        rad_manifest_row row;
        rad_error why = {0};
        fprintf(out, "%zu,", r + 1);
        status = rad_manifest_read(m, r, &row, &why);
        if (status != RAD_OK && t->o->cases[r].state != RAD_CASE_FAILED) /* it could be read before */
            return rad_fail(error, status, "%s", why.text);
        if (status != RAD_OK) { /* the row itself is wrong */
            status = RAD_OK;
            fprintf(out, ",,,,failed,%d,0,0,", (int)why.status);
            rad_csv_put(out, why.text);
            fputs(",,,\r\n", out);
            continue;
        }
        const char *const fields[] = {row.name, row.image, row.mask, row.roi ? row.roi : ""};
        for (size_t i = 0; i < 4; i++) {
            if (i) fputc(',', out);
            rad_csv_put(out, fields[i]);
        }
        status = put_case(t, &t->o->cases[r], &row, out, error);
        rad_manifest_row_free(&row);
    }
    return status;
}

static bool is_wanted(const rad_tables_options *o, const rad_writer *writer) {
    bool wanted = writer->file && writer->always;
    for (size_t i = 0; i < sizeof o->more / sizeof o->more[0]; i++)
        wanted = wanted || (writer->file && o->more[i] && !strcmp(writer->file, o->more[i]));
    return wanted;
}

static rad_status write_file(tables *t, const char *name, rad_put_body *body, rad_error *error) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", t->o->run, name);
    return rad_bytes_stream(path, body, t, error);
}

/* Cases that are still to come may have files. */
static bool is_whole(const rad_tables_options *o) {
    for (size_t i = 0; i < o->manifest->count; i++)
        if (o->cases[i].state == RAD_CASE_MISSING || o->cases[i].state == RAD_CASE_ELSEWHERE) return false;
    return true;
}

/* What is odd about names and files of the run. */
static void tell(tables *t) {
    const rad_tables_options *o = t->o;
    rad_personal_tell(&t->personal, o->run, o->warnings);
    rad_twins_tell(&t->twins, o->run, o->warnings);
    if (is_whole(o)) rad_stale_tell(&t->stale, o->run, o->warnings);
}

rad_status rad_tables_write(const rad_tables_options *options, rad_error *error) {
    const rad_manifest *m = options->manifest;
    tables t = {.o = options};
    char path[4096];
    rad_status status = plan_columns(options->settings, &t.columns, error);
    t.names = rad_new(m->extra_count, sizeof *t.names, error);
    t.fields = rad_new(m->extra_count, sizeof *t.fields, error);
    t.rois = rad_new(m->count, sizeof *t.rois, error);
    if (!t.names || !t.fields || !t.rois) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_stale_list(options->run, &t.stale, error);
    for (size_t i = 0; i < m->extra_count && status == RAD_OK; i++) t.names[i] = m->sheet.names[m->extra[i]];
    for (size_t i = 0; rad_writers[i] && status == RAD_OK; i++) {
        t.writer = rad_writers[i];
        if (is_wanted(options, t.writer)) status = write_file(&t, t.writer->file, put_features, error);
    }
    if (status == RAD_OK) status = write_file(&t, "cases.csv", put_cases, error);
    snprintf(path, sizeof path, "%s/columns.json", options->run);
    if (status == RAD_OK) status = rad_writer_columns(path, &t.columns, error);
    if (status == RAD_OK) tell(&t);
    rad_stale_free(&t.stale);
    rad_twins_free(&t.twins);
    rad_table_free(&t.columns);
    rad_free(t.rois);
    rad_free(t.names);
    rad_free(t.fields);
    return status;
}
