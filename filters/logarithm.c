/* sign(x) log(1 + |x|). */
#include "filters.h"
#include "point.h"

#include <math.h>

static double logarithm(double x, double scale) {
    (void)scale;
    return copysign(log1p(fabs(x)), x);
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    return rad_point_run(field, options->filter, logarithm, 0, threads, out, error);
}

const rad_filter rad_filter_logarithm = {
    .name = "logarithm", .code = "", .help = "sign(x) log(1 + |x|)", .named = "", .others = "", .run = run};
