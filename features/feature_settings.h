/* What features are computed, and how. */
#ifndef RAD_FEATURE_SETTINGS_H
#define RAD_FEATURE_SETTINGS_H

#include "../core/discretise.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bits of rad_feature_settings.dimensions. */
typedef enum rad_dimension { RAD_2D = 1, RAD_2_5D = 2, RAD_3D = 4 } rad_dimension;

typedef struct rad_feature_settings {
    rad_binnings discretisation; /* of histogram and texture */
    rad_binnings ivh;            /* one */
    unsigned dimensions;         /* of texture: rad_dimension bits */
    int glcm_distance;           /* Chebyshev, voxels */
    int ngtdm_distance;
    int ngldm_distance;
    double ngldm_coarseness;
    unsigned families; /* bits of rad_families */
} rad_feature_settings;

#ifdef __cplusplus
}
#endif
#endif
