/* BIDS and its derivatives: sub-01[_ses-1][_label-GM][_space-MNI]_dseg belongs to the images of the same
 * entities, else of the same subject, session and space. */
#include "../../core/memory.h"
#include "finder.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct name {
    size_t file;
    char *whole, *short_one; /* entities that tell images apart: all, and of subject, session, space; owned */
    char *kind;              /* anat, pet and so on: the folder; owned */
    char suffix[17], of[17]; /* of: the suffix that a mask says its image has */
    bool mask;
} name;

static const char *const masks[] = {"dseg", "probseg", "mask", "msk", "roi", "seg", "lesion", NULL},
                         *const left_out[] = {"boldref", "dwiref", "events", "bvec", "bval", NULL},
                         *const of_masks[] = {"label", "desc", "mod", "atlas", "seg", NULL},
                         *const main_ones[] = {"sub", "ses", "space", NULL};

static bool is_one(const char *text, size_t length, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == length && !strncasecmp(text, *words, length)) return true;
    return false;
}

static void append(char *out, const char *text, size_t length) {
    size_t used = strlen(out);
    for (size_t i = 0; i < length; i++) out[used++] = (char)tolower((unsigned char)text[i]);
    out[used++] = '_';
    out[used] = '\0';
}

static void copy(char out[17], const char *text, size_t length) {
    if (length > 16) length = 16;
    memcpy(out, text, length);
    out[length] = '\0';
}

/* Is it a space that is that of an image itself (space-T1w), not of a template? */
static bool is_image_space(const char *value, size_t length) {
    static const char *const images[] = {"T1w", "T2w", "FLAIR", "PD", "dwi", "bold", "pet", "ct", NULL};
    return is_one(value, length, images);
}

static bool has_mask_suffix(const char *base, size_t length) {
    size_t at = length;
    while (at && base[at - 1] != '_') at--;
    return is_one(base + at, length - at, masks);
}

/* Entities of a name of so many characters; the suffix is its last part. */
static bool read_name(const char *base, size_t length, name *n) {
    if (length < 5 || strncasecmp(base, "sub-", 4) != 0) return false;
    n->mask = has_mask_suffix(base, length);
    for (size_t at = 0, end; at < length; at = end + 1) {
        for (end = at; end < length && base[end] != '_'; end++) {
        }
        const char *dash = memchr(base + at, '-', end - at);
        if (end == length) {
            if (dash) return false;
            copy(n->suffix, base + at, end - at);
        } else if (!dash) {
            copy(n->of, base + at, end - at); /* as sub-01_T1w_label-lesion_roi has it */
        } else {
            const size_t entity = (size_t)(dash - base) - at;
            if (entity == 3 && !strncasecmp(base + at, "mod", 3)) copy(n->of, dash + 1, end - at - 4);
            if (n->mask && entity == 5 && !strncasecmp(base + at, "space", 5) &&
                is_image_space(dash + 1, end - at - 6)) {
                copy(n->of, dash + 1, end - at - 6);
                continue;
            }
            if (!is_one(base + at, entity, of_masks)) append(n->whole, base + at, end - at);
            if (is_one(base + at, entity, main_ones)) append(n->short_one, base + at, end - at);
        }
    }
    return !is_one(n->suffix, strlen(n->suffix), left_out);
}

/* The last folder of a path. */
static rad_status read_kind(const rad_candidate *c, name *n, rad_error *error) {
    const char *base = rad_finder_base(c->below), *end = base > c->below ? base - 1 : base, *at = end;
    while (at > c->below && at[-1] != '/') at--;
    n->kind = rad_new((size_t)(end - at) + 1, 1, error);
    if (!n->kind) return RAD_NO_MEMORY;
    for (size_t i = 0; at + i < end; i++) n->kind[i] = (char)tolower((unsigned char)at[i]);
    return RAD_OK;
}

static void free_name(name *n) {
    rad_free(n->whole);
    rad_free(n->short_one);
    rad_free(n->kind);
}

static rad_status list_names(const rad_finder *f, name *names, size_t *count, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < f->count && status == RAD_OK; i++) {
        const rad_candidate *c = &f->files[i];
        const char *base = rad_finder_base(c->below);
        const size_t length = c->stem - (size_t)(base - c->below);
        name n = {
            .file = i, .whole = rad_new(length + 2, 1, error), .short_one = rad_new(length + 2, 1, error)};
        if (!n.whole || !n.short_one) status = RAD_NO_MEMORY;
        if (status == RAD_OK) status = read_kind(c, &n, error);
        const bool named = status == RAD_OK && read_name(base, length, &n), given = f->options->mask != NULL;
        if (named && (given ? c->mask || c->image : n.mask ? c->mask : c->image)) {
            if (given) n.mask = c->mask;
            names[(*count)++] = n;
        } else {
            free_name(&n);
        }
    }
    return status;
}

static int by_subject(const void *a, const void *b) {
    const name *x = a, *y = b;
    const int names = strcmp(x->short_one, y->short_one);
    return names ? names : (x->file > y->file) - (x->file < y->file);
}

/* Is it one of the images that such a mask is usually of? ISLES draws its _msk on DWI, whose grid FLAIR does
 * not have. */
static bool is_usual(const name *mask, const name *image) {
    static const char *const diffusion[] = {"dwi", "adc", NULL}, *const anatomy[] = {"T1w", NULL};
    return is_one(image->suffix, strlen(image->suffix),
                  !strcasecmp(mask->suffix, "msk") ? diffusion : anatomy);
}

/* Joins a mask to images of its subject that pass a step; how many there were. Native masks of anatomy are of
 * T1w, where there are other images, too, and those of ISLES of DWI. */
static size_t join_step(rad_finder *f, const name *mask, const name *from, const name *end, bool whole,
                        bool here, rad_error *error) {
    size_t found = 0;
    bool first = false;
    const bool beside = here && strcasecmp(mask->suffix, "msk") != 0;
    rad_candidate *m = &f->files[mask->file];
    for (int pass = 0; pass < 2; pass++)
        for (const name *n = from; n < end && error->status == RAD_OK; n++) {
            rad_candidate *c = &f->files[n->file];
            const bool usual = is_usual(mask, n);
            if (n->mask || c->is_mask || !c->image || strcmp(n->kind, mask->kind) != 0) continue;
            if (*mask->of && strcasecmp(mask->of, n->suffix) != 0) continue;
            if (whole && strcmp(n->whole, mask->whole) != 0) continue;
            if (here && !rad_finder_same_folder(c->below, m->below)) continue;
            first = first || (usual && !beside && !*mask->of);
            if (!pass || (first && !usual)) continue;
            if (rad_finder_join(f, c, m, error) != RAD_OK) return found;
            found++;
        }
    return found;
}

static rad_status join_mask(rad_finder *f, const name *mask, const name *from, const name *end,
                            rad_error *error) {
    rad_error why = {0};
    const rad_candidate *m = &f->files[mask->file];
    if (m->is_mask || m->is_image) return RAD_OK;
    for (int step = 0; step < 4; step++)
        if (join_step(f, mask, from, end, step < 2, step % 2 == 0, &why) || why.status != RAD_OK) break;
    if (why.status != RAD_OK && error) *error = why;
    return why.status;
}

rad_status rad_finder_by_bids(rad_finder *f, rad_error *error) {
    size_t count = 0;
    name *names = rad_new(f->count ? f->count : 1, sizeof *names, error);
    if (!names) return RAD_NO_MEMORY;
    rad_status status = list_names(f, names, &count, error);
    if (count > 1) qsort(names, count, sizeof *names, by_subject);
    for (size_t i = 0, end; i < count && status == RAD_OK; i = end) {
        for (end = i + 1; end < count && !strcmp(names[end].short_one, names[i].short_one); end++) {
        }
        for (size_t k = i; k < end && status == RAD_OK; k++)
            if (names[k].mask) status = join_mask(f, &names[k], names + i, names + end, error);
    }
    for (size_t i = 0; i < count; i++) free_name(&names[i]);
    rad_free(names);
    return status;
}
