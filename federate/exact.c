#include "exact.h"

#include "../core/bitset.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* Room to work in; two's complement, as in rad_exact. */
typedef struct wide {
    int32_t low;
    size_t count;
    uint64_t limb[RAD_EXACT_LIMBS];
} wide;

static const uint64_t *limbs_of(const rad_exact *x) {
    return x->count <= RAD_EXACT_SMALL ? x->limb.small : x->limb.large;
}

static uint64_t sign_of(const uint64_t *limb, size_t count) {
    return count && limb[count - 1] >> 63 ? UINT64_MAX : 0;
}

static rad_status too_large(rad_error *error) {
    return rad_fail(error, RAD_CONFIG, "a sum is larger than any sum of doubles; the file is damaged");
}

/* Trims and stores; *out is overwritten, what it owned is the caller's to free. */
static rad_status store(int32_t low, const uint64_t *limb, size_t count, rad_exact *out, rad_error *error) {
    *out = (rad_exact){0};
    for (; count && !limb[0]; count--, limb++) low++;
    if (!count) return RAD_OK;
    while (count > 1 && limb[count - 1] == sign_of(limb, count - 1)) count--;
    if (count > RAD_EXACT_SMALL) {
        out->limb.large = rad_new_raw(count, sizeof *limb, error);
        if (!out->limb.large) return RAD_NO_MEMORY;
    }
    out->low = low;
    out->count = (uint32_t)count;
    memcpy(count > RAD_EXACT_SMALL ? out->limb.large : out->limb.small, limb, count * sizeof *limb);
    return RAD_OK;
}

void rad_exact_free(rad_exact *x) {
    if (x->count > RAD_EXACT_SMALL) rad_free(x->limb.large);
    *x = (rad_exact){0};
}

double rad_exact_rounded(double x) {
    int exponent;
    if (!isfinite(x) || x == 0) return x + 0.0;
    const double half = frexp(x, &exponent);
    return ldexp(nearbyint(ldexp(half, RAD_EXACT_BITS)), exponent - RAD_EXACT_BITS);
}

int rad_exact_last(const rad_exact *x) {
    return x->count ? 64 * x->low + __builtin_ctzll(limbs_of(x)[0]) : INT_MAX;
}

rad_exact rad_exact_whole(int64_t value) {
    return value ? (rad_exact){.count = 1, .limb.small = {(uint64_t)value}} : (rad_exact){0};
}

static uint64_t limb_at(const rad_exact *x, const uint64_t *limb, uint64_t sign, int32_t at) {
    return at < x->low ? 0 : at - x->low < (int32_t)x->count ? limb[at - x->low] : sign;
}

/* to += by, or to -= by as to + ~by + 1. */
static rad_status accumulate(rad_exact *to, const rad_exact *by, bool negative, rad_error *error) {
    if (!by->count) return RAD_OK;
    const uint64_t *a = limbs_of(to), *b = limbs_of(by);
    const uint64_t a_sign = sign_of(a, to->count), b_sign = sign_of(b, by->count);
    const int32_t a_end = to->low + (int32_t)to->count, b_end = by->low + (int32_t)by->count;
    const int32_t low = !to->count || by->low < to->low ? by->low : to->low;
    const int32_t end = !to->count || b_end > a_end ? b_end : a_end;
    uint64_t sum[RAD_EXACT_LIMBS], carry = negative;
    const size_t count = (size_t)(end - low) + 1;
    if (count > RAD_EXACT_LIMBS) return too_large(error);
    for (int32_t i = 0; i < (int32_t)count; i++) {
        const uint64_t x = limb_at(to, a, a_sign, low + i), y = limb_at(by, b, b_sign, low + i);
        const uint128 s = (uint128)x + (negative ? ~y : y) + carry;
        sum[i] = (uint64_t)s;
        carry = (uint64_t)(s >> 64);
    }
    rad_exact out;
    rad_status status = store(low, sum, count, &out, error);
    if (status != RAD_OK) return status;
    rad_exact_free(to);
    *to = out;
    return RAD_OK;
}

rad_status rad_exact_add(rad_exact *to, const rad_exact *by, rad_error *error) {
    return accumulate(to, by, false, error);
}

rad_status rad_exact_subtract(rad_exact *to, const rad_exact *by, rad_error *error) {
    return accumulate(to, by, true, error);
}

static void negate(uint64_t *limb, size_t count) {
    uint64_t carry = 1;
    for (size_t i = 0; i < count; i++) {
        limb[i] = ~limb[i] + carry;
        carry = carry && !limb[i];
    }
}

/* The magnitude into limb[0 .. x->count]; true when x is negative. */
static bool magnitude(const rad_exact *x, uint64_t *limb) {
    const bool negative = sign_of(limbs_of(x), x->count);
    memcpy(limb, limbs_of(x), x->count * sizeof *limb);
    if (negative) negate(limb, x->count);
    return negative;
}

rad_status rad_exact_multiply(const rad_exact *a, const rad_exact *b, rad_exact *out, rad_error *error) {
    uint64_t x[RAD_EXACT_LIMBS], y[RAD_EXACT_LIMBS], product[RAD_EXACT_LIMBS];
    const size_t count = (size_t)a->count + b->count + 1;
    *out = (rad_exact){0};
    if (!a->count || !b->count) return RAD_OK;
    if (count > RAD_EXACT_LIMBS) return too_large(error);
    memset(product, 0, count * sizeof *product);
    const bool negative = magnitude(a, x) != magnitude(b, y);
    for (size_t i = 0; i < a->count; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < b->count; j++) {
            const uint128 t = (uint128)x[i] * y[j] + product[i + j] + carry;
            product[i + j] = (uint64_t)t;
            carry = (uint64_t)(t >> 64);
        }
        product[i + b->count] = carry;
    }
    if (negative) negate(product, count);
    return store(a->low + b->low, product, count, out, error);
}

bool rad_exact_equal(const rad_exact *a, const rad_exact *b) {
    return a->count == b->count && (!a->count || a->low == b->low) &&
           !memcmp(limbs_of(a), limbs_of(b), a->count * sizeof(uint64_t));
}

int rad_exact_sign(const rad_exact *x) {
    return !x->count ? 0 : sign_of(limbs_of(x), x->count) ? -1 : 1;
}

bool rad_exact_is_whole(const rad_exact *x) {
    return !x->count || x->low >= 0;
}

double rad_exact_double(const rad_exact *x) {
    uint64_t limb[RAD_EXACT_LIMBS];
    if (!x->count || x->count > RAD_EXACT_LIMBS) return 0;
    const bool negative = magnitude(x, limb);
    size_t top = x->count;
    while (!limb[top - 1]) top--;
    const int zeros = __builtin_clzll(limb[top - 1]);
    uint64_t head = limb[top - 1] << zeros; /* the first 64 bits; what is below counts for ties only */
    bool rest = false;
    if (top > 1) {
        if (zeros) head |= limb[top - 2] >> (64 - zeros);
        rest = zeros ? limb[top - 2] << zeros : limb[top - 2];
        for (size_t i = 0; i + 2 < top; i++) rest |= limb[i] != 0;
    }
    uint64_t kept = head >> 11;
    const uint64_t lost = head & 0x7FF;
    if (lost > 0x400 || (lost == 0x400 && (rest || (kept & 1)))) kept++;
    const double value = ldexp((double)kept, 64 * (x->low + (int32_t)top) - zeros - 53);
    return negative ? -value : value;
}

/* x = mantissa 2^exponent, the mantissa odd; x is finite and not 0. */
static int64_t split_double(double x, int *exponent) {
    const int64_t m = (int64_t)ldexp(frexp(x, exponent), DBL_MANT_DIG);
    const int zeros = __builtin_ctzll((uint64_t)m);
    *exponent += zeros - DBL_MANT_DIG;
    return m / ((int64_t)1 << zeros);
}

/* Powers of two such that x is a multiple of the first and less than the second; false: x is 0. */
static bool find_range(double x, int *low, int *top) {
    int e, above;
    if (x == 0) return false;
    split_double(x, &e);
    frexp(x, &above);
    *low = e < *low ? e : *low;
    *top = above > *top ? above : *top;
    return true;
}

/* Adds value 2^bit, which lies inside of the window. */
static void put(wide *w, uint128 value, int bit, bool negative) {
    size_t at = (size_t)(bit - 64 * w->low) / 64;
    const int shift = (bit - 64 * w->low) % 64;
    const uint64_t part[3] = {(uint64_t)(value << shift),
                              (uint64_t)(value >> 64 << shift) |
                                  (shift ? (uint64_t)value >> (64 - shift) : 0),
                              shift ? (uint64_t)(value >> 64) >> (64 - shift) : 0};
    uint64_t carry = 0;
    for (size_t i = 0; at < w->count && (i < 3 || carry); i++, at++) {
        const uint64_t by = i < 3 ? part[i] : 0, was = w->limb[at];
        const uint128 s = negative ? (uint128)was - by - carry : (uint128)was + by + carry;
        w->limb[at] = (uint64_t)s;
        carry = (uint64_t)(s >> 64) & 1;
    }
}

/* A window of zeros for values from 2^from on, below 2^to, and 2^63 of them. */
static bool open_window(wide *w, int from, int to) {
    w->low = from >= 0 ? from / 64 : -((63 - from) / 64);
    const int end = to >= 0 ? to / 64 + 3 : -(-to / 64) + 3;
    w->count = (size_t)(end - w->low);
    if (w->count > RAD_EXACT_LIMBS) return false;
    memset(w->limb, 0, w->count * sizeof *w->limb);
    return true;
}

/* Adds a b 2^bit; the product may be longer than 128 bits. */
static void put_product(wide *w, uint128 a, uint128 b, int bit, bool negative) {
    const uint64_t part[2][2] = {{(uint64_t)a, (uint64_t)(a >> 64)}, {(uint64_t)b, (uint64_t)(b >> 64)}};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            if (part[0][i] && part[1][j])
                put(w, (uint128)part[0][i] * part[1][j], bit + 64 * (i + j), negative);
}

/* x, x^2, ... to their sums. */
static void put_powers(wide *sum, int powers, double x) {
    int e;
    const int64_t m = split_double(x, &e);
    const uint64_t size = (uint64_t)llabs(m);
    const uint128 square = (uint128)size * size;
    const uint128 factor[4][2] = {{size, 1}, {square, 1}, {square, size}, {square, square}};
    for (int k = 0; k < powers; k++)
        put_product(&sum[k], factor[k][0], factor[k][1], (k + 1) * e, m < 0 && !(k % 2));
}

rad_status rad_exact_sum_powers(const double *x, const uint64_t *rows, size_t count, size_t powers,
                                rad_exact *out, rad_error *error) {
    wide sum[4];
    int low = 4096, top = -4096;
    for (size_t i = 0; i < count; i++)
        if (rad_bitset_has(rows, i)) find_range(x[i], &low, &top);
    for (size_t k = 0; k < powers; k++) out[k] = (rad_exact){0};
    if (low > top) return RAD_OK;
    for (int k = 0; k < (int)powers; k++)
        if (!open_window(&sum[k], (k + 1) * low, (k + 1) * top)) return too_large(error);
    for (size_t i = 0; i < count; i++)
        if (rad_bitset_has(rows, i) && x[i] != 0) put_powers(sum, (int)powers, x[i]);
    rad_status status = RAD_OK;
    for (size_t k = 0; k < powers && status == RAD_OK; k++)
        status = store(sum[k].low, sum[k].limb, sum[k].count, &out[k], error);
    return status;
}

/* Products: a column is whole numbers times one power of two where its values are not too far apart. */
typedef struct products {
    const double *x;
    size_t columns, rows;
    int64_t *whole;  /* [column][row] */
    int *low, *bits; /* x = whole 2^low, |whole| < 2^bits; bits 0: all are 0, > 62: too far apart */
    int row_bits;
    rad_exact *out;
} products;

enum { TILE = 32 };

static void fix_column(size_t column, void *context) {
    products *p = context;
    const double *x = p->x + column * p->rows;
    int64_t *whole = p->whole + column * p->rows;
    int low = 4096, top = -4096;
    for (size_t i = 0; i < p->rows; i++) find_range(x[i], &low, &top);
    p->low[column] = low;
    p->bits[column] = low > top ? 0 : top - low;
    for (size_t i = 0; i < p->rows; i++)
        whole[i] = p->bits[column] <= 62 && x[i] != 0 ? (int64_t)ldexp(x[i], -low) : 0;
}

static int128 multiply_columns(const int64_t *a, const int64_t *b, size_t rows) {
    int128 sum = 0;
    for (size_t i = 0; i < rows; i++) sum += (int128)a[i] * b[i];
    return sum;
}

/* The same for values that are far apart. */
static rad_status multiply_far(const products *p, size_t i, size_t j, rad_exact *out) {
    const double *a = p->x + i * p->rows, *b = p->x + j * p->rows;
    wide sum;
    int e, f;
    if (!open_window(&sum, p->low[i] + p->low[j], p->low[i] + p->low[j] + p->bits[i] + p->bits[j]))
        return RAD_CONFIG;
    for (size_t r = 0; r < p->rows; r++) {
        if (a[r] == 0 || b[r] == 0) continue;
        const int64_t m = split_double(a[r], &e), n = split_double(b[r], &f);
        put(&sum, (uint128)llabs(m) * (uint128)llabs(n), e + f, (m < 0) != (n < 0));
    }
    return store(sum.low, sum.limb, sum.count, out, NULL);
}

static rad_status multiply_pair(const products *p, size_t i, size_t j, rad_exact *out) {
    *out = (rad_exact){0};
    if (!p->bits[i] || !p->bits[j]) return RAD_OK;
    const bool near = p->bits[i] <= 62 && p->bits[j] <= 62 && p->bits[i] + p->bits[j] + p->row_bits <= 126;
    if (!near) return multiply_far(p, i, j, out);
    const int128 sum = multiply_columns(p->whole + i * p->rows, p->whole + j * p->rows, p->rows);
    const int bit = p->low[i] + p->low[j];
    const int32_t low = bit >= 0 ? bit / 64 : -((63 - bit) / 64);
    const int shift = bit - 64 * low;
    const uint128 u = (uint128)sum;
    const uint64_t limb[3] = {(uint64_t)(u << shift), (uint64_t)(sum >> (64 - shift)),
                              shift ? (uint64_t)(sum >> 64 >> (64 - shift)) : (uint64_t)(sum >> 127)};
    return store(low, limb, 3, out, NULL);
}

/* Tile t of the lower triangle of tiles. */
static rad_status multiply_tile(size_t t, void *context, rad_error *error) {
    const products *p = context;
    size_t row = 0;
    while ((row + 1) * (row + 2) / 2 <= t) row++;
    const size_t first = (t - row * (row + 1) / 2) * TILE, j_end = (row + 1) * TILE;
    rad_status status = RAD_OK;
    for (size_t j = row * TILE; j < j_end && j < p->columns; j++)
        for (size_t i = first; i < first + TILE && i <= j && status == RAD_OK; i++)
            status = multiply_pair(p, i, j, &p->out[j * (j + 1) / 2 + i]);
    (void)error;
    return status;
}

rad_status rad_exact_sum_products(const double *x, size_t columns, size_t count, int threads, rad_exact *out,
                                  rad_error *error) {
    products p = {.x = x, .columns = columns, .rows = count, .out = out};
    const size_t tiles = (columns + TILE - 1) / TILE;
    size_t cells;
    if (!columns) return RAD_OK;
    if (!rad_multiply(columns, count, &cells)) return rad_fail(error, RAD_NO_MEMORY, "too many products");
    while (p.row_bits < 62 && (size_t)1 << p.row_bits < count) p.row_bits++;
    p.whole = rad_new_raw(cells, sizeof *p.whole, error);
    p.low = rad_new(columns, sizeof *p.low, error);
    p.bits = rad_new(columns, sizeof *p.bits, error);
    rad_status status = p.whole && p.low && p.bits ? RAD_OK : RAD_NO_MEMORY;
    memset(out, 0, columns * (columns + 1) / 2 * sizeof *out);
    if (status == RAD_OK) {
        rad_parallel_for(columns, threads, fix_column, &p);
        status = rad_parallel_try(tiles * (tiles + 1) / 2, threads, multiply_tile, &p, NULL);
    }
    if (status != RAD_OK) rad_fail(error, status, "out of memory: products of %zu columns", columns);
    rad_free(p.whole);
    rad_free(p.low);
    rad_free(p.bits);
    return status;
}

rad_status rad_exact_to_fixed(const rad_exact *x, int32_t low, size_t limbs, uint64_t *out,
                              rad_error *error) {
    const uint64_t *limb = limbs_of(x), sign = sign_of(limb, x->count);
    if (x->count && x->low < low)
        return rad_fail(error, RAD_CONFIG, "a sum has bits below those that the vector keeps");
    for (size_t i = 0; i < limbs; i++) out[i] = x->count ? limb_at(x, limb, sign, low + (int32_t)i) : 0;
    return RAD_OK;
}

rad_status rad_exact_from_fixed(const uint64_t *limb, int32_t low, size_t limbs, rad_exact *out,
                                rad_error *error) {
    return store(low, limb, limbs, out, error);
}

const char *rad_exact_write(const rad_exact *x, char text[RAD_EXACT_TEXT]) {
    uint64_t limb[RAD_EXACT_LIMBS];
    if (!x->count || x->count > RAD_EXACT_LIMBS) {
        memcpy(text, "0", 2);
        return text;
    }
    size_t at = 0, top = x->count, digits;
    int bits = 64 * x->low;
    if (magnitude(x, limb)) text[at++] = '-';
    while (!limb[top - 1]) top--;
    int skip = __builtin_ctzll(limb[0]) / 4; /* low digits that are 0; limb[0] is not */
    digits = top * 16;
    while (!(limb[(digits - 1) / 16] >> ((digits - 1) % 16 * 4) & 0xF)) digits--;
    for (size_t i = digits; i-- > (size_t)skip;)
        text[at++] = "0123456789abcdef"[limb[i / 16] >> (i % 16 * 4) & 0xF];
    bits += 4 * skip;
    text[at] = '\0';
    if (bits) snprintf(text + at, 16, "p%+d", bits);
    return text;
}

rad_status rad_exact_read(const char *text, rad_exact *out, rad_error *error) {
    uint64_t limb[RAD_EXACT_LIMBS] = {0};
    const bool negative = *text == '-';
    const char *digits = text + negative, *end = digits + strspn(digits, "0123456789abcdef");
    char *rest = (char *)end;
    *out = (rad_exact){0};
    const long bits = *end == 'p' ? strtol(end + 1, &rest, 10) : 0;
    const size_t count = (size_t)(end - digits);
    if (!count || *rest || bits % 4 || bits > 32 * RAD_EXACT_LIMBS || bits < -32 * RAD_EXACT_LIMBS ||
        count > 16 * (RAD_EXACT_LIMBS / 2))
        return rad_fail(error, RAD_UNREADABLE, "%.40s is not an exact sum, such as -1f3p-48", text);
    const int32_t low = (int32_t)(bits >= 0 ? bits / 64 : -((63 - bits) / 64));
    size_t at = (size_t)(bits - 64L * low) / 4;
    for (const char *c = end; c-- > digits; at++)
        limb[at / 16] |= (uint64_t)(*c <= '9' ? *c - '0' : *c - 'a' + 10) << (at % 16 * 4);
    if (negative) negate(limb, at / 16 + 2);
    return store(low, limb, at / 16 + 2, out, error);
}

void rad_exact_pack(const rad_exact *x, FILE *out) {
    const uint64_t *limb = limbs_of(x);
    const unsigned char sign = (unsigned char)sign_of(limb, x->count);
    size_t first = 0, end = 8 * (size_t)x->count;
#define BYTE(i) ((unsigned char)(limb[(i) / 8] >> ((i) % 8 * 8)))
    while (first < end && !BYTE(first)) first++;
    while (end > first + 1 && BYTE(end - 1) == sign && BYTE(end - 2) >> 7 == sign >> 7) end--;
    const uint16_t low = (uint16_t)(first == end ? 0 : 8 * x->low + (int32_t)first),
                   count = (uint16_t)(end - first);
    const unsigned char head[4] = {(unsigned char)low, (unsigned char)(low >> 8), (unsigned char)count,
                                   (unsigned char)(count >> 8)};
    fwrite(head, 1, 4, out);
    for (size_t i = first; i < end; i++) putc_unlocked(BYTE(i), out);
#undef BYTE
}

rad_status rad_exact_unpack(const unsigned char *bytes, size_t length, size_t *at, rad_exact *out,
                            rad_error *error) {
    const unsigned char *b = bytes + *at;
    uint64_t limb[RAD_EXACT_LIMBS];
    *out = (rad_exact){0};
    if (length - *at < 4) return rad_fail(error, RAD_UNREADABLE, "a list of exact sums ends too early");
    const int low = (int16_t)(b[0] | b[1] << 8);
    const size_t count = (size_t)(b[2] | b[3] << 8);
    if (length - *at - 4 < count || count > 4 * RAD_EXACT_LIMBS || abs(low) > 4 * RAD_EXACT_LIMBS)
        return rad_fail(error, RAD_UNREADABLE, "a list of exact sums contains an impossible one");
    *at += 4 + count;
    if (!count) return RAD_OK;
    const int32_t first = low >= 0 ? low / 8 : -((7 - low) / 8);
    const size_t skip = (size_t)(low - 8 * first), limbs = (skip + count + 7) / 8;
    memset(limb, b[3 + count] >> 7 ? 0xFF : 0, limbs * sizeof *limb);
    unsigned char *to = (unsigned char *)limb;
    memset(to, 0, skip);
    memcpy(to + skip, b + 4, count); /* little-endian, as x86-64 and arm64 are */
    return store(first, limb, limbs, out, error);
}
