#include "yaml.h"

#include "bytes.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { TEXT_MAX = 1 << 20, WORDS_MAX = 64, KEY_MAX = 64, KEYS_MAX = 64, SEEN_TEXT = 128 };

typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    const char *name;
    rad_settings *settings;
    rad_error *error;
    char seen[KEYS_MAX][SEEN_TEXT]; /* keys that were set */
    size_t seen_count;
} reader;

static rad_status fail_at(reader *r, yaml_mark_t at, const char *what) {
    return rad_fail(r->error, RAD_CONFIG, "%s:%zu:%zu: %s", r->name, at.line + 1, at.column + 1, what);
}

/* The next event; anchors, aliases and tags have no place in settings. */
static rad_status next(reader *r) {
    yaml_event_delete(&r->event);
    if (!yaml_parser_parse(&r->parser, &r->event)) {
        yaml_mark_t at = r->parser.problem_mark;
        return fail_at(r, at, r->parser.problem ? r->parser.problem : "is not YAML");
    }
    const yaml_event_t *e = &r->event;
    const bool marked =
        (e->type == YAML_SCALAR_EVENT && (e->data.scalar.anchor || e->data.scalar.tag)) ||
        (e->type == YAML_SEQUENCE_START_EVENT &&
         (e->data.sequence_start.anchor || e->data.sequence_start.tag)) ||
        (e->type == YAML_MAPPING_START_EVENT && (e->data.mapping_start.anchor || e->data.mapping_start.tag));
    if (e->type == YAML_ALIAS_EVENT || marked)
        return fail_at(r, e->start_mark, "anchors, aliases and tags are not allowed");
    return RAD_OK;
}

static const char *scalar(const reader *r) {
    return (const char *)r->event.data.scalar.value;
}

static bool has_nul(const reader *r) {
    return strlen(scalar(r)) != r->event.data.scalar.length;
}

/* The value at the current event, a scalar or a list of scalars, into the setting. */
static rad_status take_value(reader *r, const char *key, yaml_mark_t at) {
    char text[WORDS_MAX][64];
    const char *words[WORDS_MAX];
    size_t count = 0;
    const bool list = r->event.type == YAML_SEQUENCE_START_EVENT;
    rad_status status = list ? next(r) : RAD_OK;
    if (status != RAD_OK) return status;
    while (r->event.type == YAML_SCALAR_EVENT) {
        if (count == WORDS_MAX || r->event.data.scalar.length >= sizeof text[0] || has_nul(r))
            return fail_at(r, r->event.start_mark, "the value is too long");
        snprintf(text[count], sizeof text[0], "%s", scalar(r));
        words[count] = text[count];
        count++;
        if (!list) break;
        if ((status = next(r)) != RAD_OK) return status;
    }
    if (r->event.type != (list ? YAML_SEQUENCE_END_EVENT : YAML_SCALAR_EVENT))
        count = 0; /* a mapping: no value */
    rad_error why = {0};
    status = rad_settings_set(r->settings, key, words, count, &why);
    return status == RAD_OK ? RAD_OK : fail_at(r, at, why.text);
}

static rad_status note_key(reader *r, const char *key, yaml_mark_t at) {
    for (size_t i = 0; i < r->seen_count; i++)
        if (!strcmp(r->seen[i], key)) return fail_at(r, at, "the key is given twice");
    if (r->seen_count == KEYS_MAX) return fail_at(r, at, "too many keys");
    snprintf(r->seen[r->seen_count++], SEEN_TEXT, "%s", key);
    return RAD_OK;
}

static rad_status take_group(reader *r, const char *group);

/* The key at the current event and what follows it. */
static rad_status take_pair(reader *r, const char *group) {
    const yaml_mark_t at = r->event.start_mark;
    if (r->event.type != YAML_SCALAR_EVENT || r->event.data.scalar.length >= KEY_MAX || has_nul(r))
        return fail_at(r, at, "a key is expected here");
    char key[SEEN_TEXT];
    snprintf(key, sizeof key, "%s%s%s", group, *group ? "." : "", scalar(r));
    rad_status status = note_key(r, key, at);
    if (status == RAD_OK) status = next(r);
    if (status != RAD_OK) return status;
    const bool is_group = !*group && rad_settings_is_group(key);
    if (is_group && r->event.type == YAML_MAPPING_START_EVENT) return take_group(r, key);
    if (is_group) return fail_at(r, r->event.start_mark, "this group needs keys below it");
    return take_value(r, key, at);
}

/* The pairs of the mapping at the current event. */
static rad_status take_group(reader *r, const char *group) {
    rad_status status = next(r);
    while (status == RAD_OK && r->event.type != YAML_MAPPING_END_EVENT) {
        status = take_pair(r, group);
        if (status == RAD_OK) status = next(r);
    }
    return status;
}

static rad_status take_document(reader *r) {
    rad_status status = next(r);
    if (status == RAD_OK && r->event.type == YAML_STREAM_START_EVENT) status = next(r);
    if (status != RAD_OK || r->event.type == YAML_STREAM_END_EVENT) return status; /* empty: the defaults */
    status = next(r);
    if (status != RAD_OK) return status;
    const bool nothing = r->event.type == YAML_SCALAR_EVENT && !r->event.data.scalar.length;
    if (r->event.type != YAML_MAPPING_START_EVENT && !nothing)
        return fail_at(r, r->event.start_mark,
                       "settings are keys and values, such as `discretisation: fbn32`");
    if (!nothing) status = take_group(r, "");
    if (status == RAD_OK) status = next(r); /* end of the document */
    if (status == RAD_OK) status = next(r);
    if (status == RAD_OK && r->event.type != YAML_STREAM_END_EVENT)
        status = fail_at(r, r->event.start_mark, "one document is allowed");
    return status;
}

rad_status rad_yaml_parse_settings(const char *text, size_t length, const char *name, rad_settings *settings,
                                   rad_error *error) {
    rad_settings_default(settings);
    if (length > TEXT_MAX)
        return rad_fail(error, RAD_CONFIG, "%s: longer than %d bytes; is this a settings file?", name,
                        TEXT_MAX);
    reader r = {.name = name, .settings = settings, .error = error};
    if (!yaml_parser_initialize(&r.parser)) return rad_fail(error, RAD_NO_MEMORY, "%s: out of memory", name);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    rad_status status = take_document(&r);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}

rad_status rad_yaml_read_settings(const char *path, rad_settings *settings, rad_error *error) {
    rad_bytes bytes;
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status != RAD_OK) return status;
    status = rad_yaml_parse_settings((const char *)bytes.data, bytes.length, path, settings, error);
    rad_bytes_free(&bytes);
    return status;
}
