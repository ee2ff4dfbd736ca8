/* Every setting of an extraction: one struct, one table of bounds (settings.c). A key exists in one row there;
 * parsing, validation, help, the echo into outputs and the canonical form all come from that row. */
#ifndef RAD_SETTINGS_H
#define RAD_SETTINGS_H

#include "discretise.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_interpolation { RAD_NEAREST, RAD_LINEAR, RAD_CUBIC } rad_interpolation;

/* Bits of rad_settings.dimensions. */
typedef enum rad_dimension { RAD_2D = 1, RAD_2_5D = 2, RAD_3D = 4 } rad_dimension;

enum { RAD_DISCRETISATIONS_MAX = 16 };

typedef struct rad_settings {
    double spacing[3]; /* interpolation.spacing, mm; 0 keeps that axis */
    rad_interpolation image_method;
    rad_interpolation mask_method; /* nearest or linear */
    double mask_threshold;         /* partial volume, (0, 1] */
    bool round;                    /* intensities to whole numbers after interpolation */
    double range[2];               /* re-segmentation; -inf, +inf: none */
    double outliers;               /* standard deviations kept; 0: keep all */
    size_t discretisation_count;
    rad_discretisation discretisations[RAD_DISCRETISATIONS_MAX]; /* of histogram and texture */
    rad_discretisation ivh;
    unsigned dimensions; /* of texture: rad_dimension bits */
    int glcm_distance;   /* Chebyshev, voxels */
    int ngtdm_distance;
    int ngldm_distance;
    double ngldm_coarseness;
    unsigned families; /* bit per row of the feature registry */
    bool diagnostics;
} rad_settings;

#ifdef __cplusplus
}
#endif
#endif
