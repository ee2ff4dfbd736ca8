#include "discover.h"

#include "../../core/memory.h"
#include "../../io/scan/source.h"
#include "../../io/walk.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A file: its key is its name without extension and without the words that tell images from masks. */
typedef struct file {
    char *path, *key; /* owned */
    bool mask;
} file;

typedef struct finder {
    const char *folder;
    const rad_discover_options *options;
    rad_discovery *out;
    file *files;
    size_t count, capacity;
    rad_folder dicom;
} finder;

static const char *const mask_words[] = {"mask",   "seg", "segmentation", "label",
                                         "labels", "roi", "gtv",          NULL},
                         *const image_words[] = {"image", "img", "vol", "volume", "preproc", "desc", NULL};

static bool is_word(const char *text, size_t length, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == length && !strncasecmp(*words, text, length)) return true;
    return false;
}

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "sub-01_CT_mask.nii.gz" has the key "sub-01_ct", and is a mask. */
static void find_key(const char *name, size_t stem, char *key, bool *mask) {
    size_t used = 0;
    *mask = false;
    for (size_t at = 0; at < stem;) {
        size_t end = at;
        while (end < stem && !strchr("_-. ", name[end])) end++;
        const bool marks = is_word(name + at, end - at, mask_words);
        *mask = *mask || marks;
        if (!marks && !is_word(name + at, end - at, image_words)) {
            if (used) key[used++] = name[at - 1];
            for (size_t i = at; i < end; i++) key[used++] = (char)tolower((unsigned char)name[i]);
        }
        at = end + 1;
    }
    key[used] = '\0';
}

static rad_status add_file(finder *f, const char *path, rad_error *error) {
    const char *name = base_of(path);
    const size_t stem = rad_source_stem(name);
    if (!stem) return RAD_OK;
    rad_status status = rad_grow(&f->files, f->count, &f->capacity, sizeof *f->files, error);
    if (status != RAD_OK) return status;
    file *fresh = &f->files[f->count];
    *fresh = (file){rad_text_copy(path, error), rad_new(stem + 1, 1, error), false};
    f->count++;
    if (!fresh->path || !fresh->key) return RAD_NO_MEMORY;
    find_key(name, stem, fresh->key, &fresh->mask);
    const rad_discover_options *o = f->options;
    if (o->mask) fresh->mask = !fnmatch(o->mask, name, FNM_CASEFOLD);
    if (o->image && !fresh->mask && fnmatch(o->image, name, FNM_CASEFOLD) != 0) { /* neither of them */
        rad_free(fresh->path);
        rad_free(fresh->key);
        f->count--;
    }
    return RAD_OK;
}

static rad_status add_found(const char *path, const struct stat *about, void *context, rad_error *error) {
    (void)about;
    return add_file(context, path, error);
}

static rad_status list_files(finder *f, rad_error *error) {
    return rad_walk(f->folder, add_found, f, error);
}

static bool same_folder(const char *a, const char *b) {
    const size_t x = (size_t)(base_of(a) - a), y = (size_t)(base_of(b) - b);
    return x == y && !memcmp(a, b, x);
}

/* Files of one folder follow each other. */
static int by_place(const void *a, const void *b) {
    const char *x = ((const file *)a)->path, *y = ((const file *)b)->path;
    const size_t n = (size_t)(base_of(x) - x), m = (size_t)(base_of(y) - y);
    const int folders = memcmp(x, y, n < m ? n : m);
    if (folders || n != m) return folders ? folders : (n > m) - (n < m);
    return strcmp(x + n, y + m);
}

static int by_key(const void *a, const void *b) {
    const file *const *x = a, *const *y = b;
    const int keys = strcmp((*x)->key, (*y)->key);
    return keys ? keys : (*x > *y) - (*x < *y);
}

/* The only image with the key of the mask, in its folder or anywhere; NULL where there is none, or several.
 */
static const file *with_key(const finder *f, const file *const *order, const file *mask, bool here) {
    const file *found = NULL;
    size_t low = 0, high = f->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (strcmp(order[middle]->key, mask->key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < f->count && !strcmp(order[low]->key, mask->key); low++) {
        if (order[low]->mask || (here && !same_folder(order[low]->path, mask->path))) continue;
        if (found) return NULL;
        found = order[low];
    }
    return found;
}

/* The only image in the folder of the mask. */
static const file *alone_there(const finder *f, const file *mask) {
    const file *found = NULL, *first = mask;
    while (first > f->files && same_folder(first[-1].path, mask->path)) first--;
    for (; first < f->files + f->count && same_folder(first->path, mask->path); first++) {
        if (first->mask) continue;
        if (found) return NULL;
        found = first;
    }
    return found;
}

/* The path below the folder without an extension, as the name of a case; with the mask, where that is needed
 * to tell cases apart. */
static char *name_of(const char *folder, const char *image, const char *mask, rad_error *error) {
    const size_t length = strlen(folder) + strlen(image) + (mask ? strlen(mask) : 0) + 8,
                 skip = strlen(folder);
    char *name = rad_new(length, 1, error);
    if (!name) return NULL;
    const char *below = strncmp(image, folder, skip) ? image : image + skip;
    while (*below == '/') below++;
    const size_t stem = rad_source_stem(below);
    snprintf(name, length, "%.*s", stem ? (int)stem : (int)strlen(below), *below ? below : base_of(folder));
    if (!*below) snprintf(name, length, "%s", base_of(folder));
    const size_t used = strlen(name), end = mask ? rad_source_stem(base_of(mask)) : 0;
    if (mask)
        snprintf(name + used, length - used, " (%.*s)", end ? (int)end : (int)strlen(base_of(mask)),
                 base_of(mask));
    return name;
}

/* Pairs are sorted by name: neighbours of one name get the name of their mask too. */
static rad_status tell_apart(finder *f, rad_error *error) {
    rad_discovery *d = f->out;
    for (size_t i = 0, end; i < d->count; i = end) {
        for (end = i + 1; end < d->count && !strcmp(d->pairs[end].name, d->pairs[i].name); end++) {
        }
        for (size_t k = i; end - i > 1 && k < end; k++) {
            char *name = name_of(f->folder, d->pairs[k].image, d->pairs[k].mask, error);
            if (!name) return RAD_NO_MEMORY;
            rad_free(d->pairs[k].name);
            d->pairs[k].name = name;
        }
    }
    return RAD_OK;
}

static rad_status add_pair(finder *f, const char *image, const char *mask, const char *series,
                           rad_error *error) {
    rad_discovery *d = f->out;
    rad_status status = rad_grow(&d->pairs, d->count, &d->capacity, sizeof *d->pairs, error);
    if (status != RAD_OK) return status;
    d->pairs[d->count] = (rad_pair){name_of(f->folder, image, NULL, error), rad_text_copy(image, error),
                                    rad_text_copy(mask, error), rad_text_copy(series, error)};
    const rad_pair *p = &d->pairs[d->count++];
    return p->name && p->image && p->mask && (p->series || !series) ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status add_alone(finder *f, const char *mask, rad_error *error) {
    rad_discovery *d = f->out;
    rad_status status = rad_grow(&d->alone, d->alone_count, &d->alone_capacity, sizeof *d->alone, error);
    if (status != RAD_OK) return status;
    d->alone[d->alone_count] = rad_text_copy(mask, error);
    return d->alone[d->alone_count++] ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status pair_files(finder *f, rad_error *error) {
    const file **order = rad_new_raw(f->count, sizeof(const file *), error);
    rad_status status = order ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < f->count && status == RAD_OK; i++) order[i] = &f->files[i];
    if (status == RAD_OK && f->count > 1) qsort(order, f->count, sizeof(const file *), by_key);
    for (size_t i = 0; i < f->count && status == RAD_OK; i++) {
        const file *mask = &f->files[i];
        if (!mask->mask) continue;
        const file *image = with_key(f, order, mask, true);
        if (!image) image = with_key(f, order, mask, false);
        if (!image) image = alone_there(f, mask);
        status = image ? add_pair(f, image->path, mask->path, NULL, error) : add_alone(f, mask->path, error);
    }
    rad_free(order);
    return status;
}

/* The folder that holds all files of a series. */
static void common_folder(const rad_instance *const *members, size_t count, char *folder, size_t size) {
    snprintf(folder, size, "%.*s", (int)(base_of(members[0]->path) - members[0]->path), members[0]->path);
    for (size_t i = 1; i < count; i++)
        while (*folder && strncmp(members[i]->path, folder, strlen(folder)) != 0) {
            folder[strlen(folder) - 1] = '\0';
            folder[base_of(folder) - folder] = '\0';
        }
    const size_t length = strlen(folder);
    if (length > 1 && folder[length - 1] == '/') folder[length - 1] = '\0';
}

/* Looks for the series of a mask; `by_frame`: the only one in its frame of reference. */
static size_t find_series(const finder *f, const rad_instance *mask, bool by_frame,
                          const rad_instance **members, const rad_instance **first, char *folder,
                          size_t size) {
    size_t at = 0, found = 0;
    for (size_t count; (count = rad_series_next(&f->dicom, &at, members)) > 0;) {
        const bool fits = by_frame ? *mask->frame_of_reference &&
                                         !strcmp(members[0]->frame_of_reference, mask->frame_of_reference)
                                   : *mask->referenced && !strcmp(members[0]->series, mask->referenced);
        if (!fits) continue;
        *first = members[0];
        common_folder(members, count, folder, size);
        found++;
    }
    return found;
}

static rad_status pair_dicom(finder *f, rad_error *error) {
    rad_status status = rad_folder_scan(f->folder, f->options->threads, &f->dicom, error);
    const rad_instance **members = rad_new(f->dicom.count, sizeof(const rad_instance *), error),
                       *first = NULL;
    char folder[4096];
    if (!members) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < f->dicom.count && status == RAD_OK; i++) {
        const rad_instance *n = &f->dicom.instances[i];
        if (n->object != RAD_OBJECT_STRUCTURES && n->object != RAD_OBJECT_SEGMENTATION) continue;
        size_t found = find_series(f, n, false, members, &first, folder, sizeof folder);
        if (!found) found = find_series(f, n, true, members, &first, folder, sizeof folder);
        status =
            found == 1 ? add_pair(f, folder, n->path, first->series, error) : add_alone(f, n->path, error);
    }
    rad_free(members);
    rad_folder_free(&f->dicom);
    return status;
}

static int by_name(const void *a, const void *b) {
    const rad_pair *p = a, *q = b;
    const int names = strcmp(p->name, q->name);
    return names ? names : strcmp(p->mask, q->mask);
}

rad_status rad_discover(const char *folder, const rad_discover_options *options, rad_discovery *discovery,
                        rad_error *error) {
    finder f = {.folder = folder, .options = options, .out = discovery};
    *discovery = (rad_discovery){.pairs = NULL};
    rad_status status = list_files(&f, error);
    if (status == RAD_OK && f.count > 1) qsort(f.files, f.count, sizeof *f.files, by_place);
    if (status == RAD_OK) status = pair_files(&f, error);
    if (status == RAD_OK) status = pair_dicom(&f, error);
    for (size_t i = 0; i < f.count; i++) {
        rad_free(f.files[i].path);
        rad_free(f.files[i].key);
    }
    rad_free(f.files);
    if (status == RAD_OK && discovery->count > 1) {
        qsort(discovery->pairs, discovery->count, sizeof *discovery->pairs, by_name);
        status = tell_apart(&f, error);
        qsort(discovery->pairs, discovery->count, sizeof *discovery->pairs, by_name);
    }
    if (status != RAD_OK) rad_discovery_free(discovery);
    return status;
}

void rad_discovery_free(rad_discovery *d) {
    for (size_t i = 0; i < d->count; i++) {
        rad_free(d->pairs[i].name);
        rad_free(d->pairs[i].image);
        rad_free(d->pairs[i].mask);
        rad_free(d->pairs[i].series);
    }
    for (size_t i = 0; i < d->alone_count; i++) rad_free(d->alone[i]);
    rad_free(d->pairs);
    rad_free(d->alone);
    *d = (rad_discovery){.pairs = NULL};
}
