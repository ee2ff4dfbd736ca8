/* Exact sums (long accumulators as Kulisch proposed): whole numbers times powers of two, without rounding,
 * overflow or an order of addition. A sum of sums is the sum of all rows, bit by bit, however they were
 * split.
 *
 * Every finite double fits, up to products of four sums of fourth powers. What sites sum are whole multiples
 * of a public step (step.h), so that the last bits of a sum are those of all. */
#ifndef RAD_EXACT_H
#define RAD_EXACT_H

#include "../core/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_EXACT_BITS = 24, RAD_EXACT_SMALL = 3, RAD_EXACT_LIMBS = 320 };

/* Two's complement: sum of limb[i] 2^(64 (low + i)), the top bit of the last limb being the sign. Kept
 * trimmed at both ends, so that equal numbers have equal bytes; zeroed is 0. */
typedef struct rad_exact {
    int32_t low;
    uint32_t count;
    union {
        uint64_t small[RAD_EXACT_SMALL]; /* count <= RAD_EXACT_SMALL */
        uint64_t *large;                 /* owned */
    } limb;
} rad_exact;

/* x to 24 significant bits, ties to even, by which patients are known again; NaN and infinity as they are. */
double rad_exact_rounded(double x);

/* A whole number. */
rad_exact rad_exact_whole(int64_t value);

void rad_exact_free(rad_exact *x);

/* to += by, to -= by, *out = a * b. RAD_NO_MEMORY, or RAD_CONFIG beyond RAD_EXACT_LIMBS (files only). */
rad_status rad_exact_add(rad_exact *to, const rad_exact *by, rad_error *error) RAD_MUST_CHECK;
rad_status rad_exact_subtract(rad_exact *to, const rad_exact *by, rad_error *error) RAD_MUST_CHECK;
rad_status rad_exact_multiply(const rad_exact *a, const rad_exact *b, rad_exact *out,
                              rad_error *error) RAD_MUST_CHECK;

/* The power of two of its last bit, so that it is an odd multiple of that; INT_MAX for 0. */
int rad_exact_last(const rad_exact *x);

bool rad_exact_equal(const rad_exact *a, const rad_exact *b);

/* -1, 0 or 1. */
int rad_exact_sign(const rad_exact *x);

/* Has it no bits below 1? */
bool rad_exact_is_whole(const rad_exact *x);

/* The nearest double, ties to even; infinite beyond the range. */
double rad_exact_double(const rad_exact *x);

/* out[k] = sum of x[i]^(k + 1), k = 0 .. powers - 1, over the rows whose bit is set; x finite there.
 * out is overwritten. */
rad_status rad_exact_sum_powers(const double *x, const uint64_t *rows, size_t count, size_t powers,
                                rad_exact *out, rad_error *error) RAD_MUST_CHECK;

/* out[j (j + 1) / 2 + i] = sum of columns i <= j of x[column * count + row]; x finite, 0 where a row does
 * not count. O(columns^2 count); the bytes do not depend on threads. */
rad_status rad_exact_sum_products(const double *x, size_t columns, size_t count, int threads, rad_exact *out,
                                  rad_error *error) RAD_MUST_CHECK;

/* The number modulo 2^(64 limbs), counted from bit 64 low on: what masks of a secure sum are added to.
 * RAD_CONFIG when it has bits below. From such a vector back: the top bit is the sign. */
rad_status rad_exact_to_fixed(const rad_exact *x, int32_t low, size_t limbs, uint64_t *out,
                              rad_error *error) RAD_MUST_CHECK;
rad_status rad_exact_from_fixed(const uint64_t *limb, int32_t low, size_t limbs, rad_exact *out,
                                rad_error *error) RAD_MUST_CHECK;

/* As text: hexadecimal digits, "p", a power of two ("-1f3p-48"). Returns text; "" where it does not fit. */
enum { RAD_EXACT_TEXT = 16 * RAD_EXACT_LIMBS + 32 };
const char *rad_exact_write(const rad_exact *x, char text[RAD_EXACT_TEXT]);
rad_status rad_exact_read(const char *text, rad_exact *out, rad_error *error) RAD_MUST_CHECK;

/* As bytes: exponent in bytes (int16, little-endian), count of bytes (uint16), then they, low first, trimmed.
 * pack appends to the stream; unpack takes from bytes[*at ..length). */
void rad_exact_pack(const rad_exact *x, FILE *out);
rad_status rad_exact_unpack(const unsigned char *bytes, size_t length, size_t *at, rad_exact *out,
                            rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
