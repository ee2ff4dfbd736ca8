#include "harmonise.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/printable.h"

#include <math.h>
#include <string.h>

/* What did not vary in the pool has no effect that is known. */
static rad_status check_columns(const rad_harmonisation *c, const rad_study *study, const rad_cohort *cohort,
                                const double *columns, rad_error *error) {
    rad_status status = RAD_OK;
    rad_design *d = rad_new(1, sizeof *d, error);
    if (!d || rad_design_make(study, d, error) != RAD_OK) status = error ? error->status : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        for (size_t j = 0; j < c->columns && c->variables[v].used && status == RAD_OK; j++) {
            const double *x = columns + j * cohort->rows;
            double low = INFINITY, high = -INFINITY;
            for (size_t r = 0; r < cohort->rows && isnan(c->variables[v].slope[j]); r++) {
                low = fmin(low, x[r]);
                high = fmax(high, x[r]);
            }
            if (low < high)
                status = rad_fail(error, RAD_CONFIG,
                                  "harmonisation: %s varies in these rows and did not in the pool, so that "
                                  "its effect is unknown; leave out the rows that differ",
                                  d->column[j].name);
        }
    rad_free(d);
    return status;
}

double rad_harmonise_rest(const rad_harmonisation *c, const rad_batch_rows *of, size_t v, size_t row) {
    const size_t rows = of->cohort->rows;
    const rad_harmonised *x = &c->variables[v];
    double rest = of->cohort->values[v * rows + row] - x->location;
    for (size_t j = 0; j < c->columns; j++)
        if (!isnan(x->slope[j])) rest -= x->slope[j] * of->columns[j * rows + row];
    return rest;
}

/* Mean and variance of what the pool does not expect of a variable. */
static rad_site_effect find_effect(const rad_harmonisation *c, const rad_batch_rows *of, size_t v) {
    const rad_harmonised *x = &c->variables[v];
    double n = 0, mean = 0, square = 0;
    for (size_t r = 0; r < of->cohort->rows && x->used; r++) {
        const double rest = rad_harmonise_rest(c, of, v, r);
        if (isnan(rest) || (of->rows && !rad_bitset_has(of->rows, r))) continue;
        const double d = rest / x->scale - mean;
        mean += d / ++n;
        square += d * (rest / x->scale - mean);
    }
    return (rad_site_effect){
        .n = n, .gamma_hat = mean, .delta_hat = n > 1 ? square / (n - 1) : 0, .delta_star = 1};
}

rad_status rad_harmonise_join(const rad_harmonisation *c, const rad_study *study, const rad_batch_rows *of,
                              rad_site_effect *effects, rad_error *error) {
    size_t used = 0;
    double most = 0;
    rad_status status = check_columns(c, study, of->cohort, of->columns, error);
    if (status != RAD_OK) return status;
    for (size_t v = 0; v < c->count; v++) {
        const rad_harmonised *x = &c->variables[v];
        effects[v] = find_effect(c, of, v);
        if (x->used && !(effects[v].delta_hat > 0))
            return rad_fail(error, RAD_CONFIG, "%s has no spread in these rows; it cannot be harmonised",
                            x->name);
        used += x->used;
        most = fmax(most, effects[v].n);
    }
    if (!used) return rad_fail(error, RAD_CONFIG, "no variable can be harmonised");
    if (most < study->batch_minimum)
        return rad_fail(
            error, RAD_REFUSED,
            "harmonisation: %.0f patient%s %s all columns of the model, and the study asks for %d per %s",
            most, rad_plural((size_t)most), most == 1 ? "has" : "have", study->batch_minimum,
            *c->by ? "batch" : "site");
    rad_harmonisation_shrink(c->variables, c->count, effects);
    return RAD_OK;
}

rad_status rad_harmonise_batches(const rad_harmonisation *c, const rad_study *study,
                                 const rad_batch_rows *all, const rad_batched *b, rad_site_effect *effects,
                                 rad_error *error) {
    const size_t factor = rad_study_factor(study, c->by), levels = study->factors[factor].levels;
    const rad_cohort *cohort = all->cohort;
    uint64_t *rows = rad_new(cohort->words, sizeof *rows, error);
    rad_status status = rows ? RAD_OK : RAD_NO_MEMORY;
    for (size_t l = 0; l < levels && status == RAD_OK; l++) {
        const rad_batch_rows one = {cohort, all->columns, rows};
        if (b->of[l] != (int8_t)l) continue;
        memset(rows, 0, cohort->words * sizeof *rows);
        for (size_t r = 0; r < cohort->rows; r++) {
            const int8_t level = cohort->levels[factor * cohort->rows + r];
            if (level >= 0 && b->of[level] == (int8_t)l) rad_bitset_add(rows, r);
        }
        status = rad_harmonise_join(c, study, &one, effects + l * c->count, error);
    }
    rad_free(rows);
    return status;
}

double rad_harmonise_value(const rad_harmonisation *c, size_t variable, const rad_site_effect *e, double y,
                           const double *columns) {
    const rad_harmonised *x = &c->variables[variable];
    double expected = x->location;
    for (size_t j = 0; j < c->columns; j++)
        if (!isnan(x->slope[j])) expected += x->slope[j] * columns[j];
    return expected + x->scale * ((y - expected) / x->scale - e->gamma_star) / sqrt(e->delta_star);
}
