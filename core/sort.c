#include "sort.h"

#include "memory.h"
#include "simd.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SPAN = 1 << 18, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = 6 };

enum { LANES = 8, FEW = 48 };

/* Lowest and highest, in lanes, and how many are no whole numbers. */
RAD_KERNEL_LOOP void survey_loop(const double *x, size_t count, double *restrict low, double *restrict high,
                                 uint64_t *restrict broken) {
    for (size_t i = 0; i < count; i += LANES)
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double v = x[i + l];
            low[l] = v < low[l] ? v : low[l];
            high[l] = v > high[l] ? v : high[l];
            broken[l] += v == rint(v) ? 0 : 1;
        }
}
RAD_KERNEL(survey,
           (const double *x, size_t count, double *restrict low, double *restrict high,
            uint64_t *restrict broken),
           (x, count, low, high, broken))

bool rad_sort_survey(const double *x, size_t count, double *lowest, double *highest) {
    double low[LANES], high[LANES];
    uint64_t broken[LANES] = {0};
    const size_t whole = count - count % LANES;
    for (size_t l = 0; l < LANES; l++) low[l] = high[l] = x[0];
    survey(x, whole, low, high, broken);
    for (size_t i = whole; i < count; i++) {
        low[0] = x[i] < low[0] ? x[i] : low[0];
        high[0] = x[i] > high[0] ? x[i] : high[0];
        broken[0] += x[i] == rint(x[i]) ? 0 : 1;
    }
    for (size_t l = 1; l < LANES; l++) {
        low[0] = low[l] < low[0] ? low[l] : low[0];
        high[0] = high[l] > high[0] ? high[l] : high[0];
        broken[0] += broken[l];
    }
    *lowest = low[0];
    *highest = high[0];
    return !broken[0];
}

/* By insertion, for what is nearly in order; false where that would move more than `most` values. */
static bool insert_all(double *x, size_t count, size_t most) {
    size_t moved = 0;
    for (size_t i = 1; i < count; i++) {
        const double v = x[i];
        size_t at = i;
        if (!(x[i - 1] > v)) continue;
        for (; at > 0 && x[at - 1] > v; at--) x[at] = x[at - 1];
        x[at] = v;
        moved += i - at;
        if (moved > most) return false;
    }
    return true;
}

/* Few whole numbers, for which counts would be more than they are worth. 0 has no sign, as counts have none.
 */
static void sort_few(double *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] += 0.0;
    insert_all(x, count, SIZE_MAX);
}

/* Zeros are alike to a comparison: those below the others come first, as their bits say. */
static void order_zeros(double *x, size_t count) {
    size_t begin = 0, end = count, below = 0;
    while (begin < end) { /* the first that is not below 0 */
        const size_t middle = begin + (end - begin) / 2;
        if (x[middle] < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    for (end = begin; end < count && x[end] == 0; end++) below += signbit(x[end]) != 0;
    for (size_t i = begin; i < end; i++) x[i] = i - begin < below ? -0.0 : 0.0;
}

static rad_status sort_by_counting(double *x, size_t count, double low, size_t span, rad_error *error) {
    size_t *counts = rad_new(span, sizeof *counts, error);
    if (!counts) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) counts[(size_t)(x[i] - low)]++;
    size_t at = 0;
    for (size_t value = 0; value < span && at < count; value++)
        for (size_t k = counts[value]; k > 0; k--) x[at++] = low + (double)value;
    rad_free(counts);
    return RAD_OK;
}

/* Order-preserving map of doubles to unsigned integers, and back. */
static uint64_t to_key(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double from_key(uint64_t key) {
    const uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static rad_status sort_by_radix(double *x, size_t count, rad_error *error) {
    uint64_t *keys = rad_new_raw(count, 2 * sizeof *keys, error);
    size_t(*counts)[DIGITS] = rad_new(PASSES, sizeof *counts, error);
    rad_status status = keys && counts ? RAD_OK : RAD_NO_MEMORY;
    if (status != RAD_OK) goto done;
    uint64_t *from = keys, *to = keys + count;
    for (size_t i = 0; i < count; i++) {
        from[i] = to_key(x[i]);
        for (int p = 0; p < PASSES; p++) counts[p][from[i] >> (p * DIGIT_BITS) & (DIGITS - 1)]++;
    }
    for (int p = 0; p < PASSES; p++) {
        size_t at = 0;
        bool one_digit = false; /* all keys share this digit: nothing moves */
        for (size_t d = 0; d < DIGITS; d++) {
            const size_t here = counts[p][d];
            one_digit = one_digit || here == count;
            counts[p][d] = at;
            at += here;
        }
        if (one_digit) continue;
        for (size_t i = 0; i < count; i++)
            to[counts[p][from[i] >> (p * DIGIT_BITS) & (DIGITS - 1)]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0; i < count; i++) x[i] = from_key(from[i]);
done:
    rad_free(keys);
    rad_free(counts);
    return status;
}

/* Places are the values on a scale from the lowest to the highest: two digits of them, or one of few values.
 */
enum { PLACE_BITS = 11, PLACE_DIGITS = 1 << PLACE_BITS, BLOCK = 512, MANY = 4 * PLACE_DIGITS };

typedef struct ruler {
    double low, scale, last; /* the last place */
} ruler;

RAD_KERNEL_LOOP void find_places_loop(const ruler *r, const double *x, size_t count,
                                      int32_t *restrict place) {
    const double low = r->low, scale = r->scale, last = r->last;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double at = (x[i] - low) * scale;
        place[i] = (int32_t)(at < last ? at : last);
    }
}
RAD_KERNEL(find_places, (const ruler *r, const double *x, size_t count, int32_t *restrict place),
           (r, x, count, place))

static void count_places(const ruler *r, const double *x, size_t count, uint32_t (*counts)[PLACE_DIGITS]) {
    int32_t place[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t here = count - first < BLOCK ? count - first : BLOCK;
        find_places(r, x + first, here, place);
        for (size_t i = 0; i < here; i++) {
            counts[0][place[i] & (PLACE_DIGITS - 1)]++;
            counts[1][place[i] >> PLACE_BITS]++;
        }
    }
}

/* Moves values by one digit of their places. */
static void move_by_digit(const ruler *r, const double *from, size_t count, int shift, uint32_t *counts,
                          double *to) {
    int32_t place[BLOCK];
    uint32_t at = 0;
    for (size_t d = 0; d < PLACE_DIGITS; d++) {
        const uint32_t here = counts[d];
        counts[d] = at;
        at += here;
    }
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t here = count - first < BLOCK ? count - first : BLOCK;
        find_places(r, from + first, here, place);
        for (size_t i = 0; i < here; i++)
            to[counts[place[i] >> shift & (PLACE_DIGITS - 1)]++] = from[first + i];
    }
}

/* By places, then by insertion: false, and in any order, where too many values share a place. */
static bool sort_by_places(double *x, size_t count, double low, double high, double *spare) {
    uint32_t counts[2][PLACE_DIGITS] = {{0}};
    const bool both = count >= MANY;
    const double last = both ? PLACE_DIGITS * PLACE_DIGITS - 1 : PLACE_DIGITS - 1;
    const ruler r = {low, last / (high - low), last};
    if (!isfinite(r.scale) || !isfinite(high - low) || count > UINT32_MAX) return false;
    count_places(&r, x, count, counts);
    move_by_digit(&r, x, count, 0, counts[0], spare);
    if (both)
        move_by_digit(&r, spare, count, PLACE_BITS, counts[1], x);
    else
        memcpy(x, spare, count * sizeof *x);
    return insert_all(x, count, 8 * count);
}

static rad_status sort_fractions(double *x, size_t count, double low, double high, rad_error *error) {
    bool sorted = count <= FEW;
    if (sorted) {
        insert_all(x, count, SIZE_MAX);
    } else {
        double *spare = rad_new_raw(count, sizeof *spare, error);
        if (!spare) return RAD_NO_MEMORY;
        sorted = sort_by_places(x, count, low, high, spare);
        rad_free(spare);
    }
    if (!sorted) return sort_by_radix(x, count, error);
    order_zeros(x, count);
    return RAD_OK;
}

rad_status rad_sort(double *x, size_t count, rad_error *error) {
    double low, high;
    if (count < 2) return RAD_OK;
    const bool whole = rad_sort_survey(x, count, &low, &high);
    if (!whole || !(fabs(low) < 0x1p50 && high - low < SPAN))
        return sort_fractions(x, count, low, high, error);
    if (count > FEW) return sort_by_counting(x, count, low, (size_t)(high - low) + 1, error);
    sort_few(x, count);
    return RAD_OK;
}

double rad_sorted_percentile(const double *x, size_t count, double part) {
    const double rank = part * (double)(count - 1);
    const size_t below = (size_t)rank;
    const double rest = rank - (double)below;
    return below + 1 < count ? x[below] + rest * (x[below + 1] - x[below]) : x[below];
}
