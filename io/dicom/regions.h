/* The regions of an ultrasound picture, each with a scale of its own (SequenceOfUltrasoundRegions). */
#ifndef RAD_REGIONS_H
#define RAD_REGIONS_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_region {
    size_t begin[2], end[2]; /* columns, rows */
    double spacing[2];       /* mm between columns, between rows; NaN: no picture of tissue in mm */
} rad_region;

/* The regions of a data set, owned; none where it has none. Those of a spectrum, of M-mode, or of other units
 * than cm have no spacing. RAD_UNREADABLE: a border that is missing, or lies beyond the opposite one. */
rad_status rad_regions_read(const rad_dicom_item *root, const char *path, rad_region **regions, size_t *count,
                            rad_error *error) RAD_MUST_CHECK;

/* The largest region that has a spacing, or NULL. */
const rad_region *rad_regions_main(const rad_region *regions, size_t count);

#ifdef __cplusplus
}
#endif
#endif
