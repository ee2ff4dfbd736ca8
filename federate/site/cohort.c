#include "batched.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"

#include <math.h>
#include <string.h>

void rad_cohort_free(rad_cohort *c) {
    for (size_t i = 0; c->patients && i < c->rows; i++) rad_free(c->patients[i]);
    rad_free(c->patients);
    rad_free(c->variables);
    rad_free(c->values);
    rad_free(c->levels);
    rad_free(c->times);
    rad_free(c->events);
    rad_free(c->occasions);
    rad_free(c->sample_name);
    rad_free(c->sample);
    *c = (rad_cohort){.rows = 0};
}

rad_status rad_cohort_select(const rad_cohort *c, const rad_study *study, const uint64_t *rows,
                             rad_cohort *out, rad_error *error) {
    *out = (rad_cohort){.count = c->count};
    memcpy(out->settings, c->settings, sizeof out->settings);
    for (size_t i = 0; i < c->rows; i++) out->rows += rad_bitset_has(rows, i);
    out->words = rad_bitset_words(out->rows);
    out->variables = rad_new_raw(c->count, sizeof *c->variables, error);
    out->values = rad_new_raw(c->count * out->rows, sizeof *c->values, error);
    out->levels = rad_new_raw(study->factor_count * out->rows, sizeof *c->levels, error);
    out->times = rad_new_raw(study->survival_count * out->rows, sizeof *c->times, error);
    out->events = rad_new_raw(study->survival_count * out->rows, sizeof *c->events, error);
    const size_t repeats = c->occasions ? study->occasion_count : 0;
    out->occasions = repeats ? rad_new_raw(repeats * c->count * out->rows, sizeof *c->values, error) : NULL;
    if (!out->variables || !out->values || !out->levels || !out->times || !out->events ||
        (repeats && !out->occasions)) {
        rad_cohort_free(out);
        return RAD_NO_MEMORY;
    }
    memcpy(out->variables, c->variables, c->count * sizeof *c->variables);
    for (size_t r = 0, to = 0; r < c->rows; r++) {
        if (!rad_bitset_has(rows, r)) continue;
        for (size_t v = 0; v < c->count; v++) out->values[v * out->rows + to] = c->values[v * c->rows + r];
        for (size_t v = 0; v < repeats * c->count; v++)
            out->occasions[v * out->rows + to] = c->occasions[v * c->rows + r];
        for (size_t f = 0; f < study->factor_count; f++)
            out->levels[f * out->rows + to] = c->levels[f * c->rows + r];
        for (size_t s = 0; s < study->survival_count; s++) {
            out->times[s * out->rows + to] = c->times[s * c->rows + r];
            out->events[s * out->rows + to] = c->events[s * c->rows + r];
        }
        to++;
    }
    return RAD_OK;
}

/* Which level each patient counts as: batches within the site are of one level or more. */
static int8_t level_of(const rad_cohort *c, const rad_batched *batches, size_t factor, size_t row) {
    const int8_t level = c->levels[factor * c->rows + row];
    return batches && level >= 0 ? batches->of[level] : level;
}

void rad_cohort_columns(const rad_cohort *c, const rad_study *s, const rad_design *d, double *values) {
    rad_batched batches;
    for (size_t k = 0; k < d->count; k++) {
        double *to = values + k * c->rows;
        const size_t of = d->column[k].of;
        size_t v = 0;
        if (k == d->covariates) rad_batched_find(c, s, d, values, &batches);
        while (!d->column[k].level && v < c->count && strcmp(c->variables[v].name, s->numbers[of].name) != 0)
            v++;
        for (size_t r = 0; r < c->rows; r++) {
            const int8_t level =
                d->column[k].level ? level_of(c, k < d->covariates ? NULL : &batches, of, r) : 0;
            if (!d->column[k].level)
                to[r] = v < c->count ? c->values[v * c->rows + r] : NAN;
            else
                to[r] = level < 0 ? NAN : level == (int)d->column[k].at;
        }
    }
}

void rad_cohort_level(const rad_cohort *c, size_t factor, int level, const uint64_t *within, uint64_t *out) {
    const int8_t *of = c->levels + factor * c->rows;
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0; r < c->rows; r++)
        if (of[r] == level && (!within || rad_bitset_has(within, r))) rad_bitset_add(out, r);
}

void rad_cohort_side(const rad_cohort *c, size_t variable, bool larger, const uint64_t *within,
                     uint64_t *out) {
    const double *x = c->values + variable * c->rows;
    double least = INFINITY;
    for (size_t r = 0; r < c->rows; r++) least = fmin(least, x[r]); /* NaN is passed over */
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0; r < c->rows; r++)
        if (rad_bitset_has(within, r) && !isnan(x[r]) && (x[r] > least) == larger) rad_bitset_add(out, r);
}

void rad_cohort_repeated(const rad_cohort *c, size_t occasions, size_t variable, uint64_t *out) {
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0; r < c->rows; r++) {
        bool all = true;
        for (size_t j = 0; j < occasions; j++)
            all = all && !isnan(c->occasions[(j * c->count + variable) * c->rows + r]);
        if (all) rad_bitset_add(out, r);
    }
}
