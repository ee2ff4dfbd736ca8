/* DICOM segmentations: segments as a mask on their own grid. */
#ifndef RAD_SEGMENTATION_H
#define RAD_SEGMENTATION_H

#include "rtstruct.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_segment {
    int64_t number;
    char name[129]; /* SegmentLabel */
    size_t frames;
} rad_segment;

/* The segments of a segmentation, owned by the caller (rad_free). */
rad_status rad_segmentation_list(const char *path, rad_segment **segments, size_t *count,
                                 rad_error *error) RAD_MUST_CHECK;

/* BINARY (packed bits), FRACTIONAL (from drawing->threshold of MaximumFractionalValue on) and LABELMAP;
 * frames in any order and only where there are voxels; segments may overlap. The grid is that of the frames;
 * where they leave its spacing open, that of the image. Label values are segment numbers. RAD_UNREADABLE: not
 * a segmentation, damaged, frames that lie on no grid or twice on one place. RAD_CONFIG: another frame of
 * reference than the image. */
rad_status rad_segmentation_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                                 rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
