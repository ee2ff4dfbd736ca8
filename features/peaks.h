/* Local intensity features (IBSI 9ST6). */
#ifndef RAD_PEAKS_H
#define RAD_PEAKS_H

#include "../core/roi.h"
#include "../core/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Mean intensity in a sphere of 1 cm3 around a voxel, over all voxels of the image whose centres lie in it.
 */
typedef struct rad_peaks {
    rad_value
        local; /* around the voxel with the highest intensity; the highest mean of several such voxels */
    rad_value global; /* the highest mean around any voxel of the intensity mask */
} rad_peaks;

/* Voxels of image around the ROI that the spheres reach. */
void rad_peaks_margin(const double spacing[3], size_t margin[3]);

#ifdef __cplusplus
}
#endif
#endif
