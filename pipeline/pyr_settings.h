/* What PyRadiomics' settings say about a case before its features: `standard: pyradiomics`. */
#ifndef RAD_PYR_SETTINGS_H
#define RAD_PYR_SETTINGS_H

#include "../core/itk_interpolate.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_standard { RAD_IBSI, RAD_PYRADIOMICS } rad_standard;

typedef enum rad_pyr_range { RAD_PYR_ABSOLUTE, RAD_PYR_RELATIVE, RAD_PYR_SIGMA } rad_pyr_range;

enum { RAD_PYR_LIST_MAX = 32 };

/* A list of numbers, or none. */
typedef struct rad_pyr_list {
    double value[RAD_PYR_LIST_MAX];
    char text[RAD_PYR_LIST_MAX][32]; /* as Python writes them */
    size_t count;
} rad_pyr_list;

typedef struct rad_pyr_case {
    int label, label_channel;
    int least_dimensions;
    double least_size; /* voxels that are too few; NaN: any number will do */
    double tolerance;  /* of origins and directions, in voxels of the first axis */
    bool correct_mask, information;
    bool normalise;
    double scale, outliers; /* outliers: NaN keeps all */
    rad_pyr_list spacing;   /* none: not resampled */
    int interpolator;       /* rad_itk_interpolator; -1: not resampled */
    int pad;
    bool crop;
    rad_pyr_list range; /* one number or two; none: not resegmented */
    int range_mode;     /* rad_pyr_range */
    bool range_shape;
    bool original;      /* is the original image asked for, beyond its shape? */
    bool no_slice;      /* shape2D is asked for without force2D */
    char voxelwise[64]; /* keys of voxel-based extraction that the file has; segments do not use them */
    char *parameters;   /* the file in a form that does not depend on how it is written; owned */
} rad_pyr_case;

#ifdef __cplusplus
}
#endif
#endif
