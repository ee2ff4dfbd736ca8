/* Sums over the voxels of a ROI that its centres and its axes are made of. */
#ifndef RAD_ROI_SUMS_H
#define RAD_ROI_SUMS_H

#include "../core/roi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_roi_sums {
    uint64_t count, first[3], second[9]; /* of the morphological mask, in voxels: exact */
    double intensity, weighted[3];       /* of the intensity mask */
    double magnitude;                    /* sum of |intensity| */
} rad_roi_sums;

void rad_roi_sums_measure(const rad_roi *roi, rad_roi_sums *sums);

/* The same voxel by voxel, in the order of memory. */
void rad_roi_sums_measure_any(const rad_roi *roi, rad_roi_sums *sums);

#ifdef __cplusplus
}
#endif
#endif
