#include "settings.h"

#include "number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *const rad_family_words[RAD_FAMILY_COUNT] = {
    [RAD_FAMILY_MORPH] = "morph", [RAD_FAMILY_LOC] = "loc", [RAD_FAMILY_STAT] = "stat",
    [RAD_FAMILY_IH] = "ih",       [RAD_FAMILY_IVH] = "ivh", [RAD_FAMILY_CM] = "cm",
    [RAD_FAMILY_RLM] = "rlm",     [RAD_FAMILY_SZM] = "szm", [RAD_FAMILY_DZM] = "dzm",
    [RAD_FAMILY_NGT] = "ngt",     [RAD_FAMILY_NGL] = "ngl",
};
static const char *const methods[] = {
    [RAD_NEAREST] = "nearest", [RAD_LINEAR] = "linear", [RAD_CUBIC] = "cubic"};
static const char *const dimensions[] = {"2D", "2.5D", "3D"};
static const char *const truths[] = {"no", "yes"};

typedef enum kind {
    NUMBER,  /* double in low..high */
    INTEGER, /* int in low..high */
    SPACING, /* one or three doubles in low..high */
    RANGE,   /* two doubles, the first below the second, infinite ends allowed */
    WORD,    /* one of the words; an enum */
    TRUTH,   /* yes or no; a bool */
    WORDS,   /* any of the words; a bit each */
    BINS,    /* one discretisation */
    BINNINGS /* up to RAD_DISCRETISATIONS_MAX discretisations, none twice */
} kind;

typedef struct row {
    const char *key;
    kind kind;
    size_t offset;
    double low, high;
    const char *const *words;
    size_t word_count;
    const char *standard; /* default, words separated by blanks */
    const char *takes;
    const char *help; /* with the IBSI identifier */
} row;

#define AT(member)      offsetof(rad_settings, member)
#define WORDS_OF(table) table, sizeof table / sizeof table[0]
static const char binning_words[] = "none, fbs<bin width> or fbn<number of bins>";

/* The one place where a setting exists. */
static const row rows[] = {
    {"interpolation.spacing", SPACING, AT(spacing), 0, 1000, NULL, 0, "0",
     "one number or [x, y, z], mm, 0..1000", "voxel spacing after interpolation; 0 keeps the axis (VTM2)"},
    {"interpolation.method", WORD, AT(image_method), 0, 0, WORDS_OF(methods), "linear",
     "nearest, linear or cubic", "interpolation of the image; cubic is the B-spline (VTM2)"},
    {"interpolation.mask_method", WORD, AT(mask_method), 0, 0, methods, RAD_CUBIC, "linear",
     "nearest or linear", "interpolation of the mask (VTM2)"},
    {"interpolation.mask_threshold", NUMBER, AT(mask_threshold), 1e-6, 1, NULL, 0, "0.5", "0.000001..1",
     "partial volume from which a voxel is in the ROI (E8H9)"},
    {"interpolation.round", TRUTH, AT(round), 0, 0, WORDS_OF(truths), "no", "yes or no",
     "round intensities to whole numbers, as for CT (68QD)"},
    {"resegmentation.range", RANGE, AT(range), 0, 0, NULL, 0, "-.inf .inf",
     "[low, high], .inf for an open end", "intensities kept in the intensity mask (USB3)"},
    {"resegmentation.outliers", NUMBER, AT(outliers), 0, 1000, NULL, 0, "0", "0..1000",
     "standard deviations around the mean that are kept, 0 keeps all (7ACA)"},
    {"discretisation", BINNINGS, AT(discretisations), 0, 0, NULL, 0, "fbn32", binning_words,
     "grey levels of histogram and texture, up to 16 kinds (4R0B)"},
    {"ivh", BINS, AT(ivh), 0, 0, NULL, 0, "none", binning_words,
     "levels of the intensity-volume histogram (P88C)"},
    {"texture.dimensions", WORDS, AT(dimensions), 0, 0, WORDS_OF(dimensions), "3D", "any of 2D, 2.5D, 3D",
     "by slice, by slice and merged, by volume (5QB6)"},
    {"texture.glcm_distance", INTEGER, AT(glcm_distance), 1, 64, NULL, 0, "1", "1..64",
     "distance of co-occurring voxels, Chebyshev (PVMT)"},
    {"texture.ngtdm_distance", INTEGER, AT(ngtdm_distance), 1, 16, NULL, 0, "1", "1..16",
     "reach of the neighbourhood, Chebyshev (PVMT)"},
    {"texture.ngldm_distance", INTEGER, AT(ngldm_distance), 1, 16, NULL, 0, "1", "1..16",
     "reach of the neighbourhood, Chebyshev (PVMT)"},
    {"texture.ngldm_coarseness", NUMBER, AT(ngldm_coarseness), 0, RAD_LEVELS_MAX, NULL, 0, "0", "0..65535",
     "largest level difference of dependent voxels (REK0)"},
    {"families", WORDS, AT(families), 0, 0, WORDS_OF(rad_family_words),
     "morph loc stat ih ivh cm rlm szm dzm ngt ngl",
     "any of morph, loc, stat, ih, ivh, cm, rlm, szm, dzm, ngt, ngl", "feature families to compute"},
    {"diagnostics", TRUTH, AT(diagnostics), 0, 0, WORDS_OF(truths), "no", "yes or no",
     "rows on image and masks before and after each step"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static bool read_number(const row *r, const char *word, double *value) {
    return rad_number_read(word, value) && *value >= r->low && *value <= r->high;
}

static bool read_word(const row *r, const char *word, int *index) {
    for (size_t i = 0; i < r->word_count; i++)
        if (!strcmp(word, r->words[i])) {
            *index = (int)i;
            return true;
        }
    return false;
}

static bool read_binning(const char *word, rad_discretisation *d) {
    *d = (rad_discretisation){0};
    if (!strcmp(word, "none")) return true;
    const bool size = !strncmp(word, "fbs", 3);
    if (!size && strncmp(word, "fbn", 3) != 0) return false;
    if (!rad_number_read(word + 3, &d->amount) || !(d->amount > 0) || !isfinite(d->amount)) return false;
    d->binning = size ? RAD_BIN_FBS : RAD_BIN_FBN;
    return size || (d->amount == floor(d->amount) && d->amount <= RAD_LEVELS_MAX);
}

static bool set_spacing(const row *r, double *spacing, const char *const *words, size_t count) {
    if (count != 1 && count != 3) return false;
    for (size_t a = 0; a < 3; a++)
        if (!read_number(r, words[count == 3 ? a : 0], &spacing[a])) return false;
    return true;
}

static bool set_range(double *range, const char *const *words, size_t count) {
    return count == 2 && rad_number_read(words[0], &range[0]) && rad_number_read(words[1], &range[1]) &&
           range[0] < range[1];
}

static bool set_bits(const row *r, unsigned *bits, const char *const *words, size_t count) {
    *bits = 0;
    for (size_t i = 0; i < count; i++) {
        int bit = 0;
        if (!read_word(r, words[i], &bit) || *bits >> bit & 1) return false;
        *bits |= 1U << bit;
    }
    return count > 0;
}

static bool set_binnings(rad_settings *settings, const char *const *words, size_t count) {
    if (count < 1 || count > RAD_DISCRETISATIONS_MAX) return false;
    rad_discretisation *d = settings->discretisations;
    for (size_t i = 0; i < count; i++) {
        if (!read_binning(words[i], &d[i])) return false;
        for (size_t j = 0; j < i; j++)
            if (d[j].binning == d[i].binning && d[j].amount == d[i].amount) return false;
    }
    settings->discretisation_count = count;
    return true;
}

/* One word into a scalar row. */
static bool set_scalar(const row *r, void *member, const char *word) {
    double value = 0;
    int index = 0;
    switch (r->kind) {
    case NUMBER:
        return read_number(r, word, member);
    case INTEGER:
        if (!read_number(r, word, &value) || value != floor(value)) return false;
        *(int *)member = (int)value;
        return true;
    case WORD:
        if (!read_word(r, word, &index)) return false;
        *(rad_interpolation *)member = (rad_interpolation)index;
        return true;
    case TRUTH:
        if (!read_word(r, word, &index)) return false;
        *(bool *)member = index;
        return true;
    case BINS:
        return read_binning(word, member);
    default:
        return false;
    }
}

static bool set_row(rad_settings *settings, const row *r, const char *const *words, size_t count) {
    void *member = (char *)settings + r->offset;
    switch (r->kind) {
    case SPACING:
        return set_spacing(r, member, words, count);
    case RANGE:
        return set_range(member, words, count);
    case WORDS:
        return set_bits(r, member, words, count);
    case BINNINGS:
        return set_binnings(settings, words, count);
    default:
        return count == 1 && set_scalar(r, member, words[0]);
    }
}

/* Levenshtein distance, for "nearest"; long words are not near to anything. */
static size_t edit_distance(const char *a, const char *b) {
    enum { LONGEST = 64 };
    size_t n = strlen(b), line[LONGEST + 1];
    if (n > LONGEST || strlen(a) > LONGEST) return SIZE_MAX;
    for (size_t j = 0; j <= n; j++) line[j] = j;
    for (size_t i = 1; *a; a++, i++) {
        size_t diagonal = line[0];
        line[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (*a != b[j - 1]);
            if (line[j] + 1 < best) best = line[j] + 1;
            if (line[j - 1] + 1 < best) best = line[j - 1] + 1;
            diagonal = line[j];
            line[j] = best;
        }
    }
    return line[n];
}

static rad_status unknown_key(const char *key, rad_error *error) {
    size_t nearest = 0, least = SIZE_MAX;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t distance = edit_distance(key, rows[i].key);
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return rad_fail(error, RAD_CONFIG, "there is no setting `%.80s`; the nearest is `%s`", key,
                    rows[nearest].key);
}

rad_status rad_settings_set(rad_settings *settings, const char *key, const char *const *words, size_t count,
                            rad_error *error) {
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(key, rows[i].key) != 0) continue;
        rad_settings changed = *settings;
        if (set_row(&changed, &rows[i], words, count)) {
            *settings = changed;
            return RAD_OK;
        }
        return rad_fail(error, RAD_CONFIG, "`%s` takes %s, not %.80s%s", key, rows[i].takes,
                        count ? words[0] : "nothing", count > 1 ? ", ..." : "");
    }
    return unknown_key(key, error);
}

void rad_settings_default(rad_settings *settings) {
    *settings = (rad_settings){0};
    for (size_t i = 0; i < ROWS; i++) {
        char text[128];
        const char *words[RAD_FAMILY_COUNT];
        size_t count = 0;
        snprintf(text, sizeof text, "%s", rows[i].standard);
        for (char *at = text; *at;) {
            words[count++] = at;
            at += strcspn(at, " ");
            if (*at) *at++ = '\0';
        }
        (void)set_row(settings, &rows[i], words, count); /* the table's own words; a test holds them right */
    }
}

bool rad_settings_is_group(const char *key) {
    const size_t length = strlen(key);
    for (size_t i = 0; i < ROWS; i++)
        if (!strncmp(rows[i].key, key, length) && rows[i].key[length] == '.') return true;
    return false;
}

size_t rad_settings_keys(void) {
    return ROWS;
}

void rad_settings_describe(size_t index, const char **key, const char **takes, const char **help) {
    *key = rows[index].key;
    *takes = rows[index].takes;
    *help = rows[index].help;
}

static void append(char *text, size_t length, const char *word) {
    const size_t used = strlen(text);
    snprintf(text + used, length - used, "%s%s", used ? ", " : "", word);
}

static void append_numbers(char *text, size_t length, const double *x, size_t count) {
    char number[RAD_NUMBER_TEXT];
    for (size_t i = 0; i < count; i++) append(text, length, rad_number_write(x[i], number));
}

static void append_binnings(char *text, size_t length, const rad_discretisation *d, size_t count) {
    char name[64];
    for (size_t i = 0; i < count; i++) append(text, length, rad_discretisation_name(d[i], name, sizeof name));
}

void rad_settings_words(const rad_settings *settings, size_t index, char *text, size_t length) {
    const row *r = &rows[index];
    const void *member = (const char *)settings + r->offset;
    *text = '\0';
    switch (r->kind) {
    case NUMBER:
        append_numbers(text, length, member, 1);
        break;
    case SPACING:
        append_numbers(text, length, member, 3);
        break;
    case RANGE:
        append_numbers(text, length, member, 2);
        break;
    case INTEGER:
        append_numbers(text, length, &(double){*(const int *)member}, 1);
        break;
    case WORD:
        append(text, length, r->words[*(const rad_interpolation *)member]);
        break;
    case TRUTH:
        append(text, length, r->words[*(const bool *)member]);
        break;
    case WORDS:
        for (size_t i = 0; i < r->word_count; i++)
            if (*(const unsigned *)member >> i & 1) append(text, length, r->words[i]);
        break;
    case BINS:
        append_binnings(text, length, member, 1);
        break;
    case BINNINGS:
        append_binnings(text, length, member, settings->discretisation_count);
        break;
    }
}

size_t rad_settings_write(const rad_settings *settings, char *text, size_t length) {
    size_t used = 0;
    const char *group = "";
    size_t group_length = 0;
    for (size_t i = 0; i < ROWS; i++) {
        char words[512];
        rad_settings_words(settings, i, words, sizeof words);
        const char *dot = strchr(rows[i].key, '.'), *leaf = dot ? dot + 1 : rows[i].key;
        const size_t here = dot ? (size_t)(dot - rows[i].key) : 0;
        const bool list = rows[i].kind == SPACING || rows[i].kind == RANGE || rows[i].kind == WORDS ||
                          rows[i].kind == BINNINGS;
        const bool opens = here && (here != group_length || strncmp(rows[i].key, group, here) != 0);
        char line[640];
        snprintf(line, sizeof line, "%.*s%s%s%s: %s%s%s\n", opens ? (int)here : 0, rows[i].key,
                 opens ? ":\n" : "", here ? "  " : "", leaf, list ? "[" : "", words, list ? "]" : "");
        group = rows[i].key;
        group_length = here;
        snprintf(text + (used < length ? used : length), used < length ? length - used : 0, "%s", line);
        used += strlen(line);
    }
    return used;
}
