/* exp(x / scale). */
#include "filters.h"
#include "point.h"

#include <math.h>

typedef struct own {
    double scale; /* intensity units */
} own;
RAD_OWN_OPTIONS

static const rad_key scale_key = {"scale",
                                  RAD_KEY_NUMBER,
                                  RAD_OWN(scale),
                                  1e-6,
                                  1e9,
                                  NULL,
                                  "1000",
                                  NULL,
                                  "intensity at which the exponential is e",
                                  "_scale%s"};
static const rad_key *const keys[] = {&scale_key, NULL};

static double exponential(double x, double scale) {
    return exp(x / scale);
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    return rad_point_run(field, options->filter, exponential, own_of(options).scale, threads, out, error);
}

const rad_filter rad_filter_exponential = {.name = "exponential",
                                           .code = "",
                                           .help = "exp(x / scale)",
                                           .named = "",
                                           .others = "scale",
                                           .keys = keys,
                                           .run = run};
