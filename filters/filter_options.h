/* The parameters of filters. */
#ifndef RAD_FILTER_OPTIONS_H
#define RAD_FILTER_OPTIONS_H

#include "../core/keys.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What lies outside of the field: zeros, the nearest voxel, the field again, its mirror image (edge voxels
 * twice). */
typedef enum rad_boundary { RAD_ZERO, RAD_CLAMP, RAD_PERIODIC, RAD_MIRROR } rad_boundary;

typedef enum rad_pooling { RAD_POOL_MAX, RAD_POOL_MIN, RAD_POOL_MEAN, RAD_POOL_SUM } rad_pooling;

typedef enum rad_component { RAD_MODULUS, RAD_REAL, RAD_IMAGINARY } rad_component;

typedef enum rad_pattern { RAD_UNIFORM, RAD_MINIMUM, RAD_CODE } rad_pattern;

extern const char *const rad_boundary_words[];

/* All parameters of all filters; a filter reads those that concern it, and others cannot be set for it. */
typedef struct rad_filter_options {
    int filter;                  /* index into rad_filter_words */
    int dimension;               /* 2: slice by slice, 3 */
    int boundary;                /* rad_boundary */
    int size;                    /* mean: voxels, odd */
    double sigma;                /* mm: Gaussian, LoG, Gabor */
    double cutoff;               /* in sigma */
    bool zero_sum;               /* LoG: the mean of the taps is taken off each of them */
    char kernels[RAD_TEXT_MAX];  /* Laws: "E5L5S5", one name per axis */
    char wavelet[RAD_TEXT_MAX];  /* "haar", "db2", "coif1" */
    char subband[RAD_TEXT_MAX];  /* wavelet: "LHL" */
    int level;                   /* wavelet, Simoncelli */
    bool rotations;              /* pool over all right-angle rotations, or over all angles of Gabor */
    int pooling;                 /* rad_pooling */
    int delta;                   /* Laws: Chebyshev distance of the energy in voxels; 0: no energy */
    double lambda, gamma, theta; /* Gabor: mm, 1, degrees */
    double step;                 /* Gabor: degrees between the angles that are pooled */
    bool orthogonal;             /* Gabor: pool over the three orthogonal planes */
    int component;               /* rad_component, Gabor */
    int riesz[3];                /* order of the Riesz transform of LoG and Simoncelli; 0 0 0: none */
    double steered; /* Riesz: sigma in mm of the structure tensor that it follows; NaN: not steered */
    double scale;   /* exponential: intensity units */
    double radius;  /* LBP: voxels */
    int samples;    /* LBP in 2D: points on the circle */
    int pattern;    /* rad_pattern */
} rad_filter_options;

#ifdef __cplusplus
}
#endif
#endif
