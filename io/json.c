#include "json.h"

#include "../core/memory.h"

#include "bytes.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Jansson's setters take NULL for a value that could not be made and report it, so one flag is enough. */
static int put(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value);
}

static json_t *image_object(const rad_image *image) {
    json_t *object = json_object();
    char words[512];
    size_t at = 0;
    int bad = put(object, "filter", json_string(rad_filter_words[image->options.filter]));
    for (const rad_key *key; (key = rad_image_next(image, &at));)
        bad |= put(object, key->name, json_string(rad_key_words(key, image, words, sizeof words)));
    if (!bad) return object;
    json_decref(object);
    return NULL;
}

static json_t *settings_object(const rad_settings *settings) {
    json_t *object = json_object(), *images = json_array();
    size_t count;
    const rad_key *keys = rad_settings_keys(&count);
    int bad = !object || !images;
    for (size_t i = 0; i < count; i++) {
        char words[512];
        bad |= put(object, keys[i].name, json_string(rad_key_words(&keys[i], settings, words, sizeof words)));
    }
    for (size_t i = 0; i < settings->image_count; i++)
        bad |= json_array_append_new(images, image_object(&settings->images[i]));
    bad |= put(object, "images", images);
    if (!bad) return object;
    json_decref(object);
    return NULL;
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

/* Case names are file names, which need not be UTF-8. */
static json_t *name_string(const char *name) {
    json_t *string = json_string(name);
    return string ? string : json_string("(not UTF-8)");
}

static json_t *row_object(const rad_table *table, const rad_row *row) {
    json_t *object = json_object();
    int bad = put(object, "case", name_string(row->case_name)) | put(object, "roi", name_string(row->roi));
    if (row->status != RAD_OK) {
        bad |= put(object, "error", name_string(row->text));
    } else {
        json_t *values = json_object();
        for (size_t i = 0; i < table->column_count; i++)
            bad |= put(values, table->columns[i].name, value_object(row->values[i]));
        bad |= put(object, "values", values);
    }
    if (!bad) return object;
    json_decref(object);
    return NULL;
}

static json_t *facts_object(const rad_facts *facts) {
    json_t *object = json_object();
    int bad = 0;
    for (size_t i = 0; facts && i < facts->count; i++)
        bad |= put(object, facts->row[i].name, name_string(facts->row[i].text));
    if (!bad) return object;
    json_decref(object);
    return NULL;
}

static json_t *columns_array(const rad_table *table) {
    json_t *columns = json_array();
    int bad = 0;
    for (size_t i = 0; i < table->column_count; i++)
        bad |= json_array_append_new(columns, column_object(&table->columns[i]));
    if (!bad) return columns;
    json_decref(columns);
    return NULL;
}

static json_t *document(const rad_table *table, const rad_settings *settings, const rad_facts *facts) {
    json_t *rows = json_array(), *all = json_object();
    int bad = 0;
    for (size_t i = 0; i < table->row_count; i++)
        bad |= json_array_append_new(rows, row_object(table, &table->rows[i]));
    bad |= put(all, "engine", json_pack("{s:s, s:s}", "name", "radiomill", "version", RAD_VERSION));
    bad |= put(all, "image", facts_object(facts));
    bad |= put(all, "settings", settings_object(settings));
    bad |= put(all, "columns", columns_array(table));
    bad |= put(all, "rows", rows);
    if (!bad) return all;
    json_decref(all);
    return NULL;
}

static rad_status write_document(const char *path, json_t *all, rad_error *error) {
    char *text = all ? json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(all);
    if (!text) return rad_fail(error, RAD_NO_MEMORY, "out of memory: a JSON document");
    const rad_bytes pieces[] = {{(unsigned char *)text, strlen(text)}, {(unsigned char *)"\n", 1}};
    rad_status status = rad_bytes_write(path, pieces, 2, error);
    rad_free(text);
    return status;
}

rad_status rad_json_write(const char *path, const rad_table *table, const rad_settings *settings,
                          const rad_facts *facts, rad_error *error) {
    return write_document(path, document(table, settings, facts), error);
}

rad_status rad_json_write_columns(const char *path, const rad_table *table, rad_error *error) {
    return write_document(path, columns_array(table), error);
}
