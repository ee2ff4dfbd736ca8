/* What a filter is: one row of the registry, one file.
 *
 * A filter takes a field (the intensities of a whole grid) and makes a response map of the same size. All
 * parameters of all filters live in one struct with one table of bounds (options.c); a filter reads those
 * that concern it. */
#ifndef RAD_FILTER_H
#define RAD_FILTER_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_field {
    size_t size[3];
    double spacing[3]; /* mm */
    double *data;      /* x fastest */
} rad_field;

size_t rad_field_count(const rad_field *field);

/* What lies outside of the field: zeros, the nearest voxel, the field again, its mirror image (edge voxels
 * twice). */
typedef enum rad_boundary { RAD_ZERO, RAD_CLAMP, RAD_PERIODIC, RAD_MIRROR } rad_boundary;

typedef enum rad_pooling { RAD_POOL_MAX, RAD_POOL_MIN, RAD_POOL_MEAN, RAD_POOL_SUM } rad_pooling;

typedef enum rad_component { RAD_MODULUS, RAD_REAL, RAD_IMAGINARY } rad_component;

enum { RAD_WORD_MAX = 32 };

typedef struct rad_filter_options {
    int dimension;               /* 2: slice by slice, 3 */
    int boundary;                /* rad_boundary */
    int size;                    /* mean: voxels, odd */
    double sigma;                /* mm: Gaussian, LoG, Gabor */
    double cutoff;               /* in sigma */
    char kernels[RAD_WORD_MAX];  /* Laws: "E5L5S5", one name per axis */
    char wavelet[RAD_WORD_MAX];  /* "haar", "db2", "coif1" */
    char subband[RAD_WORD_MAX];  /* wavelet: "LHL" */
    int level;                   /* wavelet, Simoncelli */
    bool rotations;              /* pool over all right-angle rotations, or over all angles of Gabor */
    int pooling;                 /* rad_pooling */
    int delta;                   /* Laws: Chebyshev distance of the energy in voxels; 0: no energy */
    double lambda, gamma, theta; /* Gabor: mm, 1, degrees */
    double step;                 /* Gabor: degrees between the angles that are pooled */
    bool orthogonal;             /* Gabor: mean over the three orthogonal planes */
    int component;               /* rad_component, Gabor */
    int riesz[3];                /* order of the Riesz transform of LoG and Simoncelli; 0 0 0: none */
} rad_filter_options;

/* Every option as it is when nobody sets it. */
void rad_filter_default(rad_filter_options *options);

/* Sets "sigma" from "3"; RAD_CONFIG says what is allowed. */
rad_status rad_filter_set(rad_filter_options *options, const char *key, const char *value,
                          rad_error *error) RAD_MUST_CHECK;

typedef struct rad_filter {
    const char *name;
    const char *code; /* IBSI identifier, "" where there is none */
    const char *help;
    /* out has the size of the field; it may not overlap it. */
    rad_status (*run)(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error);
} rad_filter;

/* All filters; the last row has no name. */
extern const rad_filter rad_filters[];

/* The filter of that name, or NULL. */
const rad_filter *rad_filter_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
