#include "roi.h"

#include "memory.h"

#include <stdlib.h>

void rad_roi_gather(const rad_roi *roi, double *out) {
    const size_t count = rad_box_count(&roi->box);
    for (size_t i = 0; i < count; i++)
        if (roi->intensity_mask[i]) *out++ = roi->intensity[i];
}

void rad_roi_free(rad_roi *roi) {
    rad_free(roi->intensity);
    rad_free(roi->morphological);
    rad_free(roi->intensity_mask);
    *roi = (rad_roi){0};
}
