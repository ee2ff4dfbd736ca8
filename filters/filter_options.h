/* Options of filters. What several filters take is a member here and has its key below; what one filter takes
 * by itself is a struct `own` of its file, with keys there. */
#ifndef RAD_FILTER_OPTIONS_H
#define RAD_FILTER_OPTIONS_H

#include "../core/keys.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What lies outside of the field: zeros, the nearest voxel, the field again, its mirror image (edge voxels
 * twice). */
typedef enum rad_boundary { RAD_ZERO, RAD_CLAMP, RAD_PERIODIC, RAD_MIRROR } rad_boundary;

typedef enum rad_pooling { RAD_POOL_MAX, RAD_POOL_MIN, RAD_POOL_MEAN, RAD_POOL_SUM } rad_pooling;

extern const char *const rad_boundary_words[];

enum { RAD_OWN_OPTIONS_MAX = 256 };

typedef struct rad_filter_options {
    const struct rad_filter *filter;
    int dimension;  /* 2: slice by slice, 3 */
    int boundary;   /* rad_boundary */
    double sigma;   /* mm */
    double cutoff;  /* in sigma */
    int level;      /* of wavelets */
    bool rotations; /* pool over all right-angle rotations, or over all angles of Gabor */
    int pooling;    /* rad_pooling */
    int riesz[3];   /* order of the Riesz transform; 0 0 0: none */
    double steered; /* Riesz: sigma in mm of the structure tensor that it follows; NaN: not steered */
    char own[RAD_OWN_OPTIONS_MAX];
} rad_filter_options;

/* In the file of a filter, behind its struct `own`: own_of gives it from options. */
#define RAD_OWN_OPTIONS                                                                                      \
    _Static_assert(sizeof(own) <= RAD_OWN_OPTIONS_MAX, "options of a filter are no larger");                 \
    static own own_of(const rad_filter_options *options) {                                                   \
        own o;                                                                                               \
        memcpy(&o, options->own, sizeof o);                                                                  \
        return o;                                                                                            \
    }
#define RAD_OWN(member) (offsetof(rad_filter_options, own) + offsetof(own, member))

/* Keys of the options that several filters take. */
extern const rad_key rad_dimension_key, rad_boundary_key, rad_sigma_key, rad_cutoff_key, rad_level_key,
    rad_rotations_key, rad_pooling_key, rad_riesz_key, rad_steered_key;

#ifdef __cplusplus
}
#endif
#endif
