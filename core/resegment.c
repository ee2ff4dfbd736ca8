#include "resegment.h"

#include "memory.h"
#include "sum.h"

#include <math.h>
#include <stdlib.h>

static void keep(rad_roi *roi, const uint8_t *mask, double low, double high) {
    const size_t count = rad_box_count(&roi->box);
    roi->intensity_count = 0;
    for (size_t i = 0; i < count; i++) {
        roi->intensity_mask[i] = mask[i] && roi->intensity[i] >= low && roi->intensity[i] <= high;
        roi->intensity_count += roi->intensity_mask[i];
    }
}

rad_status rad_resegment(rad_roi *roi, const double range[2], double outliers, rad_error *error) {
    roi->range[0] = range[0];
    roi->range[1] = range[1];
    keep(roi, roi->morphological, range[0], range[1]);
    if (!(outliers > 0) || !roi->intensity_count) return RAD_OK;
    double *x = rad_new_raw(roi->intensity_count, sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    rad_roi_gather(roi, x);
    const double n = (double)roi->intensity_count, mean = rad_sum(x, roi->intensity_count) / n;
    double powers[4];
    rad_sum_powers(x, roi->intensity_count, mean, powers);
    const double reach = outliers * sqrt(powers[1] / n);
    keep(roi, roi->intensity_mask, mean - reach, mean + reach);
    rad_free(x);
    return RAD_OK;
}
