#include "weights.h"

#include "../../core/memory.h"
#include "../../core/nearest.h"
#include "../../core/number.h"
#include "../../io/sheet.h"
#include "extraction.h"

#include <math.h>
#include <string.h>

enum { TEXT = 4096 };

typedef struct converter {
    const rad_weights_about *about;
    rad_sheet table;
    size_t name, weight, centre, scale, transform, line;
    size_t model, level; /* of a table of a pool */
    char of_level[TEXT]; /* of the first row */
    size_t rows;
    rad_extraction run;
    double intercept;
    bool has_intercept;
    size_t features, zeros;
    FILE *out; /* of the list of features */
    rad_warnings *warnings;
} converter;

/* model_coefficients.csv of a pool has the models of a study, with their terms and estimates. */
static rad_status find_pooled(converter *c, rad_error *error) {
    const rad_sheet *t = &c->table;
    c->model = rad_sheet_column(t, "model");
    c->name = rad_sheet_column(t, "term");
    c->weight = rad_sheet_column(t, "estimate");
    c->level = rad_sheet_column(t, "level");
    c->transform = rad_sheet_column(t, "transform");
    c->centre = c->scale = t->columns;
    if (c->model < t->columns && c->name < t->columns && c->weight < t->columns && c->level < t->columns)
        return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "%s: --of: columns model, level, term and estimate are needed, as in "
                    "model_coefficients.csv of a pool",
                    t->path);
}

static rad_status find_columns(converter *c, rad_error *error) {
    static const char *const known[] = {"name", "weight", "centre", "center", "scale", "transform", ""};
    const rad_sheet *t = &c->table;
    c->model = c->level = t->columns;
    if (c->about->of) return find_pooled(c, error);
    for (size_t i = 0; i < t->columns; i++) {
        size_t k = 0;
        while (k < sizeof known / sizeof known[0] && strcmp(known[k], t->names[i]) != 0) k++;
        if (k == sizeof known / sizeof known[0])
            return rad_fail(
                error, RAD_CONFIG,
                "%s: the column %.60s is not known; name, weight, centre, scale and transform are", t->path,
                t->names[i]);
    }
    c->name = rad_sheet_column(t, "name");
    c->weight = rad_sheet_column(t, "weight");
    c->centre = rad_sheet_column(t, "centre");
    if (c->centre == t->columns) c->centre = rad_sheet_column(t, "center");
    c->scale = rad_sheet_column(t, "scale");
    c->transform = rad_sheet_column(t, "transform");
    if (c->name < t->columns && c->weight < t->columns) return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "%s: columns name and weight are needed", t->path);
}

static rad_status fail_field(const converter *c, size_t column, const char *takes, rad_error *error) {
    return rad_fail(error, RAD_CONFIG, "%s:%zu: %s is %.60s; %s", c->table.path, c->line,
                    c->table.names[column], c->table.field[column], takes);
}

/* A number of the row; nothing, where the field may be empty, is `usual`. */
static rad_status read_number(const converter *c, size_t column, bool needed, double *value,
                              rad_error *error) {
    const char *text = column < c->table.columns ? c->table.field[column] : "";
    if (!*text && !needed) return RAD_OK;
    if (rad_number_read(text, value) && isfinite(*value)) return RAD_OK;
    return fail_field(c, column,
                      needed ? "a number is needed; leave out what has no weight"
                             : "a number is needed, or nothing",
                      error);
}

/* The name as a column is called: R puts names that it would not take into backticks. */
static const char *plain_name(const char *text, char to[TEXT]) {
    const size_t length = strlen(text);
    if (length < 2 || *text != '`' || text[length - 1] != '`' || length >= TEXT) return text;
    memcpy(to, text + 1, length - 2);
    to[length - 2] = '\0';
    return to;
}

static bool is_intercept(const char *name) {
    static const char *const words[] = {"(Intercept)", "Intercept", "intercept", "const", "intercept_"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcmp(words[i], name)) return true;
    return false;
}

/* In quotes, as JSON and YAML have them. */
static void put_quoted(FILE *out, const char *text) {
    fputc('"', out);
    for (const char *at = text; *at; at++) {
        const unsigned char c = (unsigned char)*at;
        if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fprintf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
    }
    fputc('"', out);
}

static rad_status put_feature(converter *c, const char *name, const double number[3], rad_error *error) {
    char id[RAD_DEFINITION], a[RAD_NUMBER_TEXT], b[RAD_NUMBER_TEXT], w[RAD_NUMBER_TEXT];
    const json_t *column = c->run.columns ? json_object_get(c->run.columns, name) : NULL;
    const char *transform = c->transform < c->table.columns ? c->table.field[c->transform] : "";
    if (c->run.columns && !column) {
        rad_nearest near = {NULL, SIZE_MAX};
        const char *key;
        json_t *entry;
        json_object_foreach(c->run.columns, key, entry) rad_nearest_try(&near, name, key);
        const bool hint = near.word && rad_word_is_near(name, near.distance);
        return rad_fail(error, RAD_CONFIG, "%s:%zu: %.80s is not a feature of %s%s%.80s", c->table.path,
                        c->line, name, c->about->run, hint ? "; is it " : "", hint ? near.word : "");
    }
    fputs("  - {name: ", c->out);
    put_quoted(c->out, name);
    if (column) {
        rad_definition_compute(column, name, id);
        fprintf(c->out, ", definition: \"%s\"", id);
    }
    if (*transform) {
        fputs(", transform: ", c->out);
        put_quoted(c->out, transform);
    }
    fprintf(c->out, ", centre: %s, scale: %s, weight: %s}\n", rad_number_write(number[1], a),
            rad_number_write(number[2], b), rad_number_write(number[0], w));
    c->features++;
    return RAD_OK;
}

/* Is the row of another model? One signature is of one level. */
static rad_status is_other(converter *c, bool *other, rad_error *error) {
    *other = c->model < c->table.columns && strcmp(c->table.field[c->model], c->about->of) != 0;
    if (*other || c->level == c->table.columns) return RAD_OK;
    if (!c->rows++) snprintf(c->of_level, sizeof c->of_level, "%s", c->table.field[c->level]);
    if (!strcmp(c->of_level, c->table.field[c->level])) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "%s:%zu: model %.60s has levels %.60s and %.60s; a signature is of one", c->table.path,
                    c->line, c->about->of, c->of_level, c->table.field[c->level]);
}

static rad_status read_row(converter *c, rad_error *error) {
    char kept[TEXT];
    bool other = false;
    const char *name = plain_name(c->table.field[c->name], kept);
    double number[3] = {0, 0, 1};
    rad_status status = is_other(c, &other, error);
    if (other) return RAD_OK;
    if (status == RAD_OK) status = read_number(c, c->weight, true, &number[0], error);
    if (status == RAD_OK) status = read_number(c, c->centre, false, &number[1], error);
    if (status == RAD_OK) status = read_number(c, c->scale, false, &number[2], error);
    if (status != RAD_OK) return status;
    if (is_intercept(name)) {
        if (c->has_intercept || number[1] != 0 || number[2] != 1)
            return rad_fail(error, RAD_CONFIG, "%s:%zu: %s", c->table.path, c->line,
                            c->has_intercept ? "there is an intercept already"
                                             : "an intercept has neither centre nor scale");
        c->has_intercept = true;
        c->intercept = number[0];
        return RAD_OK;
    }
    if (number[0] == 0) {
        c->zeros++;
        return RAD_OK;
    }
    return put_feature(c, name, number, error);
}

static rad_status put_features(FILE *out, void *context, rad_error *error) {
    converter *c = context;
    bool more = true;
    rad_status status = RAD_OK;
    c->out = out;
    while (status == RAD_OK && more) {
        c->line = c->table.line;
        status = rad_sheet_next(&c->table, &more, error);
        if (status == RAD_OK && more) status = read_row(c, error);
    }
    if (status == RAD_OK && c->about->of && !c->rows)
        return rad_fail(error, RAD_CONFIG, "%s: there is no model %.60s", c->table.path, c->about->of);
    if (status == RAD_OK && !c->features)
        status = rad_fail(error, RAD_CONFIG, "%s: no feature has a weight", c->table.path);
    return status;
}

static void put_key(FILE *out, const char *key, const char *text) {
    if (!text) return;
    fprintf(out, "%s: ", key);
    put_quoted(out, text);
    fputc('\n', out);
}

static rad_status put_provenance(FILE *out, const rad_weights_about *about, rad_error *error) {
    char hash[RAD_SCORE_MODEL_HASH];
    rad_status status = about->study ? rad_score_model_hash(about->study, hash, error) : RAD_OK;
    if (status != RAD_OK || (!about->study && !about->date && !about->version)) return status;
    fputs("provenance:\n", out);
    if (about->study) put_key(out, "  study", hash);
    put_key(out, "  date", about->date);
    put_key(out, "  version", about->version);
    return RAD_OK;
}

static rad_status put_baseline(FILE *out, const rad_weights_about *about, rad_error *error) {
    rad_sheet table;
    bool more = true;
    if (!about->baseline) return RAD_OK;
    rad_status status = rad_sheet_open(about->baseline, &table, error);
    if (status != RAD_OK) return status;
    const size_t time = rad_sheet_column(&table, "time"), survival = rad_sheet_column(&table, "survival");
    if (time == table.columns || survival == table.columns)
        status = rad_fail(error, RAD_CONFIG, "%s: columns time and survival are needed", about->baseline);
    fputs("baseline:\n", out);
    put_key(out, "  unit", about->unit);
    fputs("  survival:\n", out);
    while (status == RAD_OK) {
        status = rad_sheet_next(&table, &more, error);
        if (status != RAD_OK || !more) break;
        fputs("    ", out);
        put_quoted(out, table.field[time]);
        fputs(": ", out);
        put_quoted(out, table.field[survival]);
        fputc('\n', out);
    }
    rad_sheet_close(&table);
    return status;
}

static rad_status put_cuts(FILE *out, const rad_weights_about *about, rad_error *error) {
    if (about->cut_count) fputs("cutoffs:\n", out);
    for (size_t i = 0; i < about->cut_count; i++) {
        const char *text = about->cuts[i], *equals = strchr(text, '=');
        char name[RAD_CUT_NAME];
        if (!equals || equals == text || equals - text >= (int)sizeof name)
            return rad_fail(error, RAD_USAGE,
                            "--cut: %.80s is not a cut; give NAME=COMPARISON, such as "
                            "\"high=score > 0.3\"",
                            text);
        snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
        fputs("  ", out);
        put_quoted(out, name);
        fputs(": ", out);
        put_quoted(out, equals + 1);
        fputc('\n', out);
    }
    return RAD_OK;
}

typedef struct document {
    converter *c;
    const rad_bytes *features;
} document;

static rad_status put_document(FILE *out, void *context, rad_error *error) {
    const document *d = context;
    const rad_weights_about *about = d->c->about;
    char hash[RAD_SCORE_MODEL_HASH] = "none", number[RAD_NUMBER_TEXT];
    rad_status status = about->harmonised ? rad_score_model_hash(about->harmonised, hash, error) : RAD_OK;
    if (status != RAD_OK) return status;
    put_key(out, "signature", about->id);
    put_key(out, "title", about->title);
    put_key(out, "settings", *d->c->run.settings ? d->c->run.settings : NULL);
    put_key(out, "harmonisation", hash);
    status = put_provenance(out, about, error);
    put_key(out, "model", about->model);
    put_key(out, "link", about->link);
    if (d->c->has_intercept) fprintf(out, "intercept: %s\n", rad_number_write(d->c->intercept, number));
    if (status == RAD_OK) status = put_baseline(out, about, error);
    fputs("features:\n", out);
    fwrite(d->features->data, 1, d->features->length, out);
    return status == RAD_OK ? put_cuts(out, about, error) : status;
}

rad_status rad_weights_convert(const rad_weights_about *about, rad_bytes *text, rad_warnings *warnings,
                               rad_error *error) {
    converter c = {.about = about, .warnings = warnings};
    rad_bytes features = {0};
    rad_score_model check = {.term_count = 0};
    *text = (rad_bytes){0};
    rad_status status = about->run ? rad_extraction_read(about->run, &c.run, error) : RAD_OK;
    if (status == RAD_OK) status = rad_sheet_open(about->weights, &c.table, error);
    if (status == RAD_OK) status = find_columns(&c, error);
    if (status == RAD_OK) status = rad_sink_collect(put_features, &c, &features, error);
    document d = {&c, &features};
    if (status == RAD_OK) status = rad_sink_collect(put_document, &d, text, error);
    if (status == RAD_OK)
        status =
            rad_score_model_parse((const char *)text->data, text->length, "the signature", &check, error);
    if (status == RAD_OK && c.zeros)
        rad_warn(warnings, "%s: %zu feature%s of weight 0 %s left out", about->weights, c.zeros,
                 c.zeros > 1 ? "s" : "", c.zeros > 1 ? "are" : "is");
    if (status == RAD_OK && !about->run)
        rad_warn(warnings,
                 "without --run RUN the signature does not say what its features were computed with");
    rad_score_model_free(&check);
    rad_bytes_free(&features);
    rad_extraction_free(&c.run);
    rad_sheet_close(&c.table);
    if (status != RAD_OK) rad_bytes_free(text);
    return status;
}
