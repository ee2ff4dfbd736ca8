/* Lists of cases in JSON, as Medical Decathlon, MONAI and nnU-Net have them (dataset.json): pairs, and the
 * names of channels and labels. */
#include "../../core/memory.h"
#include "../../io/bytes.h"
#include "../../io/tree.h"
#include "finder.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

rad_candidate *rad_listing_find(const rad_listing *l, const char *path, rad_error *error) {
    while (!strncmp(path, "./", 2)) path += 2;
    const size_t size = l->length + strlen(path) + 1;
    char *whole = rad_new_raw(size, 1, error);
    if (!whole) return NULL;
    snprintf(whole, size, "%.*s%s", (int)l->length, l->folder, path);
    const size_t at = rad_names_find(&l->names, whole);
    rad_free(whole);
    return at == SIZE_MAX ? NULL : &l->finder->files[at];
}

static json_t *either(const json_t *item, const char *a, const char *b) {
    json_t *found = json_object_get(item, a);
    return found ? found : json_object_get(item, b);
}

static rad_status read_case(const rad_listing *l, const json_t *item, rad_error *error) {
    json_t *image = either(item, "image", "images"), *label = either(item, "label", "labels");
    if (json_array_size(label) == 1) label = json_array_get(label, 0);
    const size_t count = json_is_array(image) ? json_array_size(image) : 1;
    rad_error why = {0};
    if (!image || !json_is_string(label)) return RAD_OK;
    rad_candidate *mask = rad_listing_find(l, json_string_value(label), &why);
    for (size_t i = 0; i < count && mask && why.status == RAD_OK; i++) {
        const json_t *one = json_is_array(image) ? json_array_get(image, i) : image;
        rad_candidate *file = json_is_string(one) ? rad_listing_find(l, json_string_value(one), &why) : NULL;
        if (file && file != mask && file->image && mask->mask && !file->is_mask && !mask->is_image)
            if (rad_finder_join(l->finder, file, mask, &why) != RAD_OK) break;
    }
    if (why.status != RAD_OK && error) *error = why;
    return why.status;
}

/* Any member that is an array or object of cases: training, validation, dataset and so on. */
static rad_status read_cases(const rad_listing *l, json_t *root, rad_error *error) {
    const char *key;
    json_t *member, *item;
    size_t i;
    rad_status status = RAD_OK;
    json_object_foreach(root, key, member) {
        const char *name;
        json_array_foreach(member, i, item) {
            if (status == RAD_OK) status = read_case(l, item, error);
        }
        json_object_foreach(member, name, item) {
            if (status == RAD_OK) status = read_case(l, item, error);
        }
    }
    return status;
}

static bool is_number(const char *text) {
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* "1", or "1+2" of a region; "" of what is neither. */
static void put_value(const json_t *value, char *text, size_t size) {
    size_t used = 0;
    *text = '\0';
    if (json_is_integer(value)) snprintf(text, size, "%lld", (long long)json_integer_value(value));
    if (json_is_string(value) && is_number(json_string_value(value)))
        snprintf(text, size, "%s", json_string_value(value));
    for (size_t i = 0; i < json_array_size(value) && used < size; i++)
        if (json_is_integer(json_array_get(value, i)))
            used += (size_t)snprintf(text + used, size - used, "%s%lld", i ? "+" : "",
                                     (long long)json_integer_value(json_array_get(value, i)));
}

/* "liver=1; tumour=2" of {"1": "liver"} or {"liver": 1}; without the background. */
static void put_labels(json_t *labels, char *text, size_t size) {
    const char *key;
    json_t *value;
    size_t used = 0;
    *text = '\0';
    json_object_foreach(labels, key, value) {
        char number[128];
        const bool turned = is_number(key) && json_is_string(value);
        const char *name = turned ? json_string_value(value) : key;
        if (turned)
            snprintf(number, sizeof number, "%.100s", key);
        else
            put_value(value, number, sizeof number);
        if (*number && strcmp(number, "0") != 0 && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%.200s=%s", used ? "; " : "", name, number);
    }
}

/* The channel of CASE_0001 is 1. */
static const char *channel_of(const json_t *channels, const char *below, size_t stem) {
    char number[12];
    size_t at = stem;
    while (at && below[at - 1] >= '0' && below[at - 1] <= '9') at--;
    if (stem - at != 4 || !at || below[at - 1] != '_') return NULL;
    snprintf(number, sizeof number, "%d", atoi(below + at));
    const json_t *name = json_object_get(channels, number);
    return json_is_string(name) ? json_string_value(name) : NULL;
}

/* Names of pairs whose masks lie below the list. */
static rad_status name_pairs(const rad_listing *l, const json_t *root, rad_error *error) {
    char text[2048];
    rad_discovery *d = l->finder->out;
    put_labels(json_object_get(root, "labels"), text, sizeof text);
    const json_t *channels = either(root, "channel_names", "modality");
    for (size_t i = 0; i < d->count; i++) {
        rad_pair *p = &d->pairs[i];
        if (strncmp(p->mask, l->folder, l->length) != 0) continue;
        const size_t at = rad_names_find(&l->names, p->image);
        const rad_candidate *c = at == SIZE_MAX ? NULL : &l->finder->files[at];
        const char *channel = c ? channel_of(channels, c->below, c->stem) : NULL;
        if (*text && !p->labels && !(p->labels = rad_text_copy(text, error))) return RAD_NO_MEMORY;
        if (channel && !p->channel && !(p->channel = rad_text_copy(channel, error))) return RAD_NO_MEMORY;
        d->listed = d->listed || p->labels || p->channel;
    }
    return RAD_OK;
}

static bool is_scene(const char *path) {
    const size_t length = strlen(path);
    return length > 5 && !strcasecmp(path + length - 5, ".mrml");
}

static rad_status read_list(const rad_listing *l, const char *path, bool naming, rad_error *error) {
    json_t *root = NULL;
    rad_bytes bytes;
    if (is_scene(path)) return naming ? RAD_OK : rad_listing_read_scene(l, path, error);
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status == RAD_OK) {
        status = rad_tree_parse(bytes.data, bytes.length, path, &root, error);
        if (status == RAD_UNREADABLE) status = RAD_OK; /* another file of that name */
    }
    rad_bytes_free(&bytes);
    if (status == RAD_OK && root) status = naming ? name_pairs(l, root, error) : read_cases(l, root, error);
    json_decref(root);
    return status;
}

static rad_status each_list(rad_finder *f, bool naming, rad_error *error) {
    rad_listing l = {.finder = f};
    rad_status status = rad_names_allocate(&l.names, f->count ? f->count : 1, error);
    l.names.count = f->count;
    for (size_t i = 0; i < f->count && status == RAD_OK; i++)
        l.names.row[i] = (rad_name){f->files[i].path, i};
    if (status == RAD_OK) rad_names_sort(&l.names);
    for (size_t i = 0; i < f->list_count && status == RAD_OK; i++) {
        rad_error why = {0};
        l.folder = f->lists[i];
        l.length = (size_t)(rad_finder_base(l.folder) - l.folder);
        status = read_list(&l, f->lists[i], naming, &why);
        if (status != RAD_OK && error) *error = why;
    }
    rad_names_free(&l.names);
    return status;
}

rad_status rad_finder_by_lists(rad_finder *f, rad_error *error) {
    return f->list_count ? each_list(f, false, error) : RAD_OK;
}

rad_status rad_finder_name_by_lists(rad_finder *f, rad_error *error) {
    return f->list_count && f->out->count ? each_list(f, true, error) : RAD_OK;
}
