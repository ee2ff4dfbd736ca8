#include "harmonise.h"

#include "../../core/memory.h"

#include <math.h>

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

rad_status rad_harmonise_join(const rad_harmonisation *c, const rad_study *study, const rad_cohort *cohort,
                              const double *columns, rad_site_effect *effects, rad_error *error) {
    size_t used = 0;
    double most = 0;
    rad_status status = check_columns(c, study, cohort, columns, error);
    if (status != RAD_OK) return status;
    for (size_t v = 0; v < c->count; v++) {
        const rad_harmonised *x = &c->variables[v];
        double n = 0, mean = 0, square = 0;
        for (size_t r = 0; r < cohort->rows && x->used; r++) {
            double rest = cohort->values[v * cohort->rows + r] - x->location;
            for (size_t j = 0; j < c->columns; j++)
                if (!isnan(x->slope[j])) rest -= x->slope[j] * columns[j * cohort->rows + r];
            if (isnan(rest)) continue;
            const double d = rest / x->scale - mean;
            mean += d / ++n;
            square += d * (rest / x->scale - mean);
        }
        effects[v] = (rad_site_effect){
            .n = n, .gamma_hat = mean, .delta_hat = n > 1 ? square / (n - 1) : 0, .delta_star = 1};
        if (x->used && !(effects[v].delta_hat > 0))
            return rad_fail(error, RAD_CONFIG, "%s has no spread in these rows; it cannot be harmonised",
                            x->name);
        used += x->used;
        most = fmax(most, n);
    }
    if (!used) return rad_fail(error, RAD_CONFIG, "no variable can be harmonised");
    if (most < study->batch_minimum)
        return rad_fail(
            error, RAD_REFUSED,
            "harmonisation: %.0f patients have all columns of the model, and the study asks for %d per site",
            most, study->batch_minimum);
    rad_harmonisation_shrink(c->variables, c->count, effects);
    return RAD_OK;
}

double rad_harmonise_value(const rad_harmonisation *c, size_t variable, const rad_site_effect *e, double y,
                           const double *columns) {
    const rad_harmonised *x = &c->variables[variable];
    double expected = x->location;
    for (size_t j = 0; j < c->columns; j++)
        if (!isnan(x->slope[j])) expected += x->slope[j] * columns[j];
    return expected + x->scale * ((y - expected) / x->scale - e->gamma_star) / sqrt(e->delta_star);
}
