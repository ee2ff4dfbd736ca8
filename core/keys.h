/* Keys of settings: each is one row of a table, and parsing, bounds, errors, help and the echo come from that
 * row. */
#ifndef RAD_KEYS_H
#define RAD_KEYS_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_kind {
    RAD_KEY_NUMBER,  /* double in low..high */
    RAD_KEY_INTEGER, /* int in low..high */
    RAD_KEY_SPACING, /* double[3]: one or three numbers in low..high */
    RAD_KEY_TRIPLE,  /* int[3] in low..high */
    RAD_KEY_RANGE,   /* double[2], the first below the second, infinite ends allowed; in low..high where these
                      differ */
    RAD_KEY_WORD,    /* int: one of the words */
    RAD_KEY_TRUTH,   /* bool: yes or no */
    RAD_KEY_WORDS,   /* unsigned: a bit for each of the words, at least `low` of them */
    RAD_KEY_BINNINGS, /* rad_binnings: 1..high discretisations, none twice */
    RAD_KEY_TEXT,     /* char[RAD_TEXT_MAX]: letters, digits, dot, underscore */
    RAD_KEY_OPTIONAL, /* double: a number in low..high, or the first of the words for NaN */
    RAD_KEY_ORIGIN,   /* rad_origin: one of the words, or a number in low..high */
    RAD_KEY_NAME,     /* char[RAD_TEXT_MAX]: any printable text, or none */
    RAD_KEY_NUMBERS,  /* rad_numbers: up to RAD_LIST_MAX in low..high, none twice */
    RAD_KEY_KINDS
} rad_kind;

enum { RAD_TEXT_MAX = 96, RAD_KEY_WORDS_MAX = 64 };

typedef struct rad_key {
    const char *name;
    rad_kind kind;
    size_t offset; /* of the member */
    double low, high;
    const char *const *words; /* the last one is NULL */
    const char *standard;     /* default, words separated by blanks; NULL: stays as it is */
    const char *takes; /* what is allowed, before the words where it ends in a blank; NULL: bounds or words */
    const char *help;  /* with the IBSI identifier */
    const char *mark;  /* how a value shows in the name of an image, as "e%s" */
} rad_key;

/* The row with that name, or NULL. */
const rad_key *rad_key_find(const rad_key *keys, size_t count, const char *name);

/* The row whose name is the nearest. */
const rad_key *rad_key_nearest(const rad_key *keys, size_t count, const char *name);

/* Is the value a list by itself (a spacing), so that a list of values would be a list of lists? */
bool rad_key_is_list(const rad_key *key);

/* Sets the member of the object from words; RAD_CONFIG says what is allowed, and the object is as it was. */
rad_status rad_key_set(const rad_key *key, void *object, const char *const *words, size_t count,
                       rad_error *error) RAD_MUST_CHECK;

/* Sets every member that has a default. */
void rad_keys_default(const rad_key *keys, size_t count, void *object);

/* What is allowed, in words. Returns text. */
const char *rad_key_takes(const rad_key *key, char *text, size_t length);

/* The words in force, separated by ", "; numbers read back equal. Returns text. */
const char *rad_key_words(const rad_key *key, const void *object, char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
