#include "settings_file.h"

#include "../io/bytes.h"
#include "../io/document.h"
#include "pyr_parameters.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20, WORDS_MAX = 64, KEY_MAX = 64, KEYS_MAX = 128, SEEN_TEXT = 128 };

typedef struct reader {
    const char *name;
    rad_settings *settings;
    rad_error *error;
    char seen[KEYS_MAX][SEEN_TEXT]; /* settings that were set, by whatever way they are written */
    size_t seen_count;
} reader;

static rad_status fail(const reader *r, const rad_node *key, const char *what) {
    return rad_node_fail(key, r->name, r->error, "%s", what);
}

static rad_status fail_value(const reader *r, const rad_node *value, const char *what) {
    return rad_node_fail_value(value, r->name, r->error, "%s", what);
}

/* A value: a text, a list of texts, or a list of such lists; borrowed from nodes. */
typedef struct value {
    const char *words[WORDS_MAX];
    size_t count;
    size_t begin[WORDS_MAX + 1]; /* first word of each list in the list, and the end of the last */
    size_t lists;                /* 0: no list of lists */
} value;

static rad_status add_word(const reader *r, const rad_node *node, value *v) {
    if (v->count == WORDS_MAX || strlen(node->text) >= RAD_TEXT_MAX)
        return fail_value(r, node, "the value is too long");
    v->words[v->count++] = node->text;
    return RAD_OK;
}

static rad_status read_list(const reader *r, const rad_node *list, value *v, bool outermost) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < list->count && status == RAD_OK; i++) {
        const rad_node *node = &list->child[i];
        const bool inner = outermost && node->kind == RAD_NODE_LIST;
        if (inner && v->lists < WORDS_MAX && (v->lists || !v->count)) {
            v->begin[v->lists++] = v->count;
            status = read_list(r, node, v, false);
            v->begin[v->lists] = v->count;
        } else if (node->kind == RAD_NODE_TEXT && !(outermost && v->lists)) {
            status = add_word(r, node, v);
        } else {
            return fail_value(r, node, "a value is expected here");
        }
    }
    return status;
}

static rad_status read_value(const reader *r, const rad_node *node, value *v) {
    v->count = v->lists = 0;
    if (node->kind == RAD_NODE_TEXT) return add_word(r, node, v);
    if (node->kind == RAD_NODE_LIST) return read_list(r, node, v, true);
    return fail_value(r, node, "a value or a list is expected here");
}

static rad_status read_setting(const reader *r, const rad_node *node, const char *key) {
    value v;
    rad_error why = {0};
    size_t keys;
    const rad_key *key_rows = rad_settings_keys(&keys);
    if (!rad_key_find(key_rows, keys, key) &&
        rad_settings_set_words(r->settings, key, NULL, 0, &why) != RAD_OK)
        return rad_pyr_parameters_has(key)
                   ? fail(r, node,
                          "this is a setting of PyRadiomics; its parameter files have it below `setting:`")
                   : fail(r, node, why.text);
    rad_status status = read_value(r, node, &v);
    if (status != RAD_OK) return status;
    if (v.lists) return fail(r, node, "a list of lists is not allowed here");
    status = rad_settings_set_words(r->settings, key, v.words, v.count, &why);
    return status == RAD_OK ? RAD_OK : fail(r, node, why.text);
}

static rad_status note_key(reader *r, const rad_node *node, const char *key) {
    for (size_t i = 0; i < r->seen_count; i++)
        if (!strcmp(r->seen[i], key)) return fail(r, node, "the key is given twice");
    if (r->seen_count == KEYS_MAX) return fail(r, node, "too many keys");
    snprintf(r->seen[r->seen_count++], SEEN_TEXT, "%s", key);
    return RAD_OK;
}

/* An option of the images from `first` on: one image for each of its choices. */
static rad_status read_choices(const reader *r, const rad_node *node, size_t first) {
    value v;
    const rad_key *key;
    rad_error why = {0};
    rad_settings *s = r->settings;
    const size_t before = s->image_count - first;
    rad_status status = read_value(r, node, &v);
    if (status == RAD_OK && rad_image_find(&s->images[first], node->key, &key, &why) != RAD_OK)
        return fail(r, node, why.text);
    if (status != RAD_OK) return status;
    const bool list = rad_key_is_list(key);
    const size_t choices = !list ? v.count : v.lists ? v.lists : 1;
    if (!list && v.lists) return fail(r, node, "a list of lists is not allowed here");
    if (!choices || first + before * choices > RAD_IMAGES_MAX)
        return fail(r, node, choices ? "too many images" : "the list is empty");
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
                return fail(r, node, why.text);
        }
    }
    return RAD_OK;
}

/* A filter as an image; the node is where it stands. */
static rad_status add_filter(const reader *r, const rad_node *node, const char *filter) {
    rad_image image;
    rad_error why = {0};
    if (!filter || strlen(filter) >= KEY_MAX)
        return fail(r, node, "a filter is expected here, such as `log: {sigma: [1, 2, 3]}`");
    rad_status status = rad_image_begin(&image, filter, &why);
    if (status == RAD_OK) status = rad_settings_add_image(r->settings, &image, &why);
    if (status == RAD_NO_MEMORY) return rad_fail(r->error, status, "%s", why.text);
    return status == RAD_OK ? RAD_OK : fail(r, node, why.text);
}

/* The options of a filter: a mapping, or nothing. */
static rad_status read_options(const reader *r, const rad_node *node, size_t first) {
    rad_status status = RAD_OK;
    if (node->kind == RAD_NODE_TEXT && !*node->text) return RAD_OK;
    if (node->kind != RAD_NODE_MAP)
        return fail_value(r, node, "options of a filter must be keys and values, such as {sigma: 3}");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = strlen(node->child[i].key) < KEY_MAX ? read_choices(r, &node->child[i], first)
                                                      : fail(r, &node->child[i], "a key is expected here");
    return status;
}

/* One entry: `square`, or `log: {sigma: 3}`. */
static rad_status read_image(const reader *r, const rad_node *entry) {
    const size_t first = r->settings->image_count;
    const rad_node *filter = entry->count ? entry->child : entry;
    if (entry->kind != RAD_NODE_MAP) return add_filter(r, entry, entry->text);
    rad_status status = add_filter(r, filter, filter->key);
    if (status == RAD_OK) status = read_options(r, filter, first);
    if (status == RAD_OK && entry->count > 1)
        return fail(r, &entry->child[1], "only one filter per entry is allowed; indent its options further");
    return status;
}

static rad_status read_images(const reader *r, const rad_node *list) {
    rad_status status = RAD_OK;
    if (list->kind != RAD_NODE_LIST)
        return fail_value(r, list, "images must be a list, such as [square, log: {sigma: 3}]");
    r->settings->image_count = 0;
    for (size_t i = 0; i < list->count && status == RAD_OK; i++) status = read_image(r, &list->child[i]);
    return status;
}

/* A key of a step of masks. */
static rad_status read_step_key(const reader *r, const rad_node *node, rad_mask_step *step) {
    value v;
    const rad_key *key;
    rad_error why = {0};
    rad_status status = read_value(r, node, &v);
    if (status != RAD_OK) return status;
    if (v.lists) return fail(r, node, "a list of lists is not allowed here");
    status = rad_mask_step_find(step, node->key, &key, &why);
    if (status == RAD_OK) status = rad_key_set(key, step, v.words, v.count, &why);
    return status == RAD_OK ? RAD_OK : fail(r, node, why.text);
}

/* One entry: `largest`, or `grow: {mm: 5}`. */
static rad_status read_step(const reader *r, const rad_node *entry) {
    const bool named = entry->kind == RAD_NODE_MAP && entry->count == 1;
    const rad_node *node = named ? entry->child : entry;
    const char *word = named ? node->key : entry->text;
    rad_mask_step step;
    rad_error why = {0};
    if ((!named && entry->kind != RAD_NODE_TEXT) || !word)
        return fail(r, node, "one step of masks is expected here, such as `grow: {mm: 5}`");
    if (named && node->kind != RAD_NODE_MAP && (node->kind != RAD_NODE_TEXT || *node->text))
        return fail_value(r, node, "a step of masks has keys and values, such as {mm: 5}");
    rad_status status = rad_mask_step_begin(&step, word, &why);
    if (status != RAD_OK) return fail(r, node, why.text);
    for (size_t i = 0; named && i < node->count && status == RAD_OK; i++)
        status = read_step_key(r, &node->child[i], &step);
    if (status != RAD_OK) return status;
    status = rad_mask_step_check(&step, &why);
    if (status == RAD_OK) status = rad_settings_add_step(r->settings, &step, &why);
    if (status == RAD_NO_MEMORY) return rad_fail(r->error, status, "%s", why.text);
    return status == RAD_OK ? RAD_OK : fail(r, node, why.text);
}

static rad_status read_steps(const reader *r, const rad_node *list) {
    rad_status status = RAD_OK;
    if (list->kind != RAD_NODE_LIST)
        return fail_value(r, list, "masks must be a list of steps, such as [largest, grow: {mm: 5}]");
    r->settings->step_count = 0;
    for (size_t i = 0; i < list->count && status == RAD_OK; i++) status = read_step(r, &list->child[i]);
    return status;
}

static rad_status read_pairs(reader *r, const rad_node *map, const char *group);

static rad_status read_pair(reader *r, const rad_node *node, const char *group) {
    char key[SEEN_TEXT];
    if (strlen(node->key) >= KEY_MAX) return fail(r, node, "a key is expected here");
    snprintf(key, sizeof key, "%s%s%s", group, *group ? "." : "", node->key);
    rad_status status = note_key(r, node, key);
    if (status != RAD_OK) return status;
    const bool is_group = !*group && rad_settings_is_group(key);
    if (is_group && node->kind == RAD_NODE_MAP) return read_pairs(r, node, key);
    if (is_group) return fail_value(r, node, "this group needs keys below it");
    if (!strcmp(key, "images")) return read_images(r, node);
    if (!strcmp(key, "masks")) return read_steps(r, node);
    return read_setting(r, node, key);
}

static rad_status read_pairs(reader *r, const rad_node *map, const char *group) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < map->count && status == RAD_OK; i++) status = read_pair(r, &map->child[i], group);
    return status;
}

rad_status rad_settings_file_update(const char *text, size_t length, const char *name, rad_settings *settings,
                                    rad_error *error) {
    rad_node root;
    rad_error why = {0};
    reader r = {.name = name, .settings = settings, .error = error};
    if (length > TEXT_MAX)
        return rad_fail(error, RAD_CONFIG, "%s: is longer than %d bytes; is this a settings file?", name,
                        TEXT_MAX);
    rad_status status = rad_document_parse_as(
        text, length, name, "settings must be keys and values, such as `discretisation: fbn32`", &root,
        error);
    if (status == RAD_OK && rad_pyr_parameters_sniff(&root)) {
        status = rad_pyr_parameters_read(&root, name, settings, error);
        rad_node_free(&root);
        if (status != RAD_OK) rad_settings_clear(settings);
        return status;
    }
    if (status == RAD_OK) settings->unset = !root.count;
    if (status == RAD_OK) status = read_pairs(&r, &root, "");
    if (status == RAD_OK && rad_settings_finish(settings, &why) != RAD_OK)
        status = rad_fail(error, RAD_CONFIG, "%s: %s", name, why.text);
    rad_node_free(&root);
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
