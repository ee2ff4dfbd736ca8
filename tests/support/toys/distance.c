/* How far an intensity is from another one. */
#include "filters.h"

#include <math.h>

typedef struct own {
    double from; /* intensity units */
} own;
RAD_OWN_OPTIONS

static const rad_key from_key = {"from", RAD_KEY_NUMBER, RAD_OWN(from), -1e9,     1e9, NULL,
                                 "0",    NULL,           "intensity",   "_from%s"};
static const rad_key *const keys[] = {&from_key, NULL};

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    const double from = own_of(options).from;
    (void)threads;
    (void)error;
    for (size_t i = 0; i < rad_field_count(field); i++) out[i] = fabs(field->data[i] - from);
    return RAD_OK;
}

const rad_filter rad_filter_distance = {.name = "distance",
                                        .code = "",
                                        .help = "how far an intensity is from another one",
                                        .named = "",
                                        .others = "from",
                                        .keys = keys,
                                        .run = run};
