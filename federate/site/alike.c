#include "alike.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

enum { VALUES = 1 << 16 };

/* How many have each value of a column, by the hash of its first digits; what is missing is left out. */
typedef struct column {
    uint32_t *have; /* [VALUES]; owned */
    size_t count;
} column;

static void count(column *c, const uint32_t *sample, size_t patients) {
    memset(c->have, 0, VALUES * sizeof *c->have);
    c->count = 0;
    for (size_t r = 0; r < patients; r++)
        if (sample[r]) {
            c->have[(uint16_t)sample[r]]++;
            c->count++;
        }
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
    *could = *does = false;
    if (!small->count) return;
    for (size_t v = 0; v < VALUES; v++) {
        const size_t here = small->have[v], there = large->have[v];
        if (here + there) expect(&c, here + there);
        spare += here > there ? (double)(here - there) : 0;
        repeats = repeats || here > 1 || there > 1;
    }
    const double least = RAD_ALIKE * deviation_of(&c);
    *could = repeats && c.mean > least;
    *does = *could && c.mean - spare > least;
}

rad_status rad_persons_alike(const rad_persons *a, const rad_persons *b, bool *alike, rad_error *error) {
    column mine = {.have = rad_new(VALUES, sizeof *mine.have, error)},
           other = {.have = rad_new(VALUES, sizeof *other.have, error)};
    const rad_status status = mine.have && other.have ? RAD_OK : RAD_NO_MEMORY;
    size_t could = 0, do_so = 0;
    for (size_t k = 0; k < a->sampled && status == RAD_OK; k++) {
        const uint32_t *there = rad_persons_column(b, a->column[k]);
        bool can, does;
        if (!there) continue;
        count(&mine, a->sample + k * a->patients, a->patients);
        count(&other, there, b->patients);
        const bool fewer = mine.count <= other.count;
        look(fewer ? &mine : &other, fewer ? &other : &mine, &can, &does);
        could += can;
        do_so += does;
    }
    *alike = 2 * do_so > could;
    rad_free(mine.have);
    rad_free(other.have);
    return status;
}
