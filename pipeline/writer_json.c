/* Feature tables as JSON: one document with engine, settings in force, columns with their meaning, rows with
 * values or reasons; or an object a line for each row that has values. */
#include "writers.h"

#include "../core/number.h"
#include "../io/tree.h"

static json_t *image_object(const rad_image *image) {
    json_t *object = json_object();
    char words[512];
    size_t at = 0;
    rad_tree_set(&object, "filter", json_string(image->options.filter->name));
    for (const rad_key *key; (key = rad_image_next(image, &at));)
        rad_tree_set(&object, key->name, json_string(rad_key_words(key, image, words, sizeof words)));
    return object;
}

static json_t *step_object(const rad_mask_step *step) {
    json_t *object = json_object();
    char words[512];
    size_t at = 0;
    rad_tree_set(&object, "step", json_string(rad_mask_step_word(step)));
    for (const rad_key *key; (key = rad_mask_step_next(step, &at));)
        rad_tree_set(&object, key->name, json_string(rad_key_words(key, step, words, sizeof words)));
    return object;
}

static json_t *settings_object(const rad_settings *settings) {
    json_t *object = json_object(), *images = json_array();
    size_t count;
    const rad_key *keys = rad_settings_keys(&count);
    if (settings->standard == RAD_PYRADIOMICS) {
        rad_tree_set(&object, "standard", json_string("pyradiomics"));
        rad_tree_set(&object, "parameters", json_string(settings->pyr.parameters));
        json_decref(images);
        return object;
    }
    for (size_t i = 0; i < count; i++) {
        char words[512];
        rad_tree_set(&object, keys[i].name,
                     json_string(rad_key_words(&keys[i], settings, words, sizeof words)));
    }
    for (size_t i = 0; i < settings->image_count; i++)
        rad_tree_add(&images, image_object(&settings->images[i]));
    rad_tree_set(&object, "images", images);
    json_t *steps = json_array();
    for (size_t i = 0; i < settings->step_count; i++) rad_tree_add(&steps, step_object(&settings->steps[i]));
    rad_tree_set(&object, "masks", steps);
    return object;
}

static json_t *column_object(const rad_column *c) {
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "name", c->name, "image",
                     c->image, "family", c->family, "tag", c->tag, "code", c->code, "unit", c->unit,
                     "feature", c->feature, "aggregation", c->aggregation, "aggregation_code",
                     c->aggregation_code, "discretisation", c->discretisation, "standardised",
                     !c->not_standardised);
}

static json_t *value_object(rad_value v) {
    return v.reason ? json_pack("{s:n, s:s}", "value", "reason", rad_reason_text(v.reason))
                    : json_real(v.value);
}

static json_t *row_object(const rad_table *table, const rad_row *row) {
    json_t *object = json_object();
    rad_tree_set(&object, "case", rad_tree_name(row->case_name));
    rad_tree_set(&object, "roi", rad_tree_name(row->roi));
    if (row->status != RAD_OK) {
        rad_tree_set(&object, "error", rad_tree_name(row->text));
        return object;
    }
    json_t *values = json_object();
    for (size_t i = 0; i < table->column_count; i++)
        rad_tree_set(&values, table->columns[i].name, value_object(row->values[i]));
    rad_tree_set(&object, "values", values);
    return object;
}

static json_t *facts_object(const rad_facts *facts) {
    json_t *object = json_object();
    for (size_t i = 0; facts && i < facts->count; i++)
        rad_tree_set(&object, facts->row[i].name, rad_tree_name(facts->row[i].text));
    return object;
}

static json_t *columns_array(const rad_table *table) {
    json_t *columns = json_array();
    for (size_t i = 0; i < table->column_count; i++)
        rad_tree_add(&columns, column_object(&table->columns[i]));
    return columns;
}

/* Those that are kept, then how many there are more. */
static json_t *warnings_array(const rad_warnings *warnings) {
    json_t *array = json_array();
    for (size_t i = 0; warnings && i < warnings->count && i < RAD_WARNINGS_KEPT; i++)
        rad_tree_add(&array, rad_tree_name(warnings->text[i]));
    if (warnings && warnings->count > RAD_WARNINGS_KEPT)
        rad_tree_add(&array, json_sprintf("and %zu more", warnings->count - RAD_WARNINGS_KEPT));
    return array;
}

static rad_status begin_document(rad_writing *w, rad_error *error) {
    (void)error;
    w->state = json_array(); /* of rows; NULL where memory is short, as rad_tree_add takes it */
    return RAD_OK;
}

static rad_status add_row(rad_writing *w, const char *name, const char *const *fields, const rad_row *row,
                          rad_error *error) {
    json_t *rows = w->state;
    (void)name, (void)error;
    json_t *object = row_object(w->table, row);
    for (size_t i = 0; fields && i < w->name_count; i++)
        rad_tree_set(&object, w->names[i], rad_tree_name(fields[i]));
    rad_tree_add(&rows, object);
    w->state = rows;
    return RAD_OK;
}

static rad_status end_document(rad_writing *w, rad_status status, rad_error *error) {
    json_t *all = json_object();
    rad_tree_set(&all, "engine", json_pack("{s:s, s:s}", "name", "radiomill", "version", RAD_VERSION));
    rad_tree_set(&all, "image", facts_object(w->facts));
    rad_tree_set(&all, "settings", settings_object(w->settings));
    rad_tree_set(&all, "columns", columns_array(w->table));
    rad_tree_set(&all, "warnings", warnings_array(w->warnings));
    rad_tree_set(&all, "rows", w->state);
    w->state = NULL;
    if (status != RAD_OK)
        json_decref(all);
    else
        status = rad_tree_put(w->out, all, JSON_INDENT(1), error);
    fputc('\n', w->out);
    return status;
}

static rad_status put_string(const rad_writing *w, const char *text, rad_error *error) {
    return rad_tree_put(w->out, rad_tree_name(text), JSON_ENCODE_ANY, error);
}

static rad_status put_line(rad_writing *w, const char *name, const char *const *fields, const rad_row *row,
                           rad_error *error) {
    char number[RAD_NUMBER_TEXT];
    if (row->status != RAD_OK) return RAD_OK;
    fputs("{\"case\":", w->out);
    rad_status status = put_string(w, name, error);
    fputs(",\"roi\":", w->out);
    if (status == RAD_OK) status = put_string(w, row->roi, error);
    for (size_t i = 0; i < w->name_count && status == RAD_OK; i++) {
        fputc(',', w->out);
        status = put_string(w, w->names[i], error);
        fputc(':', w->out);
        if (status == RAD_OK) status = put_string(w, fields[i], error);
    }
    for (size_t i = 0; i < w->table->column_count; i++)
        fprintf(w->out, ",\"%s\":%s", w->table->columns[i].name,
                row->values[i].reason ? "null" : rad_number_write(row->values[i].value, number));
    fputs("}\n", w->out);
    return status;
}

const rad_writer rad_writer_json = {
    .ending = ".json", .begin = begin_document, .row = add_row, .end = end_document};

const rad_writer rad_writer_json_lines = {.file = "features.jsonl", .row = put_line};

rad_status rad_writer_columns(const char *path, const rad_table *table, rad_error *error) {
    return rad_tree_write(path, columns_array(table), error);
}
