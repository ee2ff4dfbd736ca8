/* Patterns that would fit the files of a folder in which no layout was found. */
#include "../../core/memory.h"
#include "finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHAPES = 12, NAME = 0, FOLDER, SUFFIX, KINDS };

/* A file as one of a shape: "*_ct.nii.gz", "scan.nii.gz" or "images/" + "*"; the key is what the others of
 * its case have, too. */
typedef struct look {
    const char *shape, *key; /* in the path below */
    size_t shape_length, key_length;
    double bytes;
} look;

typedef struct shape {
    const look *first;
    size_t count;
    double bytes;
} shape;

static int compare(const char *a, size_t n, const char *b, size_t m) {
    const int order = memcmp(a, b, n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

static int by_shape(const void *a, const void *b) {
    const look *x = a, *y = b;
    const int shapes = compare(x->shape, x->shape_length, y->shape, y->shape_length);
    return shapes ? shapes : compare(x->key, x->key_length, y->key, y->key_length);
}

static look look_at(const rad_candidate *c, int kind) {
    const char *base = rad_finder_base(c->below), *end = c->below + strlen(c->below);
    look l = {base, c->below, (size_t)(end - base), (size_t)(base - c->below), c->bytes};
    if (kind == FOLDER)
        l = (look){c->below, base, (size_t)(base - c->below), c->stem - (size_t)(base - c->below), c->bytes};
    if (kind != SUFFIX) return l;
    const char *cut = c->below + c->stem;
    while (cut > base && !strchr("_-. ", cut[-1])) cut--;
    if (cut > base)
        l = (look){cut - 1, c->below, (size_t)(end - cut) + 1, (size_t)(cut - 1 - c->below), c->bytes};
    return l;
}

/* The most frequent shapes, which follow each other in the list. */
static size_t list_shapes(const look *looks, size_t count, shape *shapes) {
    size_t found = 0;
    for (size_t i = 0, end; i < count; i = end) {
        shape s = {&looks[i], 0, 0};
        for (end = i; end < count && !compare(looks[end].shape, looks[end].shape_length, looks[i].shape,
                                              looks[i].shape_length);
             end++)
            s.bytes += looks[end].bytes;
        s.count = end - i;
        size_t at = found < SHAPES ? found++ : SHAPES - 1;
        if (at == SHAPES - 1 && found == SHAPES && shapes[at].first && shapes[at].count >= s.count) continue;
        for (; at > 0 && shapes[at - 1].count < s.count; at--) shapes[at] = shapes[at - 1];
        shapes[at] = s;
    }
    return found;
}

/* Cases that have both. */
static size_t count_common(const shape *a, const shape *b) {
    size_t common = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        const look *x = &a->first[i], *y = &b->first[k];
        const int order = compare(x->key, x->key_length, y->key, y->key_length);
        common += !order;
        i += order <= 0;
        k += order >= 0;
    }
    return common;
}

static void put_shape(const shape *s, int kind, char *text, size_t size) {
    const look *l = s->first;
    snprintf(text, size, "%s%.*s%s", kind == SUFFIX && *l->shape != '\0' ? "*" : "",
             l->shape_length > 100 ? 100 : (int)l->shape_length, l->shape, kind == FOLDER ? "*" : "");
}

/* What was found best so far. */
typedef struct best {
    bool worded; /* one of the two has a word of masks, the other has none */
    size_t cases;
    double ratio; /* of bytes: images take more of them than masks */
    char *text;
    size_t size;
} best;

/* Has the text of a shape a word of masks? */
static bool is_worded(const shape *s) {
    char key[128];
    bool worded = false;
    const look *l = s->first;
    const size_t length = l->shape_length < sizeof key ? l->shape_length : sizeof key - 1;
    for (size_t at = 0, end; at < length && !worded; at = end + 1) {
        for (end = at; end < length && l->shape[end] != '/'; end++) {
        }
        rad_finder_key(l->shape + at, end - at, key, &worded);
    }
    return worded;
}

/* Is this pair better than the best: by words, by cases, by bytes? */
static bool beats(bool worded, size_t cases, double ratio, const best *b) {
    if (!cases) return false;
    if (worded != b->worded) return worded;
    return cases != b->cases ? cases > b->cases : ratio > b->ratio;
}

/* The two shapes that most cases have both of. */
static void improve(const look *looks, size_t count, int kind, best *b) {
    shape shapes[SHAPES] = {{NULL, 0, 0}};
    char image[128], mask[128];
    const size_t found = list_shapes(looks, count, shapes);
    for (size_t i = 0; i < found; i++)
        for (size_t k = i + 1; k < found; k++) {
            const size_t cases = count_common(&shapes[i], &shapes[k]);
            const double x = shapes[i].bytes / (double)shapes[i].count + 1,
                         y = shapes[k].bytes / (double)shapes[k].count + 1, ratio = x > y ? x / y : y / x;
            const bool first = is_worded(&shapes[i]), second = is_worded(&shapes[k]),
                       worded = first != second;
            if (!beats(worded, cases, ratio, b)) continue;
            const bool mask_first = worded ? first : x < y;
            b->worded = worded;
            b->cases = cases;
            b->ratio = ratio;
            put_shape(&shapes[mask_first ? k : i], kind, image, sizeof image);
            put_shape(&shapes[mask_first ? i : k], kind, mask, sizeof mask);
            snprintf(b->text, b->size, "--image '%s' --mask '%s'", image, mask);
        }
}

rad_status rad_finder_suggest(const rad_finder *f, char *text, size_t size, rad_error *error) {
    look *looks = rad_new(f->count ? f->count : 1, sizeof *looks, error);
    best b = {.text = text, .size = size};
    *text = '\0';
    if (!looks) return RAD_NO_MEMORY;
    for (int kind = NAME; kind < KINDS; kind++) {
        for (size_t i = 0; i < f->count; i++) looks[i] = look_at(&f->files[i], kind);
        if (f->count > 1) qsort(looks, f->count, sizeof *looks, by_shape);
        improve(looks, f->count, kind, &b);
    }
    rad_free(looks);
    return RAD_OK;
}
