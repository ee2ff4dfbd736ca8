#include "batched.h"

#include <math.h>

static bool has_covariates(const rad_cohort *c, const rad_design *d, const double *columns, size_t row) {
    for (size_t j = 0; j < d->covariates; j++)
        if (isnan(columns[j * c->rows + row])) return false;
    return true;
}

/* The smallest batch, and the next one; `levels`: there is none. */
static void find_smallest(const rad_batched *b, size_t levels, size_t *least, size_t *next) {
    *least = *next = levels;
    for (size_t l = 0; l < levels; l++) {
        if (b->of[l] != (int8_t)l) continue;
        if (*least == levels || b->patients[l] < b->patients[*least]) {
            *next = *least;
            *least = l;
        } else if (*next == levels || b->patients[l] < b->patients[*next]) {
            *next = l;
        }
    }
}

static void join(rad_batched *b, size_t levels, size_t one, size_t other) {
    const size_t into = one < other ? one : other, from = one < other ? other : one;
    b->patients[into] += b->patients[from];
    for (size_t l = 0; l < levels; l++)
        if (b->of[l] == (int8_t)from) b->of[l] = (int8_t)into;
}

void rad_batched_find(const rad_cohort *c, const rad_study *s, const rad_design *d, const double *columns,
                      rad_batched *b) {
    const size_t factor = rad_study_factor(s, s->batch_by), levels = s->factors[factor].levels;
    const uint64_t minimum = (uint64_t)s->batch_minimum;
    size_t least, next;
    *b = (rad_batched){.small = levels};
    for (size_t r = 0; r < c->rows; r++) {
        const int8_t level = c->levels[factor * c->rows + r];
        if (level >= 0 && has_covariates(c, d, columns, r)) b->patients[level]++;
    }
    for (size_t l = 0; l < levels; l++) b->of[l] = b->patients[l] ? (int8_t)l : -1;
    find_smallest(b, levels, &least, &next);
    while (s->batch_merge && next < levels && b->patients[least] < minimum) {
        join(b, levels, least, next);
        find_smallest(b, levels, &least, &next);
    }
    if (least < levels && b->patients[least] < minimum) b->small = least;
}
