#include "filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { WHOLE, NUMBER, FLAG, CHOICE, WORD, TRIPLE } kind;

static const char *const boundaries[] = {"zero", "nearest", "periodic", "mirror", NULL};
static const char *const poolings[] = {"max", "min", "mean", "sum", NULL};
static const char *const components[] = {"modulus", "real", "imaginary", NULL};
static const char *const flags[] = {"no", "yes", NULL};

/* One row per option: bounds, words and default are nowhere else. */
static const struct {
    const char *key;
    kind kind;
    size_t offset;
    double low, high;
    const char *const *words;
    const char *usual;
} rows[] = {
#define AT(field) offsetof(rad_filter_options, field)
    {"dimension", WHOLE, AT(dimension), 2, 3, NULL, "3"},
    {"boundary", CHOICE, AT(boundary), 0, 0, boundaries, "mirror"},
    {"size", WHOLE, AT(size), 1, 999, NULL, "5"},
    {"sigma", NUMBER, AT(sigma), 1e-3, 1e3, NULL, "1.5"},
    {"cutoff", NUMBER, AT(cutoff), 1, 20, NULL, "4"},
    {"kernels", WORD, AT(kernels), 0, 0, NULL, "L5E5E5"},
    {"wavelet", WORD, AT(wavelet), 0, 0, NULL, "db2"},
    {"subband", WORD, AT(subband), 0, 0, NULL, "LLH"},
    {"level", WHOLE, AT(level), 1, 10, NULL, "1"},
    {"rotations", FLAG, AT(rotations), 0, 1, flags, "no"},
    {"pooling", CHOICE, AT(pooling), 0, 0, poolings, "max"},
    {"delta", WHOLE, AT(delta), 0, 100, NULL, "0"},
    {"lambda", NUMBER, AT(lambda), 1e-3, 1e3, NULL, "2"},
    {"gamma", NUMBER, AT(gamma), 1e-3, 1e3, NULL, "1.5"},
    {"theta", NUMBER, AT(theta), -360, 360, NULL, "0"},
    {"step", NUMBER, AT(step), 1, 360, NULL, "22.5"},
    {"orthogonal", FLAG, AT(orthogonal), 0, 1, flags, "no"},
    {"component", CHOICE, AT(component), 0, 0, components, "modulus"},
    {"riesz", TRIPLE, AT(riesz), 0, 10, NULL, "0,0,0"},
#undef AT
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static bool take_number(const char *text, double low, double high, bool whole, double *value) {
    char *end = NULL;
    *value = strtod(text, &end);
    return end != text && !*end && *value >= low && *value <= high && (!whole || *value == rint(*value));
}

static bool take_choice(const char *text, const char *const *words, int *value) {
    for (int i = 0; words[i]; i++)
        if (!strcmp(words[i], text)) {
            *value = i;
            return true;
        }
    return false;
}

static bool take_triple(const char *text, double high, int *value) {
    int used = 0;
    if (sscanf(text, "%d,%d,%d%n", &value[0], &value[1], &value[2], &used) != 3 || text[used]) return false;
    for (int i = 0; i < 3; i++)
        if (value[i] < 0 || value[i] > high) return false;
    return true;
}

static bool take(size_t r, const char *text, void *at) {
    double number = 0;
    int choice = 0;
    switch (rows[r].kind) {
    case WHOLE:
        if (!take_number(text, rows[r].low, rows[r].high, true, &number)) return false;
        *(int *)at = (int)number;
        return true;
    case NUMBER:
        return take_number(text, rows[r].low, rows[r].high, false, at);
    case FLAG:
        if (!take_choice(text, rows[r].words, &choice)) return false;
        *(bool *)at = choice;
        return true;
    case CHOICE:
        return take_choice(text, rows[r].words, at);
    case WORD:
        if (strlen(text) >= RAD_WORD_MAX) return false;
        snprintf(at, RAD_WORD_MAX, "%s", text);
        return true;
    case TRIPLE:
        return take_triple(text, rows[r].high, at);
    }
    return false;
}

/* What the row allows, in words. */
static const char *allowed(size_t r, char *text, size_t length) {
    text[0] = '\0';
    if (rows[r].words)
        for (int i = 0; rows[r].words[i]; i++) {
            const size_t used = strlen(text);
            snprintf(text + used, length - used, "%s%s", i ? ", " : "", rows[r].words[i]);
        }
    else if (rows[r].kind == WORD)
        snprintf(text, length, "a word such as %s", rows[r].usual);
    else
        snprintf(text, length, "%s from %g to %g",
                 rows[r].kind == NUMBER  ? "a number"
                 : rows[r].kind == WHOLE ? "a whole number"
                                         : "three whole numbers, as in 1,0,0,",
                 rows[r].low, rows[r].high);
    return text;
}

void rad_filter_default(rad_filter_options *options) {
    memset(options, 0, sizeof *options);
    for (size_t r = 0; r < ROWS; r++) (void)take(r, rows[r].usual, (char *)options + rows[r].offset);
}

rad_status rad_filter_set(rad_filter_options *options, const char *key, const char *value, rad_error *error) {
    char text[256] = "";
    for (size_t r = 0; r < ROWS; r++) {
        if (strcmp(rows[r].key, key) != 0) continue;
        if (take(r, value, (char *)options + rows[r].offset)) return RAD_OK;
        return rad_fail(error, RAD_CONFIG, "%s: %s is not allowed; %s is", key, value,
                        allowed(r, text, sizeof text));
    }
    for (size_t r = 0; r < ROWS; r++) {
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", r ? ", " : "", rows[r].key);
    }
    return rad_fail(error, RAD_CONFIG, "there is no option %s; there are %s", key, text);
}
