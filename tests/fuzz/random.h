/* Numbers for the shapes: the same for the same seed. */
#ifndef RAD_FUZZ_RANDOM_H
#define RAD_FUZZ_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct fuzz_random {
    uint64_t state;
} fuzz_random;

/* xorshift64*; 0 .. below - 1. */
static inline size_t fuzz_below(fuzz_random *r, size_t below) {
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return below ? (size_t)((r->state * 0x2545F4914F6CDD1DULL) >> 32) % below : 0;
}

static inline fuzz_random fuzz_seed(unsigned seed) {
    return (fuzz_random){((uint64_t)seed + 1) * 0x9E3779B97F4A7C15ULL};
}

#endif
