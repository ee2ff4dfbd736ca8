#include "sets.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;
static const uint64_t prime = ((uint64_t)1 << 61) - 1;

size_t rad_sets_values(const uint64_t *set, const double *x, size_t rows, double *out) {
    size_t count = 0;
    for (size_t r = 0; r < rows; r++)
        if (rad_bitset_has(set, r)) out[count++] = x[r];
    return count;
}

bool rad_sets_may_add(const rad_sets *s, const uint64_t *set, size_t least) {
    if (rad_bitset_count(set, s->words) < least) return false;
    for (size_t k = 0; k < s->count; k++) {
        const size_t differ = rad_bitset_differ(set, s->bits + k * s->words, s->words);
        if (differ && differ < least) return false;
    }
    return true;
}

rad_status rad_sets_add(rad_sets *s, const uint64_t *set, rad_error *error) {
    rad_status status = rad_grow(&s->bits, s->count, &s->capacity, s->words * sizeof *s->bits, error);
    if (status == RAD_OK) memcpy(s->bits + s->count++ * s->words, set, s->words * sizeof *set);
    return status;
}

void rad_sets_free(rad_sets *s) {
    rad_free(s->bits);
    *s = (rad_sets){.words = s->words};
}

static uint64_t multiply(uint64_t a, uint64_t b) {
    return (uint64_t)((uint128)a * b % prime);
}

static uint64_t invert(uint64_t a) {
    uint64_t result = 1;
    for (uint64_t power = prime - 2; power; power >>= 1, a = multiply(a, a))
        if (power & 1) result = multiply(result, a);
    return result;
}

/* Reduces m[rows][columns] to row echelon form with pivots 1, zeros above and below. */
static void reduce(uint64_t *m, size_t rows, size_t columns) {
    for (size_t c = 0, top = 0; c < columns && top < rows; c++) {
        size_t pivot = top;
        while (pivot < rows && !m[pivot * columns + c]) pivot++;
        if (pivot == rows) continue;
        const uint64_t scale = invert(m[pivot * columns + c]);
        for (size_t j = 0; j < columns; j++) {
            const uint64_t swap = m[pivot * columns + j];
            m[pivot * columns + j] = m[top * columns + j];
            m[top * columns + j] = multiply(swap, scale);
        }
        for (size_t r = 0; r < rows; r++) {
            const uint64_t by = m[r * columns + c];
            if (r == top || !by) continue;
            for (size_t j = c; j < columns; j++)
                m[r * columns + j] =
                    (m[r * columns + j] + prime - multiply(by, m[top * columns + j])) % prime;
        }
        top++;
    }
}

/* Patients in the same sets are one column. A patient's sets as bits, for sorting. */
typedef struct member {
    const uint64_t *sets;
    size_t words;
} member;

static int by_sets(const void *a, const void *b) {
    const member *x = a, *y = b;
    return memcmp(x->sets, y->sets, x->words * sizeof *x->sets);
}

/* Columns of patients that lie in the same sets, with their sizes; those in no set are left out. */
static size_t group(const rad_sets *s, const member *sorted, size_t patients, uint64_t *m, size_t *sizes) {
    size_t columns = 0;
    for (size_t i = 0, end; i < patients; i = end) {
        for (end = i + 1; end < patients && !by_sets(&sorted[i], &sorted[end]);) end++;
        if (rad_is_zero(sorted[i].sets, sorted[i].words * sizeof *sorted[i].sets)) continue;
        for (size_t k = 0; k < s->count; k++) m[columns * s->count + k] = rad_bitset_has(sorted[i].sets, k);
        sizes[columns++] = end - i;
    }
    return columns;
}

/* Rows that have one column left, of few patients. */
static bool has_single(const uint64_t *m, size_t rows, size_t columns, const size_t *sizes, size_t least) {
    for (size_t r = 0; r < rows; r++) {
        size_t used = 0, last = 0;
        for (size_t c = 0; c < columns; c++)
            if (m[r * columns + c]) {
                used++;
                last = c;
            }
        if (used == 1 && sizes[last] < least) return true;
    }
    return false;
}

rad_status rad_sets_isolate(const rad_sets *s, size_t least, bool *isolates, rad_error *error) {
    const size_t patients = s->words * 64, words = rad_bitset_words(s->count);
    uint64_t *of = rad_new(patients * (words ? words : 1), sizeof *of, error);
    member *list = rad_new(patients, sizeof *list, error);
    uint64_t *by_column = rad_new(patients * s->count, sizeof *by_column, error);
    uint64_t *m = rad_new(patients * s->count, sizeof *m, error);
    size_t *sizes = rad_new(patients, sizeof *sizes, error);
    rad_status status = of && list && by_column && m && sizes ? RAD_OK : RAD_NO_MEMORY;
    *isolates = false;
    if (status == RAD_OK && s->count) {
        for (size_t i = 0; i < patients; i++) {
            for (size_t k = 0; k < s->count; k++)
                if (rad_bitset_has(s->bits + k * s->words, i)) rad_bitset_add(of + i * words, k);
            list[i] = (member){of + i * words, words};
        }
        qsort(list, patients, sizeof *list, by_sets);
        const size_t columns = group(s, list, patients, by_column, sizes);
        for (size_t c = 0; c < columns; c++)
            for (size_t k = 0; k < s->count; k++) m[k * columns + c] = by_column[c * s->count + k];
        reduce(m, s->count, columns);
        *isolates = has_single(m, s->count, columns, sizes, least);
    }
    rad_free(of);
    rad_free(list);
    rad_free(by_column);
    rad_free(m);
    rad_free(sizes);
    return status;
}
