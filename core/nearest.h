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

/* Is that distance one that a slip of the finger makes: at most a third of the word, and always one? */
bool rad_word_is_near(const char *word, size_t distance);

#ifdef __cplusplus
}
#endif
#endif
