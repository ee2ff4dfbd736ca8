/* Files whose names are the same but for words that tell images from masks, or but for what patterns have in
 * place of their wildcards; else the only image of a folder. */
#include "../../core/memory.h"
#include "finder.h"
#include "pattern.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const mask_words[] = {"mask",        "masks",         "msk",          "seg",
                                         "segs",        "segm",          "segmentation", "label",
                                         "labels",      "labelmap",      "roi",          "rois",
                                         "gtv",         "ctv",           "ptv",          "itv",
                                         "gt",          "truth",         "dseg",         "probseg",
                                         "groundtruth", "annotation",    "contour",      "contours",
                                         "delineation", "segmentations", "annotations",  NULL},
                         *const image_words[] = {"image", "img", "vol", "volume", "preproc", "desc", NULL};

static bool is_word(const char *text, size_t length, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == length && !strncasecmp(*words, text, length)) return true;
    return false;
}

void rad_finder_key(const char *name, size_t length, char *key, bool *worded) {
    size_t used = 0;
    *worded = false;
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && !strchr("_-. ", name[end])) end++;
        const bool marks = is_word(name + at, end - at, mask_words);
        *worded = *worded || marks;
        if (!marks && !is_word(name + at, end - at, image_words)) {
            if (used) key[used++] = name[at - 1];
            for (size_t i = at; i < end; i++) key[used++] = (char)tolower((unsigned char)name[i]);
        }
        at = end + 1;
    }
    key[used] = '\0';
}

static int by_key(const void *a, const void *b) {
    const rad_candidate *const *x = a, *const *y = b;
    const int keys = strcmp((*x)->key, (*y)->key);
    return keys ? keys : (*x > *y) - (*x < *y);
}

static bool may_be_image(const rad_candidate *c) {
    return c->image && !c->is_mask && !(c->mask && c->worded);
}

/* The only image with the key of the mask, in its folder or anywhere; NULL where there is none, or several.
 */
static rad_candidate *with_key(const rad_finder *f, rad_candidate *const *order, const rad_candidate *mask,
                               bool here) {
    rad_candidate *found = NULL;
    size_t low = 0, high = f->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (strcmp(order[middle]->key, mask->key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < f->count && !strcmp(order[low]->key, mask->key); low++) {
        if (!may_be_image(order[low]) || (here && !rad_finder_same_folder(order[low]->path, mask->path)))
            continue;
        if (found) return NULL;
        found = order[low];
    }
    return found;
}

/* The only image in the folder of the mask. */
static rad_candidate *alone_there(const rad_finder *f, rad_candidate *mask) {
    rad_candidate *found = NULL, *first = mask;
    while (first > f->files && rad_finder_same_folder(first[-1].path, mask->path)) first--;
    for (; first < f->files + f->count && rad_finder_same_folder(first->path, mask->path); first++) {
        if (!may_be_image(first)) continue;
        if (found) return NULL;
        found = first;
    }
    return found;
}

/* Has the folder of a path a word of masks in its name? */
static bool is_called_masks(const char *below) {
    const char *base = rad_finder_base(below), *at = base > below ? base - 1 : base;
    char key[256];
    bool worded = false;
    while (at > below && at[-1] != '/') at--;
    const size_t length = base > at ? (size_t)(base - at) - 1 : 0;
    if (length && length < sizeof key) rad_finder_key(at, length, key, &worded);
    return worded;
}

/* Files of a folder that is called masks, where none has such a word in its own name, are masks; so are those
 * beside masks, where none is an image. */
static void mark_folders(rad_finder *f) {
    for (size_t i = 0, end; i < f->count; i = end) {
        bool worded = false, image = false, mask = false;
        for (end = i; end < f->count && rad_finder_same_folder(f->files[end].path, f->files[i].path); end++) {
            worded = worded || f->files[end].worded;
            image = image || f->files[end].is_image;
            mask = mask || f->files[end].is_mask;
        }
        if (!image && !worded && (mask || is_called_masks(f->files[i].below)))
            for (size_t k = i; k < end; k++) f->files[k].worded = true;
    }
}

/* "x*y?z" as a pattern with parts; false where it is too long, or has a set. */
static bool convert(const char *wildcards, char *pattern, size_t size) {
    size_t used = 0;
    char part = 'a';
    for (; *wildcards; wildcards++) {
        if (*wildcards == '[' || *wildcards == '\\' || *wildcards == '{' || part == 'i') return false;
        char piece[8] = {*wildcards, '\0'};
        if (*wildcards == '*') snprintf(piece, sizeof piece, "{%c:*}", part++);
        if (*wildcards == '?') snprintf(piece, sizeof piece, "{%c}", part++);
        if (used + strlen(piece) >= size) return false;
        used += (size_t)snprintf(pattern + used, size - used, "%s", piece);
    }
    pattern[used] = '\0';
    return true;
}

/* What the wildcards of its pattern stand for, as the key of a file. */
static rad_status key_by(const char *wildcards, rad_candidate *c, rad_error *error) {
    char pattern[512];
    rad_parts parts;
    const char *name = strchr(wildcards, '/') ? c->below : rad_finder_base(c->below);
    if (!convert(wildcards, pattern, sizeof pattern) ||
        !rad_pattern_fits(pattern, name, strlen(name), &parts))
        return RAD_OK;
    char *key = rad_new(strlen(name) + RAD_PATTERN_PARTS + 1, 1, error);
    if (!key) return RAD_NO_MEMORY;
    size_t used = 0;
    for (int i = 0; i < RAD_PATTERN_PARTS; i++) {
        const struct rad_part *p = &parts.part[i];
        for (size_t k = 0; p->text && k < p->length; k++)
            key[used++] = (char)tolower((unsigned char)p->text[k]);
        if (p->text) key[used++] = '\n';
    }
    rad_free(c->key);
    c->key = key;
    return RAD_OK;
}

static rad_status pair(rad_finder *f, rad_candidate **order, bool last, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < f->count; i++) order[i] = &f->files[i];
    if (f->count > 1) qsort(order, f->count, sizeof(rad_candidate *), by_key);
    for (size_t i = 0; i < f->count && status == RAD_OK; i++) {
        rad_candidate *mask = &f->files[i];
        if (!mask->mask || !mask->worded || mask->is_mask || mask->is_image) continue;
        rad_candidate *image = with_key(f, order, mask, true);
        if (!image && *mask->key) image = with_key(f, order, mask, false);
        if (!image && last) image = alone_there(f, mask);
        if (image) status = rad_finder_join(f, image, mask, error);
    }
    return status;
}

rad_status rad_finder_by_words(rad_finder *f, rad_error *error) {
    const rad_discover_options *o = f->options;
    const bool both = o->image && o->mask;
    rad_candidate **order = rad_new_raw(f->count ? f->count : 1, sizeof(rad_candidate *), error);
    rad_status status = order ? RAD_OK : RAD_NO_MEMORY;
    if (o->mask)
        for (size_t i = 0; i < f->count; i++) f->files[i].worded = f->files[i].mask;
    else
        mark_folders(f);
    if (status == RAD_OK) status = pair(f, order, !both, error);
    for (size_t i = 0; i < f->count && both && status == RAD_OK; i++)
        status = key_by(f->files[i].mask ? o->mask : o->image, &f->files[i], error);
    if (status == RAD_OK && both) status = pair(f, order, true, error);
    rad_free(order);
    return status;
}
