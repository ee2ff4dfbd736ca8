#include "images.h"

#include "settings.h"

#include <stdio.h>
#include <string.h>

const char *const rad_boundary_words[] = {"zero", "nearest", "periodic", "mirror", NULL};
static const char *const poolings[] = {"max", "min", "mean", "sum", NULL};
static const char *const components[] = {"modulus", "real", "imaginary", NULL};
static const char *const patterns[] = {"uniform", "minimum", "code", NULL};
static const char *const no[] = {"no", NULL};
static const char kernel_words[] = "a kernel per axis of L3 E3 S3 L5 E5 S5 W5 R5, such as L5E5E5";
static const char wavelet_words[] = "haar, db1..db10, sym2..sym10 or coif1..coif5";
static const char binning_words[] = "none, fbs<bin width> or fbn<number of bins>";

const char *const rad_filter_words[] = {"mean",      "gaussian",    "log",      "laws",   "gabor",
                                        "wavelet",   "simoncelli",  "gradient", "square", "squareroot",
                                        "logarithm", "exponential", "lbp",      NULL};

/* Options by filter, in the order of the words: those that are part of every name, then the others. */
static const struct {
    const char *named, *others;
} taken[] = {
    {"size", "dimension boundary"},
    {"sigma", "cutoff dimension boundary"},
    {"sigma", "cutoff zero_sum riesz steered dimension boundary"},
    {"kernels", "rotations pooling delta dimension boundary"},
    {"sigma lambda gamma", "theta rotations step pooling orthogonal component boundary"},
    {"wavelet subband", "level rotations pooling dimension boundary"},
    {"level", "riesz steered dimension"},
    {"", "dimension boundary"},
    {"", ""},
    {"", ""},
    {"", ""},
    {"", "scale"},
    {"", "pattern radius samples dimension boundary"},
};

#define AT(member) offsetof(rad_image, options.member)
/* The one place where an option of a filter exists. */
static const rad_key option_keys[] = {
    {"dimension", RAD_KEY_INTEGER, AT(dimension), 2, 3, NULL, "3", "2 or 3", "slice by slice, or in space",
     "_%sD"},
    {"boundary", RAD_KEY_WORD, AT(boundary), 0, 0, rad_boundary_words, "mirror", NULL,
     "what lies outside of the image", "_%s"},
    {"size", RAD_KEY_INTEGER, AT(size), 1, 999, NULL, "5", "an odd whole number in 1..999", "voxels", "%s"},
    {"sigma", RAD_KEY_NUMBER, AT(sigma), 1e-3, 1e3, NULL, "1.5", NULL, "width, mm", "%smm"},
    {"cutoff", RAD_KEY_NUMBER, AT(cutoff), 1, 20, NULL, "4", NULL, "half width of the kernel in sigma",
     "_cut%s"},
    {"zero_sum", RAD_KEY_TRUTH, AT(zero_sum), 0, 1, NULL, "yes", NULL,
     "take the mean of all taps off each of them: a constant has the response 0", "_sampled"},
    {"kernels", RAD_KEY_TEXT, AT(kernels), 0, 0, NULL, "L5E5E5", kernel_words, "Laws kernels along x, y, z",
     "_%s"},
    {"wavelet", RAD_KEY_TEXT, AT(wavelet), 0, 0, NULL, "db2", wavelet_words, "family and order", "_%s"},
    {"subband", RAD_KEY_TEXT, AT(subband), 0, 0, NULL, "LLH", "L or H per axis, such as LLH",
     "low- or high-pass along x, y, z", "_%s"},
    {"level", RAD_KEY_INTEGER, AT(level), 1, 10, NULL, "1", NULL, "decomposition level", "_level%s"},
    {"rotations", RAD_KEY_TRUTH, AT(rotations), 0, 1, NULL, "no", NULL,
     "pool over right-angle rotations, or over the angles of Gabor", "_rot"},
    {"pooling", RAD_KEY_WORD, AT(pooling), 0, 0, poolings, "max", NULL,
     "how rotations, and planes of Gabor, are pooled", "_%s"},
    {"delta", RAD_KEY_INTEGER, AT(delta), 0, 100, NULL, "0", NULL,
     "Chebyshev distance of the Laws energy, voxels; 0: no energy", "_energy%s"},
    {"lambda", RAD_KEY_NUMBER, AT(lambda), 1e-3, 1e3, NULL, "2", NULL, "wavelength, mm", "_lambda%smm"},
    {"gamma", RAD_KEY_NUMBER, AT(gamma), 1e-3, 1e3, NULL, "1.5", NULL, "aspect ratio", "_gamma%s"},
    {"theta", RAD_KEY_NUMBER, AT(theta), -360, 360, NULL, "0", NULL, "orientation, degrees", "_theta%s"},
    {"step", RAD_KEY_NUMBER, AT(step), 1, 360, NULL, "22.5", NULL, "degrees between pooled angles",
     "_step%s"},
    {"orthogonal", RAD_KEY_TRUTH, AT(orthogonal), 0, 1, NULL, "no", NULL,
     "pool over the three orthogonal planes", "_planes"},
    {"component", RAD_KEY_WORD, AT(component), 0, 0, components, "modulus", NULL, "of the complex response",
     "_%s"},
    {"riesz", RAD_KEY_TRIPLE, AT(riesz), 0, 9, NULL, "0 0 0", NULL,
     "order of the Riesz transform along x, y, z", "_riesz%s"},
    {"steered", RAD_KEY_OPTIONAL, AT(steered), 1e-3, 1e3, no, "no", "no or sigma in mm, 0.001..1000",
     "align the Riesz transform with the structure tensor of that width", "_steered%smm"},
    {"scale", RAD_KEY_NUMBER, AT(scale), 1e-6, 1e9, NULL, "1000", NULL,
     "intensity at which the exponential is e", "_scale%s"},
    {"radius", RAD_KEY_NUMBER, AT(radius), 1, 50, NULL, "1", NULL, "of the neighbourhood, voxels",
     "_radius%s"},
    {"samples", RAD_KEY_INTEGER, AT(samples), 4, 24, NULL, "8", NULL,
     "points on the circle of the 2D neighbourhood", "_samples%s"},
    {"pattern", RAD_KEY_WORD, AT(pattern), 0, 0, patterns, "uniform", NULL, "how a pattern becomes a number",
     "_%s"},
};
#undef AT
enum { OPTIONS = sizeof option_keys / sizeof option_keys[0] };

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

static void list_filters(char *text, size_t length) {
    *text = '\0';
    for (const char *const *word = rad_filter_words; *word; word++) {
        const size_t used = strlen(text);
        snprintf(text + used, length - used, "%s%s", used ? ", " : "", *word);
    }
}

rad_status rad_image_begin(rad_image *image, const char *filter, rad_error *error) {
    char there[256];
    *image = (rad_image){.name = ""};
    rad_keys_default(option_keys, OPTIONS, image);
    for (int i = 0; rad_filter_words[i]; i++)
        if (!strcmp(rad_filter_words[i], filter)) {
            image->options.filter = i;
            return RAD_OK;
        }
    list_filters(there, sizeof there);
    return rad_fail(error, RAD_CONFIG, "there is no filter `%.80s`; there are %s", filter, there);
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

static bool is_taken(const rad_image *image, const char *name) {
    const int f = image->options.filter;
    return holds(taken[f].named, name) || holds(taken[f].others, name);
}

const rad_key *rad_image_next(const rad_image *image, size_t *at) {
    for (; *at < OPTIONS; ++*at)
        if (is_taken(image, option_keys[*at].name)) return &option_keys[(*at)++];
    return *at < OPTIONS + IMAGE_KEYS ? &image_keys[(*at)++ - OPTIONS] : NULL;
}

rad_status rad_image_find(const rad_image *image, const char *name, const rad_key **key, rad_error *error) {
    const int f = image->options.filter;
    size_t at = 0;
    while ((*key = rad_image_next(image, &at)))
        if (!strcmp((*key)->name, name)) return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "%s takes no `%.80s`; it takes %s%s%s", rad_filter_words[f], name,
                    taken[f].named, *taken[f].named && *taken[f].others ? " " : "",
                    *taken[f].named || *taken[f].others ? taken[f].others : "no options");
}

rad_status rad_image_set(rad_image *image, const rad_key *key, const char *const *words, size_t count,
                         rad_error *error) {
    rad_status status = rad_key_set(key, image, words, count, error);
    if (status != RAD_OK) return status;
    if (key >= image_keys && key < image_keys + IMAGE_KEYS) image->given |= 1U << (key - image_keys);
    if (!strcmp(key->name, "boundary")) image->given |= RAD_GIVEN_BOUNDARY;
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
        return rad_fail(error, RAD_CONFIG, "%s: %.40s... is too long; at most %d values in %zu characters",
                        name, text, RAD_KEY_WORDS_MAX, sizeof copy - 1);
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
    const int f = image->options.filter;
    rad_image usual = {.name = ""};
    rad_keys_default(option_keys, OPTIONS, &usual);
    snprintf(name, RAD_TEXT_MAX, "%s", rad_filter_words[f]);
    for (size_t i = 0; i < OPTIONS; i++)
        if (holds(taken[f].named, option_keys[i].name)) add_mark(image, &option_keys[i], name);
    for (size_t i = 0; i < OPTIONS; i++) {
        char words[128], standard[128];
        if (!holds(taken[f].others, option_keys[i].name)) continue;
        rad_key_words(&option_keys[i], image, words, sizeof words);
        rad_key_words(&option_keys[i], &usual, standard, sizeof standard);
        if (strcmp(words, standard) != 0) add_mark(image, &option_keys[i], name);
    }
}
