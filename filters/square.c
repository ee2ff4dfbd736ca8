/* x^2. */
#include "filters.h"
#include "point.h"

static double square(double x, double scale) {
    (void)scale;
    return x * x;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    return rad_point_run(field, options->filter, square, 0, threads, out, error);
}

const rad_filter rad_filter_square = {
    .name = "square", .code = "", .help = "x^2", .named = "", .others = "", .run = run};
