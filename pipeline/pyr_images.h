/* The image types of PyRadiomics as response maps of filters, with the names that it gives them. */
#ifndef RAD_PYR_IMAGES_H
#define RAD_PYR_IMAGES_H

#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Settings of PyRadiomics by value: what is done before filters, and what an image type may change. */
typedef struct rad_pyr_arguments {
    rad_pyr_case first;
    double width;
    int bins; /* 0: by width */
    rad_pyr_list distances, sigma;
    bool flat;
    int flat_dimension; /* as numpy counts: 0 is z */
    double shift;
    bool symmetric;
    int weighting, alike;
    int start_level, level;
    char wavelet[RAD_TEXT_MAX];
    bool gradient_spacing;
    double lbp_radius;
    int lbp_samples, lbp_method;
    int lbp3_levels, lbp3_subdivision;
    double lbp3_radius;
    int unused; /* of voxel-based extraction */
    bool unused_truth;
    double unused_number;
} rad_pyr_arguments;

rad_pyr_arguments rad_pyr_arguments_default(void);

/* Features of the original image; without `asked` those of its shape alone. */
void rad_pyr_images_original(rad_settings *settings, const rad_pyr_arguments *arguments,
                             const rad_pyr_settings *classes, bool asked);

/* Appends the maps of an image type. RAD_CONFIG: no such type, or one that is not made here. */
rad_status rad_pyr_images_add(rad_settings *settings, const char *type, const rad_pyr_arguments *arguments,
                              const rad_pyr_settings *classes, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
