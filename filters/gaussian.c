/* Gaussian; sigma in mm, cut off at `cutoff` sigma. */
#include "gaussian.h"

#include "filters.h"

#include "../core/memory.h"

#include <math.h>

double rad_gaussian(double k, double sigma) {
    return exp(-k * k / (2 * sigma * sigma)) / (sqrt(2 * acos(-1)) * sigma);
}

size_t rad_gaussian_reach(const double spacing[3], int axis, double sigma, double cutoff) {
    return (size_t)floor(cutoff * (sigma / spacing[axis]) + 0.5);
}

static void scale_to_one(rad_taps *taps) {
    double sum = 0;
    for (size_t i = 0; i < taps->length; i++) sum += taps->tap[i];
    const double times = 1 / sum;
    for (size_t i = 0; i < taps->length; i++) taps->tap[i] *= times;
}

rad_status rad_gaussian_smooth(const rad_field *field, rad_smoothing how, int threads, double *out,
                               rad_error *error) {
    const int last = how.dimension - 1;
    double *other = rad_new_raw(rad_field_count(field), sizeof *out, error);
    const double *from = field->data;
    rad_status status = other ? RAD_OK : RAD_NO_MEMORY;
    for (int a = 0; a <= last && status == RAD_OK; a++) {
        double *to = (last - a) % 2 ? other : out; /* the last axis ends in out */
        rad_taps taps;
        status = rad_taps_sample(rad_gaussian, how.sigma / field->spacing[a],
                                 rad_gaussian_reach(field->spacing, a, how.sigma, how.cutoff), &taps, error);
        if (status != RAD_OK) break;
        scale_to_one(&taps);
        rad_convolve(from, field->size, (rad_sweep){&taps, a, false, how.boundary}, threads, NULL, to);
        rad_taps_free(&taps);
        from = to;
    }
    rad_free(other);
    return status;
}

void rad_gaussian_warn(const rad_filter_options *o, const char *name, const double spacing[3],
                       rad_warnings *warnings) {
    for (int a = 0; a < o->dimension; a++)
        if (o->sigma < (1 - 1e-6) * spacing[a])
            rad_warn(
                warnings,
                "%.100s: sigma, %g mm, is less than the %g mm between voxels along %c: the kernel is not "
                "sampled there; interpolate, or choose a larger sigma%s",
                name, o->sigma, spacing[a], "xyz"[a], a == 2 ? " or dimension 2" : "");
}

rad_status rad_gaussian_box(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                            rad_error *error) {
    (void)error;
    for (int a = 0; a < options->dimension; a++)
        reach[a] = rad_gaussian_reach(spacing, a, options->sigma, options->cutoff);
    return RAD_OK;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    const rad_smoothing how = {options->sigma, options->cutoff, (rad_boundary)options->boundary,
                               options->dimension};
    return rad_gaussian_smooth(field, how, threads, out, error);
}

static const rad_key *const keys[] = {&rad_dimension_key, &rad_boundary_key, &rad_sigma_key, &rad_cutoff_key,
                                      NULL};

const rad_filter rad_filter_gaussian = {.name = "gaussian",
                                        .code = "",
                                        .help = "Gaussian",
                                        .named = "sigma",
                                        .others = "cutoff dimension boundary",
                                        .keys = keys,
                                        .reach = rad_gaussian_box,
                                        .run = run,
                                        .warn = rad_gaussian_warn};
