/* Weights of neighbours by how far away they are (IBSI: distance weighting). */
#ifndef RAD_WEIGHTING_H
#define RAD_WEIGHTING_H

#include "feature_settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of a neighbour so many voxels away along each axis, by the norm and the unit of the settings. `step` is not
 * 0.
 */
double rad_weight(const rad_feature_settings *settings, rad_weighting by, const double spacing[3],
                  const int step[3]);

#ifdef __cplusplus
}
#endif
#endif
