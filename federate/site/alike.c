#include "alike.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>

/* The values of a column, sorted. */
typedef struct column {
    uint16_t *value; /* owned */
    size_t count;
} column;

static int by_value(const void *a, const void *b) {
    const uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;
    return (x > y) - (x < y);
}

/* Of their first digits; what is missing is left out. */
static rad_status read_column(const uint32_t *sample, size_t patients, column *out, rad_error *error) {
    *out = (column){rad_new(patients, sizeof *out->value, error), 0};
    if (!out->value) return RAD_NO_MEMORY;
    for (size_t r = 0; r < patients; r++)
        if (sample[r]) out->value[out->count++] = (uint16_t)sample[r];
    if (out->count > 1) qsort(out->value, out->count, sizeof *out->value, by_value);
    return RAD_OK;
}

/* How many from there on have the value. */
static size_t run_of(const column *c, size_t at, uint16_t value) {
    size_t end = at;
    while (end < c->count && c->value[end] == value) end++;
    return end - at;
}

/* What chance gives, added up over values: mean and variance of max(d, 0), d = k - (t - k) for k of t in the
 * smaller table; variance of d, and both together. */
typedef struct chance {
    double share, mean, variance, apart, joint;
} chance;

static void expect(chance *c, size_t t) {
    const double n = (double)t, q = c->share;
    double first = 0, second = 0;
    for (size_t k = t / 2 + 1; k <= t; k++) {
        const double x = (double)k, d = 2 * x - n,
                     p = exp(lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(q) +
                             (n - x) * log1p(-q));
        first += p * d;
        second += p * d * d;
    }
    c->mean += first;
    c->variance += second - first * first;
    c->apart += 4 * n * q * (1 - q);
    c->joint += second - first * n * (2 * q - 1);
}

/* The sizes of the tables are as they are: all d add up to their difference, which takes its part. */
static double deviation_of(const chance *c) {
    return sqrt(fmax(c->variance - c->joint * c->joint / c->apart, 0));
}

/* Could the column tell, and does it? */
static void look(const column *small, const column *large, bool *could, bool *does) {
    chance c = {.share = (double)small->count / (double)(small->count + large->count)};
    double spare = 0;
    bool repeats = false;
    for (size_t i = 0, j = 0; i < small->count || j < large->count;) {
        const bool first = j == large->count || (i < small->count && small->value[i] <= large->value[j]);
        const uint16_t value = first ? small->value[i] : large->value[j];
        const size_t here = run_of(small, i, value), there = run_of(large, j, value);
        expect(&c, here + there);
        spare += here > there ? (double)(here - there) : 0;
        repeats = repeats || here > 1 || there > 1;
        i += here;
        j += there;
    }
    const double least = RAD_ALIKE * deviation_of(&c);
    *could = repeats && c.mean > least;
    *does = *could && c.mean - spare > least;
}

rad_status rad_persons_alike(const rad_persons *a, const rad_persons *b, bool *alike, rad_error *error) {
    size_t could = 0, do_so = 0;
    rad_status status = RAD_OK;
    for (size_t k = 0; k < a->sampled && status == RAD_OK; k++) {
        const uint32_t *there = rad_persons_column(b, a->column[k]);
        column mine, other = {NULL, 0};
        bool can = false, does = false;
        if (!there) continue;
        status = read_column(a->sample + k * a->patients, a->patients, &mine, error);
        if (status == RAD_OK) status = read_column(there, b->patients, &other, error);
        if (status == RAD_OK && mine.count && other.count)
            look(mine.count <= other.count ? &mine : &other, mine.count <= other.count ? &other : &mine, &can,
                 &does);
        could += can;
        do_so += does;
        rad_free(mine.value);
        rad_free(other.value);
    }
    *alike = 2 * do_so > could;
    return status;
}
