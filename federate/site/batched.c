#include "batched.h"

#include "../harmonisation.h"

#include <math.h>

static bool has_covariates(const rad_cohort *c, const rad_design *d, const double *columns, size_t row) {
    for (size_t j = 0; j < d->covariates; j++)
        if (isnan(columns[j * c->rows + row])) return false;
    return true;
}

void rad_batched_find(const rad_cohort *c, const rad_study *s, const rad_design *d, const double *columns,
                      rad_batched *b) {
    const size_t factor = rad_study_factor(s, s->batch_by), levels = s->factors[factor].levels;
    size_t batch[RAD_FACTOR_LEVELS];
    double n[RAD_FACTOR_LEVELS] = {0};
    *b = (rad_batched){.small = levels};
    for (size_t r = 0; r < c->rows; r++) {
        const int8_t level = c->levels[factor * c->rows + r];
        if (level >= 0 && has_covariates(c, d, columns, r)) n[level]++;
    }
    for (size_t l = 0; l < levels; l++) batch[l] = n[l] > 0 ? l : levels;
    if (s->batch_merge) rad_harmonisation_merge(batch, n, levels, s->batch_minimum, levels);
    for (size_t l = 0; l < levels; l++) {
        b->of[l] = (int8_t)(batch[l] < levels ? (int)batch[l] : -1);
        b->patients[l] = (uint64_t)n[l];
        if (batch[l] == l && n[l] < s->batch_minimum && (b->small == levels || n[l] < n[b->small]))
            b->small = l;
    }
}
