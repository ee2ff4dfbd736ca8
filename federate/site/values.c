#include "loader.h"

#include "../exact.h"
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
        if (v->transform.logarithm && to[i] <= 0)
            return rad_loader_fail(
                l, v->name, rad_loader_text(l, l->number[i], r),
                "the study asks for its logarithm, which 0 and negative numbers do not have");
        if (v->transform.logarithm) to[i] = log(to[i]);
        to[i] -= v->transform.centre;
    }
    return status;
}

/* Does a spread of the values survive rounding? It does where a step is below 1/1024 of a standard deviation.
 */
static bool too_coarse(const double *x, size_t count) {
    double mean = 0, square = 0, largest = 0, n = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(x[i])) continue;
        const double d = x[i] - mean;
        mean += d / ++n;
        square += d * (x[i] - mean);
        largest = fmax(largest, fabs(x[i]));
    }
    return n > 1 && square > 0 && ldexp(largest, -RAD_EXACT_BITS) * 1024 > sqrt(square / (n - 1));
}

void rad_values_round(rad_variable *v, double *x, size_t count) {
    v->coarse = too_coarse(x, count);
    for (size_t i = 0; i < count; i++) x[i] = rad_exact_rounded(x[i]);
}
