/* Gaussian, and Laplacian of Gaussian (L6PA): the sum over the axes of the second derivative of a Gaussian
 * along one axis and Gaussians along the others; sigma in mm, cut off at `cutoff` sigma. */
#include "convolve.h"
#include "filters.h"
#include "spectrum.h"

#include "../core/memory.h"

#include <math.h>
#include <string.h>

static double gaussian(double k, double sigma) {
    return exp(-k * k / (2 * sigma * sigma)) / (sqrt(2 * acos(-1)) * sigma);
}

static double second(double k, double sigma) {
    const double square = sigma * sigma;
    return (k * k / (square * square) - 1 / square) * gaussian(k, sigma);
}

typedef struct kernels {
    rad_taps plain[3], second[3];
} kernels;

static void free_kernels(kernels *k) {
    for (int a = 0; a < 3; a++) {
        rad_taps_free(&k->plain[a]);
        rad_taps_free(&k->second[a]);
    }
}

static rad_status make_kernels(const rad_field *field, const rad_filter_options *o, kernels *k,
                               rad_error *error) {
    rad_status status = RAD_OK;
    *k = (kernels){0};
    for (int a = 0; a < o->dimension && status == RAD_OK; a++) {
        const double sigma = o->sigma / field->spacing[a];
        const size_t reach = (size_t)floor(o->cutoff * sigma + 0.5);
        status = rad_taps_sample(gaussian, sigma, reach, &k->plain[a], error);
        if (status == RAD_OK) status = rad_taps_sample(second, sigma, reach, &k->second[a], error);
    }
    return status;
}

/* out = field under one kernel per axis, through two buffers. */
static void pass(const rad_field *field, const rad_filter_options *o, const rad_taps *const taps[3],
                 int threads, double *room[2], const double **out) {
    const double *in = field->data;
    for (int a = 0; a < o->dimension; a++) {
        rad_convolve(in, field->size, a, taps[a], false, (rad_boundary)o->boundary, threads, room[a % 2]);
        in = room[a % 2];
    }
    *out = in;
}

/* The sum over axes with a second derivative (terms = dimension), or the plain Gaussian (terms = 0). */
static rad_status run(const rad_field *field, const rad_filter_options *o, bool laplacian, int threads,
                      double *out, rad_error *error) {
    const size_t count = rad_field_count(field);
    double *room[2] = {rad_new_raw(count, sizeof *out, error), rad_new_raw(count, sizeof *out, error)};
    kernels k;
    rad_status status = make_kernels(field, o, &k, error);
    if (!room[0] || !room[1]) status = RAD_NO_MEMORY;
    for (int term = 0; term < (laplacian ? o->dimension : 1) && status == RAD_OK; term++) {
        const rad_taps *taps[3];
        const double *result = NULL;
        for (int a = 0; a < 3; a++) taps[a] = laplacian && a == term ? &k.second[a] : &k.plain[a];
        pass(field, o, taps, threads, room, &result);
        for (size_t i = 0; i < count; i++) out[i] = (term ? out[i] : 0) + result[i];
    }
    free_kernels(&k);
    rad_free(room[0]);
    rad_free(room[1]);
    return status;
}

rad_status rad_filter_gaussian(const rad_field *field, const rad_filter_options *options, int threads,
                               double *out, rad_error *error) {
    return run(field, options, false, threads, out, error);
}

rad_status rad_filter_log(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                          rad_error *error) {
    rad_status status = run(field, options, true, threads, out, error);
    const int *l = options->riesz;
    if (status != RAD_OK || l[0] + l[1] + l[2] == 0) return status;
    const rad_field response = {{field->size[0], field->size[1], field->size[2]},
                                {field->spacing[0], field->spacing[1], field->spacing[2]},
                                out};
    return rad_spectrum_filter(&response, options, rad_riesz_factor, threads, out, error);
}
