#include "loader.h"

#include "identifiers.h"

#include <math.h>

rad_status rad_values_read(rad_loader *l, const rad_record *r) {
    const rad_cohort *c = l->c;
    double *to = l->numbers + c->rows * c->count;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        const rad_variable *v = &c->variables[i];
        status = rad_loader_number(l, l->number[i], r, v->name, &to[i]);
        if (status == RAD_CONFIG && v->kind == RAD_FEATURE && !rad_identifiers_declared(l, v->name) &&
            rad_identifiers_text(rad_loader_text(l, l->number[i], r)))
            return rad_identifiers_refuse(l, v->name, "looks like dates or unique ids");
        if (status != RAD_OK) break;
        l->raw[i] = to[i];
        if (v->computed) { /* ranks are made when all rows are there */
            if (v->computed->kind == RAD_COMPUTED_SPLINE && !isnan(to[i]))
                to[i] = rad_computed_spline(v->computed, to[i]);
            continue;
        }
        if (v->transform.logarithm && to[i] <= 0)
            return rad_loader_fail(
                l, v->name, rad_loader_text(l, l->number[i], r),
                "the study asks for its logarithm, which 0 and negative numbers do not have");
        if (v->transform.logarithm) to[i] = log(to[i]);
        to[i] -= v->transform.centre;
    }
    return status;
}

void rad_values_round(rad_variable *v, double *x, size_t count) {
    v->fineness = rad_fineness_round(x, count, v->transform.step);
}
