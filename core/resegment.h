/* Re-segmentation (IBSI IF9H): changes the intensity mask, and the morphological one only where that is asked
 * for. */
#ifndef RAD_RESEGMENT_H
#define RAD_RESEGMENT_H

#include "roi.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_resegmenting {
    double range[2];       /* intensities kept (USB3); -inf, +inf: all */
    double outliers;       /* standard deviations around the mean that are kept (7ACA); 0: all */
    double relative;       /* intensities kept, from that part of the largest on; 0: all */
    double percentiles[2]; /* of the ROI's intensities, linear between ranks, kept between these; 0, 0: all */
    bool shape;            /* the morphological mask becomes what is kept */
} rad_resegmenting;

/* The intensity mask becomes the voxels of the morphological mask that all of these keep. Mean, deviation,
 * percentiles and largest intensity are those of the morphological mask, whatever the range leaves of it.
 * Sets the range, inner box and counts of the ROI; where nothing is kept the morphological mask stays. NaN is
 * in no range. RAD_NO_MEMORY is the only error. */
rad_status rad_resegment(rad_roi *roi, const rad_resegmenting *how, rad_error *error) RAD_MUST_CHECK;

/* The largest intensity of the morphological mask; -inf where it is empty. */
double rad_resegment_largest(const rad_roi *roi);

#ifdef __cplusplus
}
#endif
#endif
