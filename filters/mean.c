/* Mean over a box (S60F). */
#include "mean.h"

#include "convolve.h"
#include "filters.h"

#include "../core/memory.h"

typedef struct own {
    int size; /* voxels, odd */
} own;
RAD_OWN_OPTIONS

static const rad_key size_key = {
    "size", RAD_KEY_INTEGER, RAD_OWN(size), 1, 999, NULL, "5", "an odd whole number in 1..999", "voxels",
    "%s"};
static const rad_key *const keys[] = {&rad_dimension_key, &rad_boundary_key, &size_key, NULL};

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    const int size = own_of(options).size;
    (void)spacing;
    if (size % 2 == 0)
        return rad_fail(error, RAD_CONFIG, "mean: size %d is even; it must be odd, to have a centre", size);
    for (int a = 0; a < options->dimension; a++) reach[a] = (size_t)size / 2;
    return RAD_OK;
}

rad_status rad_mean_box(const rad_field *field, int size, const rad_filter_options *options, int threads,
                        double *out, rad_error *error) {
    const size_t count = rad_field_count(field), length = (size_t)size;
    rad_taps taps = {0};
    double *buffer = rad_new_raw(count, sizeof *buffer, error),
           *tap = rad_new_raw(length, sizeof *tap, error);
    rad_status status = buffer && tap ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < length && status == RAD_OK; i++) tap[i] = 1 / (double)length;
    if (status == RAD_OK) status = rad_taps_make(tap, length, &taps, error);
    if (status == RAD_OK) { /* the last of the passes ends in out */
        double *first = options->dimension % 2 ? out : buffer,
               *second = options->dimension % 2 ? buffer : out;
        rad_sweep sweep = {&taps, 0, false, (rad_boundary)options->boundary};
        rad_convolve(field->data, field->size, sweep, threads, NULL, first);
        sweep.axis = 1;
        rad_convolve(first, field->size, sweep, threads, NULL, second);
        sweep.axis = 2;
        if (options->dimension == 3) rad_convolve(second, field->size, sweep, threads, NULL, first);
    }
    rad_taps_free(&taps);
    rad_free(tap);
    rad_free(buffer);
    return status;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    return rad_mean_box(field, own_of(options).size, options, threads, out, error);
}

const rad_filter rad_filter_mean = {.name = "mean",
                                    .code = "S60F",
                                    .help = "mean over a box",
                                    .named = "size",
                                    .others = "dimension boundary",
                                    .keys = keys,
                                    .reach = reach,
                                    .run = run};
