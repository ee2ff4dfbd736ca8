/* A feature value, or why there is none. */
#ifndef RAD_VALUE_H
#define RAD_VALUE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_reason {
    RAD_DEFINED = 0,
    RAD_NOT_COMPUTED,    /* the family or dimension was not asked for */
    RAD_EMPTY_INTENSITY, /* re-segmentation left no voxel in the intensity mask */
    RAD_ONE_VOXEL,       /* needs at least two voxels */
    RAD_FLAT,            /* all intensities are equal */
    RAD_ONE_LEVEL,       /* all grey levels are equal */
    RAD_NO_PAIRS,        /* no voxel has a neighbour in the ROI */
    RAD_ZERO_DIVISOR,    /* the formula divides by zero here */
    RAD_NO_EXTENT,       /* the ROI has no extent along a principal axis */
    RAD_TOO_LARGE,       /* beyond the range of double precision */
    RAD_NO_MIDDLE,       /* no intensity lies between the 10th and the 90th percentile */
    RAD_REASON_COUNT
} rad_reason;

typedef struct rad_value {
    double value; /* NaN unless reason is RAD_DEFINED */
    rad_reason reason;
} rad_value;

/* A value; one that is not finite becomes undefined, RAD_TOO_LARGE. */
rad_value rad_defined(double value);

/* NaN with its reason. */
rad_value rad_undefined(rad_reason reason);

/* The reason in plain words, "" for RAD_DEFINED. */
const char *rad_reason_text(rad_reason reason);

#ifdef __cplusplus
}
#endif
#endif
