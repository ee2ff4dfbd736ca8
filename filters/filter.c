#include "filters.h"

#include <string.h>

#define ROW(name, code, help)                                                                                \
    { #name, code, help, rad_reach_##name, rad_filter_##name }
const rad_filter rad_filters[] = {
    ROW(mean, "S60F", "mean over a box"),
    ROW(gaussian, "", "Gaussian"),
    ROW(log, "L6PA", "Laplacian of Gaussian, and its Riesz transforms"),
    ROW(laws, "JTXT", "Laws kernels, and their energy"),
    ROW(gabor, "Q88H", "Gabor, slice by slice"),
    ROW(wavelet, "", "undecimated separable wavelet"),
    ROW(simoncelli, "PRT7", "Simoncelli wavelet, and its Riesz transforms"),
    ROW(gradient, "", "magnitude of the gradient, per mm"),
    ROW(square, "", "x^2"),
    ROW(squareroot, "", "sign(x) sqrt|x|"),
    ROW(logarithm, "", "sign(x) log(1 + |x|)"),
    ROW(exponential, "", "exp(x / scale)"),
    ROW(lbp, "", "local binary patterns"),
    {NULL, NULL, NULL, NULL, NULL},
};

const rad_filter *rad_filter_find(const char *name) {
    for (const rad_filter *f = rad_filters; f->name; f++)
        if (!strcmp(f->name, name)) return f;
    return NULL;
}

size_t rad_field_count(const rad_field *field) {
    return field->size[0] * field->size[1] * field->size[2];
}

rad_box rad_field_wanted(const rad_field *field) {
    if (field->wanted.end[0]) return field->wanted;
    return (rad_box){{0, 0, 0}, {field->size[0], field->size[1], field->size[2]}};
}

void rad_filter_warn(const rad_filter_options *o, const char *name, const double spacing[3],
                     rad_warnings *warnings) {
    const char *filter = rad_filters[o->filter].name;
    if (strcmp(filter, "gaussian") != 0 && strcmp(filter, "log") != 0) return;
    for (int a = 0; a < o->dimension; a++)
        if (o->sigma < (1 - 1e-6) * spacing[a])
            rad_warn(
                warnings,
                "%.100s: sigma, %g mm, is less than the %g mm between voxels along %c: the kernel is not "
                "sampled there; interpolate, or choose a larger sigma%s",
                name, o->sigma, spacing[a], "xyz"[a], a == 2 ? " or dimension 2" : "");
}

rad_status rad_filter_run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                          rad_error *error) {
    const rad_filter *filter = &rad_filters[options->filter];
    size_t reach[3] = {0};
    rad_status status = filter->reach(options, field->spacing, reach, error);
    return status == RAD_OK ? filter->run(field, options, threads, out, error) : status;
}
