#include "tables.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../../io/bytes.h"
#include "../../io/csv.h"
#include "../../io/json.h"
#include "../../io/tree.h"
#include "../plan.h"

#include <stdio.h>
#include <string.h>

typedef struct writer {
    const rad_tables_options *o;
    rad_table columns; /* no rows */
    FILE *out;
    const rad_manifest_row *row;
    void (*put)(struct writer *w, const rad_row *row);
    rad_status status; /* of what was put */
    rad_error *error;
} writer;

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
                        "%s: the record of row %zu became damaged; run the same batch again", o->run,
                        (size_t)(c - o->cases) + 1);
    return status;
}

/* Columns of the manifest that have no role. */
static void put_extra(writer *w) {
    const rad_manifest *m = w->o->manifest;
    for (size_t i = 0; i < m->extra_count; i++) {
        fputc(',', w->out);
        rad_csv_put(w->out, w->row->field[m->extra[i]]);
    }
}

static void put_wide(writer *w, const rad_row *row) {
    char number[RAD_NUMBER_TEXT];
    rad_csv_put(w->out, w->row->name);
    fputc(',', w->out);
    rad_csv_put(w->out, row->roi);
    put_extra(w);
    for (size_t i = 0; i < w->columns.column_count; i++) {
        fputc(',', w->out);
        if (!row->values[i].reason) fputs(rad_number_write(row->values[i].value, number), w->out);
    }
    fputs("\r\n", w->out);
}

static void put_long(writer *w, const rad_row *row) {
    char number[RAD_NUMBER_TEXT];
    for (size_t i = 0; i < w->columns.column_count; i++) {
        const rad_column *c = &w->columns.columns[i];
        rad_csv_put(w->out, w->row->name);
        fputc(',', w->out);
        rad_csv_put(w->out, row->roi);
        put_extra(w);
        fprintf(w->out, ",%s,%s,%s\r\n", c->image, c->name + strlen(c->image) + 1,
                row->values[i].reason ? "" : rad_number_write(row->values[i].value, number));
    }
}

static void put_json_string(writer *w, const char *text) {
    if (w->status == RAD_OK) w->status = rad_tree_put(w->out, rad_tree_name(text), JSON_ENCODE_ANY, w->error);
}

static void put_json(writer *w, const rad_row *row) {
    char number[RAD_NUMBER_TEXT];
    const rad_manifest *m = w->o->manifest;
    fputs("{\"case\":", w->out);
    put_json_string(w, w->row->name);
    fputs(",\"roi\":", w->out);
    put_json_string(w, row->roi);
    for (size_t i = 0; i < m->extra_count; i++) {
        fputc(',', w->out);
        put_json_string(w, m->names[m->extra[i]]);
        fputc(':', w->out);
        put_json_string(w, w->row->field[m->extra[i]]);
    }
    for (size_t i = 0; i < w->columns.column_count; i++)
        fprintf(w->out, ",\"%s\":%s", w->columns.columns[i].name,
                row->values[i].reason ? "null" : rad_number_write(row->values[i].value, number));
    fputs("}\n", w->out);
}

static rad_status put_row(const rad_row *row, void *context, rad_error *error) {
    writer *w = context;
    w->error = error;
    if (row->status == RAD_OK) w->put(w, row);
    return w->status;
}

static void put_extra_names(writer *w) {
    const rad_manifest *m = w->o->manifest;
    for (size_t i = 0; i < m->extra_count; i++) {
        fputc(',', w->out);
        rad_csv_put(w->out, m->names[m->extra[i]]);
    }
}

static rad_status put_features(FILE *out, void *context, rad_error *error) {
    writer *w = context;
    const rad_manifest *m = w->o->manifest;
    rad_status status = RAD_OK;
    w->out = out;
    if (w->put != put_json) {
        fputs("case,roi", out);
        put_extra_names(w);
        if (w->put == put_long) fputs(",image,feature,value", out);
        for (size_t i = 0; i < w->columns.column_count && w->put == put_wide; i++)
            fprintf(out, ",%s", w->columns.columns[i].name);
        fputs("\r\n", out);
    }
    for (size_t r = 0; r < m->count && status == RAD_OK; r++) {
        const rad_case *c = &w->o->cases[r];
        rad_outcome outcome = {.status = RAD_OK};
        rad_manifest_row row;
        bool found = false;
        if (c->state != RAD_CASE_DONE && c->state != RAD_CASE_PARTIAL) continue;
        status = rad_manifest_read(m, r, &row, error);
        if (status != RAD_OK) break;
        w->row = &row;
        status = load(w->o, c, &outcome, &found, error);
        if (status == RAD_OK && found)
            status =
                rad_outcome_unpack(outcome.rows, outcome.length, w->columns.column_count, put_row, w, error);
        rad_outcome_free(&outcome);
        rad_manifest_row_free(&row);
        if (ferror(out)) break;
    }
    return status;
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

static rad_status put_case(const writer *w, const rad_case *c, FILE *out, rad_error *error) {
    static const char *const words[] = {[RAD_CASE_MISSING] = "missing",
                                        [RAD_CASE_DONE] = "done",
                                        [RAD_CASE_FAILED] = "failed",
                                        [RAD_CASE_PARTIAL] = "partial",
                                        [RAD_CASE_ELSEWHERE] = "other shard"};
    rad_outcome o = {.status = RAD_OK};
    bool found = false;
    reasons of = {.of = &o, .columns = w->columns.column_count};
    rad_bytes text = {0};
    rad_status status = load(w->o, c, &o, &found, error);
    if (status == RAD_OK && c->state == RAD_CASE_PARTIAL)
        status = rad_sink_collect(put_reasons, &of, &text, error);
    fprintf(out, ",%s,%d,%zu,%zu,", words[c->state], (int)o.status, o.rois, o.failed);
    rad_csv_put(out, text.length ? (const char *)text.data : o.reason);
    fputc(',', out);
    rad_csv_put(out, o.warnings);
    if (found)
        fprintf(out, ",%.3f,%.1f\r\n", o.seconds, (double)o.memory / 1048576);
    else
        fputs(",,\r\n", out);
    rad_bytes_free(&text);
    rad_outcome_free(&o);
    return status;
}

static rad_status put_cases(FILE *out, void *context, rad_error *error) {
    writer *w = context;
    const rad_manifest *m = w->o->manifest;
    rad_status status = RAD_OK;
    fputs("row,case,image,mask,roi,status,code,rois,rois_failed,reason,warnings,seconds,memory_mb\r\n", out);
    for (size_t r = 0; r < m->count && status == RAD_OK; r++) {
        rad_manifest_row row;
        rad_error why = {0};
        fprintf(out, "%zu,", r + 1);
        status = rad_manifest_read(m, r, &row, &why);
        if (status != RAD_OK && w->o->cases[r].state != RAD_CASE_FAILED) /* it could be read before */
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
        status = put_case(w, &w->o->cases[r], out, error);
        rad_manifest_row_free(&row);
    }
    return status;
}

rad_status rad_tables_write(const rad_tables_options *options, rad_error *error) {
    writer w = {.o = options};
    char path[4096];
    rad_status status = plan_columns(options->settings, &w.columns, error);
    const struct {
        const char *name;
        rad_put_body *body;
        void (*put)(writer *w, const rad_row *row);
        bool wanted;
    } files[] = {{"features.csv", put_features, put_wide, true},
                 {"features_long.csv", put_features, put_long, options->long_table},
                 {"features.jsonl", put_features, put_json, options->json_lines},
                 {"cases.csv", put_cases, NULL, true}};
    for (size_t i = 0; i < sizeof files / sizeof files[0] && status == RAD_OK; i++) {
        if (!files[i].wanted) continue;
        w.put = files[i].put;
        snprintf(path, sizeof path, "%s/%s", options->run, files[i].name);
        status = rad_bytes_stream(path, files[i].body, &w, error);
    }
    snprintf(path, sizeof path, "%s/columns.json", options->run);
    if (status == RAD_OK) status = rad_json_write_columns(path, &w.columns, error);
    rad_table_free(&w.columns);
    return status;
}
