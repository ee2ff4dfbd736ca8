#include "images.h"

#include "../features/families.h"

#include <stdio.h>
#include <string.h>

_Static_assert(offsetof(rad_image, options) == 0, "keys of filters are keys of images");
static const char binning_words[] = "none, fbs<bin width> or fbn<number of bins>";

#define AT(member) offsetof(rad_image, member)
static const rad_key image_keys[] = {
    {"name", RAD_KEY_TEXT, AT(name), 0, 0, NULL, NULL, "letters, digits, dots and underscores, at most 95",
     "first part of the columns", NULL},
    {"families", RAD_KEY_WORDS, AT(features.families), 1, 0, rad_family_words, NULL, NULL, "feature families",
     NULL},
    {"discretisation", RAD_KEY_BINNINGS, AT(features.discretisation), 1, RAD_DISCRETISATIONS_MAX, NULL, NULL,
     binning_words, "grey levels", NULL},
    {"ivh", RAD_KEY_BINNINGS, AT(features.ivh), 1, 1, NULL, NULL, binning_words,
     "levels of the intensity-volume histogram", NULL},
};
#undef AT
enum { IMAGE_KEYS = sizeof image_keys / sizeof image_keys[0] };

rad_status rad_image_begin(rad_image *image, const char *filter, rad_error *error) {
    char there[256] = "";
    const rad_filter *found = rad_filter_find(filter);
    *image = (rad_image){.name = ""};
    if (found) {
        rad_filter_default(found, &image->options);
        return RAD_OK;
    }
    for (const rad_filter *const *f = rad_filters; *f; f++) {
        const size_t used = strlen(there);
        snprintf(there + used, sizeof there - used, "%s%s", used ? ", " : "", (*f)->name);
    }
    return rad_fail(error, RAD_CONFIG, "`%.80s` is not a filter; the filters are %s", filter, there);
}

/* Is the name one of the words, which blanks separate? */
static bool holds(const char *words, const char *name) {
    const size_t length = strlen(name);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        const size_t here = strcspn(at, " ");
        if (here == length && !strncmp(at, name, here)) return true;
        at += here;
    }
    return false;
}

const rad_key *rad_image_next(const rad_image *image, size_t *at) {
    size_t options = 0;
    const rad_key *const *keys = image->options.filter->keys;
    while (keys && keys[options]) options++;
    const size_t i = (*at)++;
    return i < options ? keys[i] : i < options + IMAGE_KEYS ? &image_keys[i - options] : NULL;
}

rad_status rad_image_find(const rad_image *image, const char *name, const rad_key **key, rad_error *error) {
    const rad_filter *f = image->options.filter;
    size_t at = 0;
    while ((*key = rad_image_next(image, &at)))
        if (!strcmp((*key)->name, name)) return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "%s has no option `%.80s`; its options are %s%s%s", f->name, name,
                    f->named, *f->named && *f->others ? " " : "",
                    *f->named || *f->others ? f->others : "no options");
}

rad_status rad_image_set(rad_image *image, const rad_key *key, const char *const *words, size_t count,
                         rad_error *error) {
    rad_status status = rad_key_set(key, image, words, count, error);
    if (status != RAD_OK) return status;
    if (key >= image_keys && key < image_keys + IMAGE_KEYS) image->given |= 1U << (key - image_keys);
    if (key == &rad_boundary_key) image->given |= RAD_GIVEN_BOUNDARY;
    return RAD_OK;
}

rad_status rad_image_set_text(rad_image *image, const char *name, const char *text, rad_error *error) {
    char copy[256], *rest = copy;
    const char *words[RAD_KEY_WORDS_MAX];
    size_t count = 0;
    const rad_key *key;
    rad_status status = rad_image_find(image, name, &key, error);
    if (status != RAD_OK) return status;
    if (!rad_key_is_list(key)) return rad_image_set(image, key, &text, 1, error);
    const int length = snprintf(copy, sizeof copy, "%s", text);
    while (rest && count < RAD_KEY_WORDS_MAX) words[count++] = strsep(&rest, ",");
    if (rest || length >= (int)sizeof copy)
        return rad_fail(error, RAD_CONFIG,
                        "%s: %.40s... is too long; at most %d values in %zu characters are allowed", name,
                        text, RAD_KEY_WORDS_MAX, sizeof copy - 1);
    return rad_image_set(image, key, words, count, error);
}

/* Appends the value's mark to the name; lists lose their separators. */
static void add_mark(const rad_image *image, const rad_key *key, char name[RAD_TEXT_MAX]) {
    char words[128], value[128] = "";
    rad_key_words(key, image, words, sizeof words);
    for (const char *c = words; *c; c++)
        if (*c != ',' && *c != ' ') snprintf(value + strlen(value), 2, "%c", *c);
    const char *hole = strstr(key->mark, "%s");
    const size_t used = strlen(name);
    if (hole)
        snprintf(name + used, RAD_TEXT_MAX - used, "%.*s%s%s", (int)(hole - key->mark), key->mark, value,
                 hole + 2);
    else
        snprintf(name + used, RAD_TEXT_MAX - used, "%s", key->mark);
}

void rad_image_make_name(const rad_image *image, char name[RAD_TEXT_MAX]) {
    const rad_filter *f = image->options.filter;
    rad_image usual = {.name = ""};
    rad_filter_default(f, &usual.options);
    snprintf(name, RAD_TEXT_MAX, "%s", f->name);
    for (const rad_key *const *key = f->keys; key && *key; key++)
        if (holds(f->named, (*key)->name)) add_mark(image, *key, name);
    for (const rad_key *const *key = f->keys; key && *key; key++) {
        char words[128], standard[128];
        if (holds(f->named, (*key)->name)) continue;
        rad_key_words(*key, image, words, sizeof words);
        rad_key_words(*key, &usual, standard, sizeof standard);
        if (strcmp(words, standard) != 0) add_mark(image, *key, name);
    }
}
