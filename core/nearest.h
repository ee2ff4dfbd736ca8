/* Which known word is meant by one that is not known. */
#ifndef RAD_NEAREST_H
#define RAD_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Levenshtein distance; SIZE_MAX where one of the words has more than 64 bytes, and is near to nothing. */
size_t rad_word_distance(const char *a, const char *b);

/* The nearest of the words that were tried, and how near it is; {NULL, SIZE_MAX} before the first. */
typedef struct rad_nearest {
    const char *word;
    size_t distance;
} rad_nearest;

/* Keeps the known word where none before is as near to the given one. */
void rad_nearest_try(rad_nearest *nearest, const char *given, const char *known);

/* Is that distance one that a slip of the finger makes: at most a third of the word, and always one? */
bool rad_word_is_near(const char *word, size_t distance);

#ifdef __cplusplus
}
#endif
#endif
