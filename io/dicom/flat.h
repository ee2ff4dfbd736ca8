/* Pictures without a place in the patient: ultrasound, projections, secondary captures. Their grid begins at
 * 0 with axes to the left and to the back, and has a slice of 1 mm for each frame. */
#ifndef RAD_FLAT_H
#define RAD_FLAT_H

#include "instance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How pictures are taken. */
typedef struct rad_flat_options {
    size_t frame;      /* from 1; 0: all */
    double spacing[2]; /* mm, of columns and rows, where the file says none; 0: refuse */
} rad_flat_options;

/* What who draws a mask for a picture knows of it. */
typedef struct rad_flat {
    bool is;
    size_t first, frames; /* the frames of the file that are slices: from `first` on; of the file */
    const char *sop_instance;
    const rad_region *regions;
    size_t region_count;
} rad_flat;

/* Spacing (regions of ultrasound, PixelSpacing, ImagerPixelSpacing, ...), frames and regions. A picture that
 * has a place keeps it. */
rad_status rad_flat_read(const rad_dicom_item *root, rad_instance *instance, rad_error *error) RAD_MUST_CHECK;

/* Members of a series of pictures, before they are arranged. RAD_UNREADABLE: several pictures, no spacing, no
 * such frame. */
rad_status rad_flat_prepare(const rad_instance *const *members, size_t count, const rad_flat_options *options,
                            rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
