/* sign(x) sqrt|x|. */
#include "filters.h"
#include "point.h"

#include <math.h>

static double squareroot(double x, double scale) {
    (void)scale;
    return copysign(sqrt(fabs(x)), x);
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    return rad_point_run(field, options->filter, squareroot, 0, threads, out, error);
}

const rad_filter rad_filter_squareroot = {
    .name = "squareroot", .code = "", .help = "sign(x) sqrt|x|", .named = "", .others = "", .run = run};
