/* Numbers modulo the prime 2^61 - 1: every double has an exact place there, so that rows of weights can be
 * reduced without rounding. */
#ifndef RAD_MODULAR_H
#define RAD_MODULAR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_MODULAR_PRIME (((uint64_t)1 << 61) - 1)

__extension__ typedef unsigned __int128 rad_modular_wide;

static inline uint64_t rad_modular_multiply(uint64_t a, uint64_t b) {
    const rad_modular_wide product = (rad_modular_wide)a * b;
    const uint64_t sum = ((uint64_t)product & RAD_MODULAR_PRIME) + (uint64_t)(product >> 61);
    return sum >= RAD_MODULAR_PRIME ? sum - RAD_MODULAR_PRIME : sum;
}

static inline uint64_t rad_modular_subtract(uint64_t a, uint64_t b) {
    return a >= b ? a - b : a + RAD_MODULAR_PRIME - b;
}

static inline uint64_t rad_modular_inverse(uint64_t a) {
    uint64_t result = 1;
    for (uint64_t power = RAD_MODULAR_PRIME - 2; power; power >>= 1, a = rad_modular_multiply(a, a))
        if (power & 1) result = rad_modular_multiply(result, a);
    return result;
}

/* A finite double: 2 to the 61 is 1, so a power of two turns the bits of the significand around. */
static inline uint64_t rad_modular_place(double x) {
    int exponent;
    const int64_t whole = (int64_t)ldexp(frexp(x, &exponent), 53);
    const uint64_t size = (uint64_t)(whole < 0 ? -whole : whole);
    const int turn = ((exponent - 53) % 61 + 61) % 61;
    const uint64_t place = ((size << turn) & RAD_MODULAR_PRIME) | (turn ? size >> (61 - turn) : 0);
    return whole < 0 && place ? RAD_MODULAR_PRIME - place : place;
}

/* row -= by * of, from `first` on. */
static inline void rad_modular_reduce(uint64_t *row, const uint64_t *of, uint64_t by, size_t first,
                                      size_t count) {
    for (size_t i = first; i < count && by; i++)
        row[i] = rad_modular_subtract(row[i], rad_modular_multiply(by, of[i]));
}

#ifdef __cplusplus
}
#endif
#endif
