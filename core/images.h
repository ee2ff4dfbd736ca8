/* The images of an extraction besides the original: response maps of filters, each with its parameters and
 * with the features that are computed of it. */
#ifndef RAD_IMAGES_H
#define RAD_IMAGES_H

#include "discretise.h"
#include "keys.h"

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

/* Names of the filters; the last one is NULL. */
extern const char *const rad_filter_words[];

/* What features are computed, and how. */
typedef struct rad_feature_settings {
    rad_binnings discretisation; /* of histogram and texture */
    rad_binnings ivh;            /* one */
    unsigned dimensions;         /* of texture: rad_dimension bits */
    int glcm_distance;           /* Chebyshev, voxels */
    int ngtdm_distance;
    int ngldm_distance;
    double ngldm_coarseness;
    unsigned families; /* 1 << rad_family_bit */
} rad_feature_settings;

typedef struct rad_image {
    char name[RAD_TEXT_MAX]; /* first part of the columns: "log1.5mm" */
    rad_filter_options options;
    rad_feature_settings features;
    unsigned given; /* bits of rad_image_given */
} rad_image;

/* What the settings of an image said, and rad_settings_finish need not fill in. */
enum rad_image_given {
    RAD_GIVEN_NAME = 1,
    RAD_GIVEN_FAMILIES = 2,
    RAD_GIVEN_DISCRETISATION = 4,
    RAD_GIVEN_IVH = 8,
    RAD_GIVEN_BOUNDARY = 16
};

/* An image of that filter with all options as they are when nobody sets them. RAD_CONFIG: no such filter. */
rad_status rad_image_begin(rad_image *image, const char *filter, rad_error *error) RAD_MUST_CHECK;

/* The key of that name that the filter of the image takes, or RAD_CONFIG with those that it takes. */
rad_status rad_image_find(const rad_image *image, const char *name, const rad_key **key,
                          rad_error *error) RAD_MUST_CHECK;

/* Sets one key of the image. */
rad_status rad_image_set(rad_image *image, const rad_key *key, const char *const *words, size_t count,
                         rad_error *error) RAD_MUST_CHECK;

/* Sets the key of that name from one text, which commas separate where it takes a list. */
rad_status rad_image_set_text(rad_image *image, const char *name, const char *text,
                              rad_error *error) RAD_MUST_CHECK;

/* The keys that the image takes, one after the other from *at = 0; NULL after the last. */
const rad_key *rad_image_next(const rad_image *image, size_t *at);

/* The name that follows from filter and options: options that characterise the filter, others where they
 * differ from their default. The same options have the same name, whatever else is asked for. */
void rad_image_make_name(const rad_image *image, char name[RAD_TEXT_MAX]);

#ifdef __cplusplus
}
#endif
#endif
