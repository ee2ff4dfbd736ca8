#include "discover.h"

#include "../../core/memory.h"
#include "../../io/scan/source.h"
#include "../../io/walk.h"
#include "finder.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *rad_finder_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool rad_finder_same_folder(const char *a, const char *b) {
    const size_t x = (size_t)(rad_finder_base(a) - a), y = (size_t)(rad_finder_base(b) - b);
    return x == y && !memcmp(a, b, x);
}

/* Names, or with a slash paths below the folder. */
static bool fits(const char *pattern, const char *below) {
    const char *text = strchr(pattern, '/') ? below : rad_finder_base(below);
    return !fnmatch(pattern, text, FNM_CASEFOLD);
}

/* The path below the folder; "" of the folder itself. */
static const char *below_of(const char *folder, const char *path) {
    const size_t skip = strlen(folder);
    const char *below = strncmp(path, folder, skip) ? path : path + skip;
    while (*below == '/') below++;
    return below;
}

static rad_status add_list(rad_finder *f, const char *path, rad_error *error) {
    rad_status status = rad_grow(&f->lists, f->list_count, &f->list_capacity, sizeof *f->lists, error);
    if (status != RAD_OK) return status;
    f->lists[f->list_count] = rad_text_copy(path, error);
    return f->lists[f->list_count++] ? RAD_OK : RAD_NO_MEMORY;
}

/* dataset.json, dataset_0.json, datalist.json: as programs that train on scans call their lists; scenes of
 * 3D Slicer. */
static bool is_list(const char *name) {
    return !fnmatch("dataset*.json", name, FNM_CASEFOLD) || !fnmatch("datalist*.json", name, FNM_CASEFOLD) ||
           !fnmatch("*.mrml", name, FNM_CASEFOLD);
}

static rad_status add_found(const char *path, const struct stat *about, void *context, rad_error *error) {
    rad_finder *f = context;
    const rad_discover_options *o = f->options;
    const char *name = rad_finder_base(path);
    const size_t stem = rad_source_stem(name);
    if (*name == '.') return RAD_OK; /* what other systems leave beside files */
    if (is_list(name)) return add_list(f, path, error);
    if (!stem) return RAD_OK;
    const char *below = below_of(f->folder, path);
    if (!*below) below = name; /* the folder is a file */
    const bool mask = !o->mask || fits(o->mask, below),
               image = o->image ? fits(o->image, below) && !(o->mask && mask) : !o->mask || !mask;
    rad_status status = rad_grow(&f->files, f->count, &f->capacity, sizeof *f->files, error);
    if (status != RAD_OK) return status;
    rad_candidate *fresh = &f->files[f->count++];
    *fresh = (rad_candidate){.path = rad_text_copy(path, error),
                             .key = rad_new(stem + 1, 1, error),
                             .bytes = (double)about->st_size,
                             .image = image,
                             .mask = mask};
    if (!fresh->path || !fresh->key) return RAD_NO_MEMORY;
    fresh->below = fresh->path + (below - path);
    fresh->stem = (size_t)(name - below) + stem;
    rad_finder_key(name, stem, fresh->key, &fresh->worded);
    return RAD_OK;
}

/* Files of one folder follow each other. */
static int by_place(const void *a, const void *b) {
    const char *x = ((const rad_candidate *)a)->path, *y = ((const rad_candidate *)b)->path;
    const size_t n = (size_t)(rad_finder_base(x) - x), m = (size_t)(rad_finder_base(y) - y);
    const int folders = memcmp(x, y, n < m ? n : m);
    if (folders || n != m) return folders ? folders : (n > m) - (n < m);
    return strcmp(x + n, y + m);
}

/* Length of a path without the ending of a format. */
static int stem_of(const char *path) {
    const size_t stem = rad_source_stem(path);
    return (int)(stem ? stem : strlen(path));
}

/* The path below the folder without an extension, as the name of a case; with something of the mask, where
 * that is needed to tell cases apart. */
static char *name_of(const char *folder, const char *image, const char *mask, rad_error *error) {
    const char *below = below_of(folder, image);
    if (!*below) below = rad_finder_base(folder);
    const size_t length = strlen(below) + (mask ? strlen(mask) : 0) + 8;
    char *name = rad_new(length, 1, error);
    if (!name) return NULL;
    const int used = snprintf(name, length, "%.*s", stem_of(below), below);
    if (mask) snprintf(name + used, length - (size_t)used, " (%.*s)", stem_of(mask), mask);
    return name;
}

rad_status rad_finder_add_pair(rad_finder *f, const char *image, const char *mask, const char *series,
                               rad_error *error) {
    rad_discovery *d = f->out;
    rad_status status = rad_grow(&d->pairs, d->count, &d->capacity, sizeof *d->pairs, error);
    if (status != RAD_OK) return status;
    d->pairs[d->count] = (rad_pair){.name = name_of(f->folder, image, NULL, error),
                                    .image = rad_text_copy(image, error),
                                    .mask = rad_text_copy(mask, error),
                                    .series = rad_text_copy(series, error)};
    const rad_pair *p = &d->pairs[d->count++];
    return p->name && p->image && p->mask && (p->series || !series) ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_finder_add_alone(rad_finder *f, const char *mask, rad_error *error) {
    rad_discovery *d = f->out;
    rad_status status = rad_grow(&d->alone, d->alone_count, &d->alone_capacity, sizeof *d->alone, error);
    if (status != RAD_OK) return status;
    d->alone[d->alone_count] = rad_text_copy(mask, error);
    return d->alone[d->alone_count++] ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_finder_join(rad_finder *f, rad_candidate *image, rad_candidate *mask, rad_error *error) {
    image->is_image = true;
    mask->is_mask = true;
    return rad_finder_add_pair(f, image->path, mask->path, NULL, error);
}

static int by_name(const void *a, const void *b) {
    const rad_pair *p = a, *q = b;
    const int names = strcmp(p->name, q->name), masks = strcmp(p->mask, q->mask);
    return names ? names : masks ? masks : strcmp(p->image, q->image);
}

static void sort(rad_discovery *d) {
    if (d->count > 1) qsort(d->pairs, d->count, sizeof *d->pairs, by_name);
}

static rad_status rename_pair(rad_pair *p, char *name) {
    if (!name) return RAD_NO_MEMORY;
    rad_free(p->name);
    p->name = name;
    return RAD_OK;
}

static bool is_repeated(const rad_discovery *d, size_t i) {
    return (i && !strcmp(d->pairs[i - 1].name, d->pairs[i].name)) ||
           (i + 1 < d->count && !strcmp(d->pairs[i].name, d->pairs[i + 1].name));
}

/* The part of the masks of pairs i..end that all share: up to a slash. */
static size_t common_part(const rad_discovery *d, size_t i, size_t end) {
    const char *first = d->pairs[i].mask;
    size_t length = (size_t)(rad_finder_base(first) - first);
    for (size_t k = i + 1; k < end; k++)
        while (length && strncmp(first, d->pairs[k].mask, length) != 0)
            for (length--; length && first[length - 1] != '/';) length--;
    return length;
}

/* Pairs of one name get that of their mask, too; of masks of one name the folders that tell them apart. */
static rad_status tell_group(rad_finder *f, size_t i, size_t end, rad_error *error) {
    rad_discovery *d = f->out;
    bool alike = false;
    for (size_t k = i; k < end; k++)
        for (size_t l = i; l < k && !alike; l++)
            alike = !strcmp(rad_finder_base(d->pairs[k].mask), rad_finder_base(d->pairs[l].mask));
    const size_t skip = common_part(d, i, end);
    rad_status status = RAD_OK;
    for (size_t k = i; k < end && status == RAD_OK; k++) {
        rad_pair *p = &d->pairs[k];
        status = rename_pair(
            p, name_of(f->folder, p->image, alike ? p->mask + skip : rad_finder_base(p->mask), error));
    }
    return status;
}

/* The same, of names that are still alike (images that differ in their ending): a number. */
static rad_status number_pairs(rad_discovery *d, rad_error *error) {
    rad_status status = RAD_OK;
    size_t number = 1;
    for (size_t i = 1; i < d->count && status == RAD_OK; i++) {
        const size_t length = strlen(d->pairs[i].name) + 24;
        const char *first = d->pairs[i - number].name;
        if (strcmp(first, d->pairs[i].name) != 0) {
            number = 1;
            continue;
        }
        char *name = rad_new(length, 1, error);
        if (name) snprintf(name, length, "%s #%zu", d->pairs[i].name, ++number);
        status = rename_pair(&d->pairs[i], name);
    }
    return status;
}

static rad_status tell_apart(rad_finder *f, rad_error *error) {
    rad_discovery *d = f->out;
    rad_status status = RAD_OK;
    sort(d);
    for (size_t i = 0, end; i < d->count && status == RAD_OK; i = end) {
        for (end = i + 1; end < d->count && !strcmp(d->pairs[end].name, d->pairs[i].name); end++) {
        }
        if (end - i > 1) status = tell_group(f, i, end, error);
    }
    sort(d);
    for (size_t round = 0; round < d->count && status == RAD_OK; round++) {
        bool repeated = false;
        for (size_t i = 0; i < d->count; i++) repeated = repeated || is_repeated(d, i);
        if (!repeated) break;
        status = number_pairs(d, error);
        sort(d);
    }
    return status;
}

static void free_finder(rad_finder *f) {
    for (size_t i = 0; i < f->count; i++) {
        rad_free(f->files[i].path);
        rad_free(f->files[i].key);
    }
    for (size_t i = 0; i < f->list_count; i++) rad_free(f->lists[i]);
    rad_free(f->files);
    rad_free(f->lists);
}

static rad_status count_files(const rad_finder *f, rad_error *error) {
    rad_discovery *d = f->out;
    d->files = f->count;
    for (size_t i = 0; i < f->count; i++) {
        const rad_candidate *c = &f->files[i];
        d->images += c->image;
        d->masks += c->mask;
        if (!c->image || c->worded || c->is_image || c->is_mask) continue;
        if (!d->spare_count++ && !(d->spare = rad_text_copy(c->path, error))) return RAD_NO_MEMORY;
    }
    return RAD_OK;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

rad_status rad_discover(const char *folder, const rad_discover_options *options, rad_discovery *discovery,
                        rad_error *error) {
    static rad_status (*const ways[])(rad_finder *, rad_error *) = {
        rad_finder_by_lists, rad_finder_by_bids,  rad_finder_by_layouts,
        rad_finder_by_words, rad_finder_by_dicom, rad_finder_name_by_lists};
    rad_finder f = {.folder = folder, .options = options, .out = discovery};
    *discovery = (rad_discovery){.pairs = NULL};
    rad_status status = rad_walk(folder, add_found, &f, error);
    if (status == RAD_OK && f.count > 1) qsort(f.files, f.count, sizeof *f.files, by_place);
    if (status == RAD_OK && f.list_count > 1) qsort(f.lists, f.list_count, sizeof *f.lists, by_text);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && status == RAD_OK; i++) status = ways[i](&f, error);
    if (status == RAD_OK) status = tell_apart(&f, error);
    if (status == RAD_OK) status = rad_finder_name_subjects(&f, error);
    if (status == RAD_OK && !discovery->count)
        status = rad_finder_suggest(&f, discovery->suggestion, sizeof discovery->suggestion, error);
    if (status == RAD_OK) status = count_files(&f, error);
    free_finder(&f);
    if (status != RAD_OK) rad_discovery_free(discovery);
    return status;
}

void rad_discovery_free(rad_discovery *d) {
    for (size_t i = 0; i < d->count; i++) {
        rad_free(d->pairs[i].name);
        rad_free(d->pairs[i].image);
        rad_free(d->pairs[i].mask);
        rad_free(d->pairs[i].series);
        rad_free(d->pairs[i].channel);
        rad_free(d->pairs[i].labels);
        rad_free(d->pairs[i].member);
        rad_free(d->pairs[i].patient);
        rad_free(d->pairs[i].timepoint);
        rad_free(d->pairs[i].modality);
    }
    for (size_t i = 0; i < d->alone_count; i++) rad_free(d->alone[i]);
    rad_free(d->pairs);
    rad_free(d->alone);
    rad_free(d->spare);
    rad_free(d->unread);
    *d = (rad_discovery){.pairs = NULL};
}
