/* Gaussian, and Laplacian of Gaussian (L6PA): the sum over the axes of the second derivative of a Gaussian
 * along one axis and Gaussians along the others; sigma in mm, cut off at `cutoff` sigma. */
#include "convolve.h"
#include "filters.h"
#include "rotate.h"
#include "spectrum.h"

#include "../core/memory.h"

#include <math.h>

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

/* P, the Gaussian so far, and L, the Laplacian so far, go from axis to axis: L becomes g L + g'' P, P becomes
 * g P. */
typedef struct pair {
    const double *plain, *laplacian; /* NULL: 0 */
} pair;

static rad_status run(const rad_field *field, const rad_filter_options *o, bool laplacian, int threads,
                      double *out, rad_error *error) {
    const size_t count = rad_field_count(field), *size = field->size;
    const rad_boundary boundary = (rad_boundary)o->boundary;
    double *room[4];
    kernels k;
    rad_status status = make_kernels(field, o, &k, error);
    for (int i = 0; i < 4; i++) {
        room[i] = rad_new_raw(count, sizeof *out, error);
        if (!room[i]) status = RAD_NO_MEMORY;
    }
    pair now = {field->data, NULL};
    for (int a = 0; a < o->dimension && status == RAD_OK; a++) {
        const bool last = a + 1 == o->dimension;
        double *plain = last && !laplacian ? out : room[a % 2], *sum = last ? out : room[2], *part = room[3];
        if (laplacian) {
            if (now.laplacian)
                rad_convolve(now.laplacian, size, a, &k.plain[a], false, boundary, threads, part);
            rad_convolve(now.plain, size, a, &k.second[a], false, boundary, threads, sum);
            if (now.laplacian) rad_pool_add(sum, part, count, RAD_POOL_SUM, false, 1, threads);
        }
        if (!laplacian || !last)
            rad_convolve(now.plain, size, a, &k.plain[a], false, boundary, threads, plain);
        now = (pair){plain, laplacian ? sum : NULL};
    }
    free_kernels(&k);
    for (int i = 0; i < 4; i++) rad_free(room[i]);
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
