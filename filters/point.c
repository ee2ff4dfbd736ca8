/* Functions of the intensity of a voxel alone, without rescaling: the response does not depend on the rest of
 * the image. */
#include "filters.h"

#include "../core/parallel.h"

#include <math.h>

typedef double function(double x, double scale);

static double square(double x, double scale) {
    (void)scale;
    return x * x;
}

static double squareroot(double x, double scale) {
    (void)scale;
    return copysign(sqrt(fabs(x)), x);
}

static double logarithm(double x, double scale) {
    (void)scale;
    return copysign(log1p(fabs(x)), x);
}

static double exponential(double x, double scale) {
    return exp(x / scale);
}

typedef struct job {
    const rad_field *field;
    double scale;
    function *f;
    double *out;
} job;

static void run_slice(size_t z, void *context) {
    const job *j = context;
    const size_t area = j->field->size[0] * j->field->size[1];
    for (size_t i = z * area; i < (z + 1) * area; i++) j->out[i] = j->f(j->field->data[i], j->scale);
}

static rad_status run(const rad_field *field, const rad_filter_options *options, function *f, int threads,
                      double *out, rad_error *error) {
    job j = {field, options->scale, f, out};
    rad_parallel_for(field->size[2], threads, run_slice, &j);
    for (size_t i = 0; i < rad_field_count(field); i++)
        if (!isfinite(out[i]))
            return rad_fail(error, RAD_CONFIG, "%s: an intensity of %g gives a number that is too large%s",
                            rad_filters[options->filter].name, field->data[i],
                            f == exponential ? "; take a larger scale" : "");
    return RAD_OK;
}

#define POINT(name)                                                                                          \
    rad_status rad_reach_##name(const rad_filter_options *options, const double spacing[3], size_t reach[3], \
                                rad_error *error) {                                                          \
        (void)options, (void)spacing, (void)reach, (void)error;                                              \
        return RAD_OK;                                                                                       \
    }                                                                                                        \
    rad_status rad_filter_##name(const rad_field *field, const rad_filter_options *options, int threads,     \
                                 double *out, rad_error *error) {                                            \
        return run(field, options, name, threads, out, error);                                               \
    }

POINT(square)
POINT(squareroot)
POINT(logarithm)
POINT(exponential)
