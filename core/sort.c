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

/* Few whole numbers, for which counts would be more than they are worth. 0 has no sign, as counts have none.
 */
static void sort_few(double *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double v = x[i] + 0.0;
        size_t at = i;
        for (; at > 0 && x[at - 1] > v; at--) x[at] = x[at - 1];
        x[at] = v;
    }
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

rad_status rad_sort(double *x, size_t count, rad_error *error) {
    double low, high;
    if (count < 2) return RAD_OK;
    const bool whole = rad_sort_survey(x, count, &low, &high);
    if (!whole || !(fabs(low) < 0x1p50 && high - low < SPAN)) return sort_by_radix(x, count, error);
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
