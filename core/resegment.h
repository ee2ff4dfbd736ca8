/* Re-segmentation (IBSI IF9H): changes the intensity mask, never the morphological one. */
#ifndef RAD_RESEGMENT_H
#define RAD_RESEGMENT_H

#include "roi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The intensity mask becomes the voxels of the morphological mask with range[0] <= intensity <= range[1]
 * (USB3) that lie within `outliers` standard deviations of the mean (7ACA; 0: all), where mean and deviation
 * are those of the morphological mask, whatever the range leaves of it. Sets the range and intensity_count of
 * the ROI. NaN is in no range. RAD_NO_MEMORY is the only error. */
rad_status rad_resegment(rad_roi *roi, const double range[2], double outliers,
                         rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
