#include "point.h"

#include "../core/parallel.h"

#include <math.h>

typedef struct job {
    const rad_field *field;
    double scale;
    rad_point *f;
    double *out;
} job;

static void run_slice(size_t z, void *context) {
    const job *j = context;
    const size_t area = j->field->size[0] * j->field->size[1];
    for (size_t i = z * area; i < (z + 1) * area; i++) j->out[i] = j->f(j->field->data[i], j->scale);
}

rad_status rad_point_run(const rad_field *field, const rad_filter *filter, rad_point *f, double scale,
                         int threads, double *out, rad_error *error) {
    job j = {field, scale, f, out};
    rad_parallel_for(field->size[2], threads, run_slice, &j);
    for (size_t i = 0; i < rad_field_count(field); i++)
        if (!isfinite(out[i]))
            return rad_fail(error, RAD_CONFIG, "%s: an intensity of %g gives a number that is too large%s",
                            filter->name, field->data[i], scale > 0 ? "; use a larger scale" : "");
    return RAD_OK;
}
