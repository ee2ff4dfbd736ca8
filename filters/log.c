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

/* A part of the field on its way: along the axes that are done it holds what is wanted. */
typedef struct part {
    const double *field; /* its first slice that counts */
    size_t size[3];
    rad_box wanted;
    rad_boundary boundary;
    int dimension, threads;
} part;

static part part_of(const rad_field *field, const rad_filter_options *o, int threads) {
    part p = {.field = field->data,
              .size = {field->size[0], field->size[1], field->size[2]},
              .wanted = rad_field_wanted(field),
              .boundary = (rad_boundary)o->boundary,
              .dimension = o->dimension,
              .threads = threads};
    if (o->dimension == 2) { /* slices stand for themselves */
        p.field += p.wanted.begin[2] * field->size[0] * field->size[1];
        p.size[2] = p.wanted.end[2] - p.wanted.begin[2];
    }
    return p;
}

static void sweep(const part *p, const double *in, const rad_taps *taps, int axis,
                  const rad_pooling_how *join, double *out) {
    const rad_sweep how = {taps, axis, false, p->boundary};
    const size_t kept[2] = {p->wanted.begin[axis], p->wanted.end[axis]};
    rad_convolve_part(in, p->size, &how, kept, p->threads, join, out);
}

static void shrink(part *p, int axis) {
    p->size[axis] = p->wanted.end[axis] - p->wanted.begin[axis];
}

/* Adds minus the mean of the taps times the sum over their box, so that a constant has the response 0. */
static void subtract_mean(part p, const kernels *k, double *const buffer[2], double *out) {
    const rad_pooling_how join = {RAD_POOL_SUM, false, -k->mean};
    const double *from = p.field;
    for (int a = 0; a < p.dimension; a++) {
        const bool last = a + 1 == p.dimension;
        sweep(&p, from, &k->one[a], a, last ? &join : NULL, last ? out : buffer[a]);
        shrink(&p, a);
        from = buffer[a % 2];
    }
}

/* P, the Gaussian so far, and L, the Laplacian so far, go from axis to axis: L becomes g L + g'' P, P becomes
 * g P. Returns where L is. */
static double *run_passes(part p, const kernels *k, double *const buffer[4]) {
    const rad_pooling_how join = {RAD_POOL_SUM, false, 1};
    const double *plain = p.field;
    double *sum = NULL;
    for (int a = 0; a < p.dimension; a++) {
        double *next_plain = buffer[a % 2], *next_sum = buffer[2 + a % 2];
        sweep(&p, plain, &k->second[a], a, NULL, next_sum);
        if (sum) sweep(&p, sum, &k->plain[a], a, &join, next_sum);
        if (a + 1 < p.dimension) sweep(&p, plain, &k->plain[a], a, NULL, next_plain);
        shrink(&p, a);
        sum = next_sum;
        plain = next_plain;
    }
    return sum;
}

/* Of what is wanted; others may stay undefined. */
static rad_status laplace(const rad_field *field, const rad_filter_options *o, int threads, double *out,
                          rad_error *error) {
    const part p = part_of(field, o, threads);
    const rad_box *w = &p.wanted;
    const size_t most = (w->end[0] - w->begin[0]) * p.size[1] * p.size[2]; /* after the first axis */
    const int lent = rad_box_count(w) == rad_field_count(field) ? 2 + (p.dimension - 1) % 2 : 1;
    double *buffer[4] = {NULL}; /* the map is one of them: the last one if all of it is wanted */
    kernels k;
    rad_status status = make_kernels(field, o, &k, error);
    for (int i = 0; i < 4 && status == RAD_OK; i++) {
        buffer[i] = i == lent ? out : rad_new_raw(most, sizeof *out, error);
        if (!buffer[i]) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK) {
        double *sum = run_passes(p, &k, buffer);
        if (own_of(o).zero_sum) subtract_mean(p, &k, buffer, sum);
        if (sum != out) rad_convolve_place(sum, w, field->size, out);
    }
    free_kernels(&k);
    for (int i = 0; i < 4; i++)
        if (i != lent) rad_free(buffer[i]);
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
        rad_field all = *field; /* the spectrum is that of all voxels */
        all.wanted = (rad_box){.end = {0}};
        rad_shared_clear(field->shared);
        status = laplace(&all, o, threads, out, error);
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
