/* A set of indices as bits, 64 to a word; a zeroed one is empty. */
#ifndef RAD_BITSET_H
#define RAD_BITSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Words that hold indices below count. */
static inline size_t rad_bitset_words(size_t count) {
    return (count + 63) / 64;
}

static inline bool rad_bitset_has(const uint64_t *set, size_t index) {
    return set[index / 64] >> index % 64 & 1;
}

static inline void rad_bitset_add(uint64_t *set, size_t index) {
    set[index / 64] |= (uint64_t)1 << index % 64;
}

static inline size_t rad_bitset_count(const uint64_t *set, size_t words) {
    size_t count = 0;
    for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(set[i]);
    return count;
}

/* How many indices are in a and not in b; in both. */
static inline size_t rad_bitset_beyond(const uint64_t *a, const uint64_t *b, size_t words) {
    size_t count = 0;
    for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(a[i] & ~b[i]);
    return count;
}

static inline size_t rad_bitset_common(const uint64_t *a, const uint64_t *b, size_t words) {
    size_t count = 0;
    for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(a[i] & b[i]);
    return count;
}

#ifdef __cplusplus
}
#endif
#endif
