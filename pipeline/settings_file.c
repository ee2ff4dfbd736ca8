#include "settings_file.h"

#include "../io/bytes.h"

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
        if (!r->parser.problem) return rad_fail(r->error, RAD_NO_MEMORY, "out of memory: %s", r->name);
        return fail_at(r, r->parser.problem_mark, r->parser.problem);
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

/* A value: a scalar, a list of scalars, or a list of such lists. */
typedef struct value {
    char text[WORDS_MAX][RAD_TEXT_MAX];
    const char *words[WORDS_MAX];
    size_t count;
    size_t begin[WORDS_MAX + 1]; /* first word of each list in the list, and the end of the last */
    size_t lists;                /* 0: no list of lists */
} value;

static rad_status take_word(reader *r, value *v) {
    if (v->count == WORDS_MAX || r->event.data.scalar.length >= sizeof v->text[0] || has_nul(r))
        return fail_at(r, r->event.start_mark, "the value is too long");
    snprintf(v->text[v->count], sizeof v->text[0], "%s", scalar(r));
    v->words[v->count] = v->text[v->count];
    v->count++;
    return RAD_OK;
}

/* The scalars of the list at the current event. */
static rad_status take_list(reader *r, value *v, bool outermost) {
    rad_status status = next(r);
    while (status == RAD_OK && r->event.type != YAML_SEQUENCE_END_EVENT) {
        const bool inner = outermost && r->event.type == YAML_SEQUENCE_START_EVENT;
        if (inner && v->lists < WORDS_MAX && (v->lists || !v->count)) {
            v->begin[v->lists++] = v->count;
            status = take_list(r, v, false);
            v->begin[v->lists] = v->count;
        } else if (r->event.type == YAML_SCALAR_EVENT && !(outermost && v->lists)) {
            status = take_word(r, v);
        } else {
            return fail_at(r, r->event.start_mark, "a value is expected here");
        }
        if (status == RAD_OK) status = next(r);
    }
    return status;
}

static rad_status take_value(reader *r, value *v) {
    v->count = v->lists = 0;
    if (r->event.type == YAML_SCALAR_EVENT) return take_word(r, v);
    if (r->event.type == YAML_SEQUENCE_START_EVENT) return take_list(r, v, true);
    return fail_at(r, r->event.start_mark, "a value or a list is expected here");
}

/* The value at the current event into the setting. */
static rad_status take_setting(reader *r, const char *key, yaml_mark_t at) {
    value v;
    rad_error why = {0};
    size_t keys;
    const rad_key *key_rows = rad_settings_keys(&keys);
    if (!rad_key_find(key_rows, keys, key) &&
        rad_settings_set_words(r->settings, key, NULL, 0, &why) != RAD_OK)
        return fail_at(r, at, why.text);
    rad_status status = take_value(r, &v);
    if (status != RAD_OK) return status;
    if (v.lists) return fail_at(r, at, "a list of lists is not allowed here");
    status = rad_settings_set_words(r->settings, key, v.words, v.count, &why);
    return status == RAD_OK ? RAD_OK : fail_at(r, at, why.text);
}

static rad_status note_key(reader *r, const char *key, yaml_mark_t at) {
    for (size_t i = 0; i < r->seen_count; i++)
        if (!strcmp(r->seen[i], key)) return fail_at(r, at, "the key is given twice");
    if (r->seen_count == KEYS_MAX) return fail_at(r, at, "too many keys");
    snprintf(r->seen[r->seen_count++], SEEN_TEXT, "%s", key);
    return RAD_OK;
}

/* The value at the current event into the images from `first` on: one image for each of its choices. */
static rad_status take_choices(reader *r, const char *name, size_t first, yaml_mark_t at) {
    value v;
    const rad_key *key;
    rad_error why = {0};
    rad_settings *s = r->settings;
    const size_t before = s->image_count - first;
    rad_status status = take_value(r, &v);
    if (status == RAD_OK && rad_image_find(&s->images[first], name, &key, &why) != RAD_OK)
        return fail_at(r, at, why.text);
    if (status != RAD_OK) return status;
    const bool list = rad_key_is_list(key);
    const size_t choices = !list ? v.count : v.lists ? v.lists : 1;
    if (!list && v.lists) return fail_at(r, at, "a list of lists is not allowed here");
    if (!choices || first + before * choices > RAD_IMAGES_MAX)
        return fail_at(r, at, choices ? "too many images" : "the list is empty");
    while (s->image_count < first + before * choices)
        if (rad_settings_add_image(s, &s->images[first], r->error) != RAD_OK) return RAD_NO_MEMORY;
    for (size_t i = before; i-- > 0;) {
        const rad_image image = s->images[first + i];
        for (size_t c = choices; c-- > 0;) {
            rad_image *to = &s->images[first + i * choices + c];
            const size_t begin = v.lists ? v.begin[c] : list ? 0 : c;
            const size_t end = v.lists ? v.begin[c + 1] : list ? v.count : c + 1;
            *to = image;
            if (rad_image_set(to, key, v.words + begin, end - begin, &why) != RAD_OK)
                return fail_at(r, at, why.text);
        }
    }
    return RAD_OK;
}

/* The filter at the current event as an image. */
static rad_status take_filter(reader *r) {
    rad_image image;
    rad_error why = {0};
    if (r->event.type != YAML_SCALAR_EVENT || r->event.data.scalar.length >= KEY_MAX || has_nul(r))
        return fail_at(r, r->event.start_mark,
                       "a filter is expected here, such as `log: {sigma: [1, 2, 3]}`");
    rad_status status = rad_image_begin(&image, scalar(r), &why);
    if (status == RAD_OK) status = rad_settings_add_image(r->settings, &image, &why);
    if (status == RAD_NO_MEMORY) return rad_fail(r->error, status, "%s", why.text);
    return status == RAD_OK ? RAD_OK : fail_at(r, r->event.start_mark, why.text);
}

/* The options of the filter at the current event: the pairs of a mapping, or nothing. */
static rad_status take_options(reader *r, size_t first) {
    const size_t seen = r->seen_count;
    if (r->event.type == YAML_SCALAR_EVENT && !r->event.data.scalar.length) return RAD_OK;
    if (r->event.type != YAML_MAPPING_START_EVENT)
        return fail_at(r, r->event.start_mark, "options of a filter are keys and values, such as {sigma: 3}");
    rad_status status = next(r);
    while (status == RAD_OK && r->event.type != YAML_MAPPING_END_EVENT) {
        const yaml_mark_t at = r->event.start_mark;
        char key[KEY_MAX + 1] = "";
        if (r->event.type != YAML_SCALAR_EVENT || r->event.data.scalar.length >= KEY_MAX || has_nul(r))
            return fail_at(r, at, "a key is expected here");
        snprintf(key, sizeof key, "-%s", scalar(r));
        status = note_key(r, key, at);
        if (status == RAD_OK) status = next(r);
        if (status == RAD_OK) status = take_choices(r, key + 1, first, at);
        if (status == RAD_OK) status = next(r);
    }
    r->seen_count = seen;
    return status;
}

/* One entry: `square`, or `log: {sigma: 3}`. */
static rad_status take_image(reader *r) {
    const size_t first = r->settings->image_count;
    if (r->event.type != YAML_MAPPING_START_EVENT) return take_filter(r);
    rad_status status = next(r);
    if (status == RAD_OK) status = take_filter(r);
    if (status == RAD_OK) status = next(r);
    if (status == RAD_OK) status = take_options(r, first);
    if (status == RAD_OK) status = next(r);
    if (status == RAD_OK && r->event.type != YAML_MAPPING_END_EVENT)
        return fail_at(r, r->event.start_mark,
                       "one filter per entry; its options stand further to the right");
    return status;
}

static rad_status take_images(reader *r) {
    if (r->event.type != YAML_SEQUENCE_START_EVENT)
        return fail_at(r, r->event.start_mark, "images are a list, such as [square, log: {sigma: 3}]");
    rad_status status = next(r);
    r->settings->image_count = 0;
    while (status == RAD_OK && r->event.type != YAML_SEQUENCE_END_EVENT) {
        status = take_image(r);
        if (status == RAD_OK) status = next(r);
    }
    return status;
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
    if (!strcmp(key, "images")) return take_images(r);
    return take_setting(r, key, at);
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

rad_status rad_settings_file_update(const char *text, size_t length, const char *name, rad_settings *settings,
                                    rad_error *error) {
    if (length > TEXT_MAX)
        return rad_fail(error, RAD_CONFIG, "%s: longer than %d bytes; is this a settings file?", name,
                        TEXT_MAX);
    reader r = {.name = name, .settings = settings, .error = error};
    if (!yaml_parser_initialize(&r.parser)) return rad_fail(error, RAD_NO_MEMORY, "%s: out of memory", name);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    rad_status status = take_document(&r);
    rad_error why = {0};
    if (status == RAD_OK && rad_settings_finish(settings, &why) != RAD_OK)
        status = rad_fail(error, RAD_CONFIG, "%s: %s", name, why.text);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    if (status != RAD_OK) rad_settings_clear(settings);
    return status;
}

rad_status rad_settings_file_parse(const char *text, size_t length, const char *name, rad_settings *settings,
                                   rad_error *error) {
    rad_error why = {0};
    rad_settings_default(settings);
    rad_status status = rad_settings_file_update(text, length, name, settings, error);
    if (status != RAD_OK || rad_settings_check(settings, &why) == RAD_OK) return status;
    rad_settings_clear(settings);
    return rad_fail(error, RAD_CONFIG, "%s: %s", name, why.text);
}

rad_status rad_settings_file_read(const char *path, rad_settings *settings, rad_error *error) {
    rad_bytes bytes;
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status != RAD_OK) return status;
    status = rad_settings_file_parse((const char *)bytes.data, bytes.length, path, settings, error);
    rad_bytes_free(&bytes);
    return status;
}
