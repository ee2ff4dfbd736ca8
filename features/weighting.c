#include "weighting.h"

#include <math.h>
#include <stdlib.h>

static double length_of(rad_norm norm, const double at[3]) {
    switch (norm) {
    case RAD_NORM_MANHATTAN:
        return at[0] + at[1] + at[2];
    case RAD_NORM_CHEBYSHEV:
        return fmax(at[0], fmax(at[1], at[2]));
    default:
        return sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]);
    }
}

double rad_weight(const rad_feature_settings *settings, rad_weighting by, const double spacing[3],
                  const int step[3]) {
    double at[3];
    if (by == RAD_UNWEIGHTED) return 1;
    for (int a = 0; a < 3; a++) at[a] = abs(step[a]) * (settings->weighted_in_voxels ? 1 : spacing[a]);
    const double length = length_of((rad_norm)settings->norm, at);
    return by == RAD_WEIGHTED_INVERSE ? 1 / length : exp(-length * length);
}
