#include "../../core/memory.h"
#include "finder.h"
#include "layouts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A file that fits a pattern, by the parts that image and mask share. */
typedef struct entry {
    char *key; /* owned */
    size_t file;
} entry;

typedef struct join {
    const rad_layout *layout;
    bool shared[RAD_PATTERN_PARTS], folder;
    entry *images; /* by key, owned */
    size_t count;
} join;

/* Parts that stand in both patterns. */
static void find_shared(join *j) {
    const char *image = j->layout->image, *mask = j->layout->mask;
    for (int i = 0; i < RAD_PATTERN_PARTS; i++) {
        const char in[] = {'{', (char)('a' + i), '\0'};
        j->shared[i] = strstr(image, in) && strstr(mask, in);
    }
    j->folder = !strncmp(image, "**", 2) && !strncmp(mask, "**", 2);
}

static size_t put(char *out, const struct rad_part *part) {
    for (size_t i = 0; i < part->length; i++) out[i] = (char)tolower((unsigned char)part->text[i]);
    out[part->length] = '\n';
    return part->length + 1;
}

/* NULL without memory. */
static char *key_of(const join *j, const rad_candidate *file, const rad_parts *parts, rad_error *error) {
    char *key = rad_new(2 * file->stem + RAD_PATTERN_PARTS + 2, 1, error);
    size_t used = 0;
    if (!key) return NULL;
    if (j->folder) used += put(key, &parts->folder);
    for (int i = 0; i < RAD_PATTERN_PARTS; i++) {
        if (!j->shared[i]) continue;
        if (i != 'k' - 'a') {
            used += put(key + used, &parts->part[i]);
            continue;
        }
        bool worded;
        rad_finder_key(parts->part[i].text, parts->part[i].length, key + used, &worded);
        used += strlen(key + used);
    }
    key[used] = '\0';
    return key;
}

static int by_key(const void *a, const void *b) {
    const entry *x = a, *y = b;
    const int keys = strcmp(x->key, y->key);
    return keys ? keys : (x->file > y->file) - (x->file < y->file);
}

static rad_status list_images(const rad_finder *f, join *j, rad_error *error) {
    rad_parts parts;
    j->images = rad_new(f->count ? f->count : 1, sizeof *j->images, error);
    if (!j->images) return RAD_NO_MEMORY;
    for (size_t i = 0; i < f->count; i++) {
        const rad_candidate *c = &f->files[i];
        if (!c->image || c->is_mask || (j->layout->plain && c->worded) ||
            !rad_pattern_fits(j->layout->image, c->below, c->stem, &parts))
            continue;
        j->images[j->count] = (entry){key_of(j, c, &parts, error), i};
        if (!j->images[j->count++].key) return RAD_NO_MEMORY;
    }
    if (j->count > 1) qsort(j->images, j->count, sizeof *j->images, by_key);
    return RAD_OK;
}

/* The images of a key: *first is where they begin. */
static size_t find_images(const join *j, const char *key, size_t *first) {
    size_t low = 0, high = j->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (strcmp(j->images[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < j->count && !strcmp(j->images[low].key, key)) low++;
    return low - *first;
}

static rad_status join_mask(rad_finder *f, const join *j, rad_candidate *mask, rad_error *error) {
    rad_parts parts;
    size_t first;
    if (mask->is_mask || mask->is_image || !mask->mask ||
        !rad_pattern_fits(j->layout->mask, mask->below, mask->stem, &parts))
        return RAD_OK;
    char *key = key_of(j, mask, &parts, error);
    if (!key) return RAD_NO_MEMORY;
    const size_t found = find_images(j, key, &first);
    rad_status status = RAD_OK;
    for (size_t i = first; i < first + found && status == RAD_OK && (found == 1 || j->layout->several); i++) {
        rad_candidate *image = &f->files[j->images[i].file];
        if (image != mask) status = rad_finder_join(f, image, mask, error);
    }
    rad_free(key);
    return status;
}

rad_status rad_finder_by_layouts(rad_finder *f, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t l = 0; l < rad_layout_count && status == RAD_OK; l++) {
        join j = {.layout = &rad_layouts[l]};
        find_shared(&j);
        status = list_images(f, &j, error);
        for (size_t i = 0; i < f->count && status == RAD_OK && j.count; i++)
            status = join_mask(f, &j, &f->files[i], error);
        for (size_t i = 0; i < j.count; i++) rad_free(j.images[i].key);
        rad_free(j.images);
    }
    return status;
}
