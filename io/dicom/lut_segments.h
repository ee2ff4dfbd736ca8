/* Palettes that are written in segments (PS3.3 C.7.9.2): runs of values, straight lines, and earlier segments
 * once more. */
#ifndef RAD_LUT_SEGMENTS_H
#define RAD_LUT_SEGMENTS_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exactly `count` entries out of segments, whose units are bytes or words. RAD_UNREADABLE, with path: a
 * segment of another kind, one that is cut, a line without a value before it, a segment that leads to others
 * that lead on, more or fewer entries. Lines are rounded to whole numbers, halves to even. */
rad_status rad_lut_segments_read(const rad_dicom_bytes *segments, bool words, const char *path, size_t count,
                                 double *values, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
