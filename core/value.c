#include "value.h"

#include <math.h>

static const char *const texts[RAD_REASON_COUNT] = {
    [RAD_DEFINED] = "",
    [RAD_NOT_COMPUTED] = "not computed",
    [RAD_EMPTY_INTENSITY] = "re-segmentation left no voxel in the intensity mask",
    [RAD_ONE_VOXEL] = "needs at least two voxels",
    [RAD_FLAT] = "all intensities are equal",
    [RAD_ONE_LEVEL] = "all grey levels are equal",
    [RAD_NO_PAIRS] = "no voxel has a neighbour in the ROI",
    [RAD_ZERO_DIVISOR] = "the formula divides by zero here",
    [RAD_NO_EXTENT] = "the ROI has no extent along a principal axis",
    [RAD_TOO_LARGE] = "beyond the range of double precision",
    [RAD_SEVERAL_SLICES] = "the ROI is not in one slice",
    [RAD_SMALL] = "the ROI is smaller than minimum_roi asks for",
    [RAD_MANY_LEVELS] = "needs at most 511 grey levels",
    [RAD_NO_MIDDLE] = "no intensity lies between the 10th and the 90th percentile",
};

rad_value rad_defined(double value) {
    return isfinite(value) ? (rad_value){value, RAD_DEFINED} : rad_undefined(RAD_TOO_LARGE);
}

rad_value rad_undefined(rad_reason reason) {
    return (rad_value){NAN, reason};
}

const char *rad_reason_text(rad_reason reason) {
    return (unsigned)reason < RAD_REASON_COUNT ? texts[reason] : "";
}
