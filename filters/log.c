/* Laplacian of Gaussian (L6PA): the sum over the axes of the second derivative of a Gaussian
 * along one axis and Gaussians along the others; sigma in mm, cut off at `cutoff` sigma. The Laplacian is per
 * mm2, times the square of the geometric mean of the voxel sides: of even voxels per voxel. */
#include "filters.h"
#include "gaussian.h"
#include "riesz.h"
#include "shared.h"

#include "../core/memory.h"

#include <math.h>
#include <stdio.h>

static double second(double k, double sigma) {
    const double square = sigma * sigma;
    return (k * k / (square * square) - 1 / square) * rad_gaussian(k, sigma);
}

typedef struct own {
    bool zero_sum; /* the mean of the taps is taken off each of them */
} own;
RAD_OWN_OPTIONS

static const rad_key zero_sum_key = {
    "zero_sum",
    RAD_KEY_TRUTH,
    RAD_OWN(zero_sum),
    0,
    1,
    NULL,
    "yes",
    NULL,
    "take the mean of all taps off each of them: a constant has the response 0",
    "_sampled"};
static const rad_key *const keys[] = {
    &rad_dimension_key, &rad_boundary_key, &rad_sigma_key,   &rad_cutoff_key,
    &zero_sum_key,      &rad_riesz_key,    &rad_steered_key, NULL};

typedef struct kernels {
    rad_taps plain[3], second[3];
    rad_taps one[3]; /* of the box of all taps */
    double mean;     /* of the taps of the Laplacian */
} kernels;

static void free_kernels(kernels *k) {
    for (int a = 0; a < 3; a++) {
        rad_taps_free(&k->plain[a]);
        rad_taps_free(&k->second[a]);
        rad_taps_free(&k->one[a]);
    }
}

static double sum_of(const rad_taps *taps) {
    double sum = 0;
    for (size_t i = 0; i < taps->length; i++) sum += taps->tap[i];
    return sum;
}

static void scale(rad_taps *taps, double times) {
    for (size_t i = 0; i < taps->length; i++) taps->tap[i] *= times;
}

/* What a second derivative per voxel along the axis counts. */
static double weight_of(const double spacing[3], int dimension, int axis) {
    double ratio = 1;
    for (int a = 0; a < dimension; a++) ratio *= spacing[a] / spacing[axis];
    return pow(ratio, 2.0 / dimension);
}

static double one(double k, double sigma) {
    (void)k;
    (void)sigma;
    return 1;
}

/* Mean of all taps of the Laplacian. */
static double mean_of(const kernels *k, int dimension) {
    double sum = 0, count = 1;
    for (int a = 0; a < dimension; a++) {
        double product = sum_of(&k->second[a]);
        for (int b = 0; b < dimension; b++)
            if (b != a) product *= sum_of(&k->plain[b]);
        sum += product;
        count *= (double)k->plain[a].length;
    }
    return sum / count;
}

static rad_status make_kernels(const rad_field *field, const rad_filter_options *o, kernels *k,
                               rad_error *error) {
    rad_status status = RAD_OK;
    *k = (kernels){0};
    for (int a = 0; a < o->dimension && status == RAD_OK; a++) {
        const double sigma = o->sigma / field->spacing[a];
        const size_t reach = rad_gaussian_reach(field->spacing, a, o->sigma, o->cutoff);
        status = rad_taps_sample(rad_gaussian, sigma, reach, &k->plain[a], error);
        if (status == RAD_OK) status = rad_taps_sample(second, sigma, reach, &k->second[a], error);
        if (status == RAD_OK) status = rad_taps_sample(one, sigma, reach, &k->one[a], error);
        if (status == RAD_OK) scale(&k->second[a], weight_of(field->spacing, o->dimension, a));
    }
    k->mean = status == RAD_OK ? mean_of(k, o->dimension) : 0;
    return status;
}

/* Adds minus the mean of the taps times the sum over their box, so that a constant has the response 0. */
static void subtract_mean(const rad_field *field, const rad_filter_options *o, const kernels *k, int threads,
                          double *const buffer[2], double *out) {
    const rad_pooling_how join = {RAD_POOL_SUM, false, -k->mean};
    const double *from = field->data;
    for (int a = 0; a < o->dimension; a++) {
        const bool last = a + 1 == o->dimension;
        rad_convolve(from, field->size, (rad_sweep){&k->one[a], a, false, (rad_boundary)o->boundary}, threads,
                     last ? &join : NULL, last ? out : buffer[a]);
        from = buffer[a % 2];
    }
}

/* P, the Gaussian so far, and L, the Laplacian so far, go from axis to axis: L becomes g L + g'' P, P becomes
 * g P. The map holds P until its last turn, so that three volumes beside it are enough. */
static rad_status laplace(const rad_field *field, const rad_filter_options *o, int threads, double *out,
                          rad_error *error) {
    const size_t count = rad_field_count(field), *size = field->size;
    const rad_boundary boundary = (rad_boundary)o->boundary;
    const rad_pooling_how join = {RAD_POOL_SUM, false, 1};
    const int last = o->dimension - 1;
    double *buffer[3] = {NULL}, *sum = NULL;
    const double *plain = field->data;
    kernels k;
    rad_status status = make_kernels(field, o, &k, error);
    for (int i = 0; i < 3 && status == RAD_OK; i++) {
        buffer[i] = rad_new_raw(count, sizeof *out, error);
        if (!buffer[i]) status = RAD_NO_MEMORY;
    }
    for (int a = 0; a <= last && status == RAD_OK; a++) {
        double *next_plain = (last - a) % 2 ? buffer[0] : out, *next_sum = a == last ? out : buffer[1 + a];
        const rad_sweep smooth = {&k.plain[a], a, false, boundary},
                        differ = {&k.second[a], a, false, boundary};
        rad_convolve(plain, size, differ, threads, NULL, next_sum);
        if (sum) rad_convolve(sum, size, smooth, threads, &join, next_sum);
        if (a < last) rad_convolve(plain, size, smooth, threads, NULL, next_plain);
        sum = next_sum;
        plain = next_plain;
    }
    if (status == RAD_OK && own_of(o).zero_sum) subtract_mean(field, o, &k, threads, buffer, out);
    free_kernels(&k);
    for (int i = 0; i < 3; i++) rad_free(buffer[i]);
    return status;
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    return rad_riesz_asked(options) ? rad_riesz_reach(options, reach, error)
                                    : rad_gaussian_box(options, spacing, reach, error);
}

/* Riesz transforms of one LoG share its spectrum. */
static rad_status transform(const rad_field *field, const rad_filter_options *o, int threads, double *out,
                            rad_error *error) {
    char key[RAD_TEXT_MAX];
    snprintf(key, sizeof key, "log %.17g %.17g %d %d %d", o->sigma, o->cutoff, o->boundary, o->dimension,
             own_of(o).zero_sum);
    rad_spectrum fresh = {0}, *spectrum = rad_shared_find(field, key);
    rad_status status = RAD_OK;
    if (!spectrum) {
        rad_shared_clear(field->shared);
        status = laplace(field, o, threads, out, error);
        if (status == RAD_OK) status = rad_spectrum_make(field, out, o->dimension, threads, &fresh, error);
        spectrum = rad_shared_keep(field, key, &fresh);
    }
    if (status == RAD_OK)
        status = rad_riesz_filter(field, spectrum, rad_riesz_factor, o, threads, out, error);
    rad_spectrum_free(&fresh);
    return status;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    return rad_riesz_asked(options) ? transform(field, options, threads, out, error)
                                    : laplace(field, options, threads, out, error);
}

const rad_filter rad_filter_log = {.name = "log",
                                   .code = "L6PA",
                                   .help = "Laplacian of Gaussian, and its Riesz transforms",
                                   .named = "sigma",
                                   .others = "cutoff zero_sum riesz steered dimension boundary",
                                   .keys = keys,
                                   .reach = reach,
                                   .run = run,
                                   .warn = rad_gaussian_warn};
