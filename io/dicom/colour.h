/* Grey of pictures in colour: the value where red, green and blue are equal, else their luminance. */
#ifndef RAD_COLOUR_H
#define RAD_COLOUR_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many pixels had a colour; of many threads. */
typedef struct rad_tint {
    _Atomic size_t coloured;
} rad_tint;

/* Is it a picture of three samples that can be read as grey (RGB, YBR_FULL, YBR_FULL_422, YBR_ICT, YBR_RCT of
 * 8 or 16 bits)? Then the format says how. */
bool rad_colour_find(const rad_dicom_item *root, const char *photometric, rad_pixel_format *format);

/* Bytes of a frame as it is stored without compression. */
size_t rad_colour_size(const rad_pixel_format *format);

/* Grey of columns begin[0]..end[0] - 1 of rows begin[1]..end[1] - 1 of a whole frame that was decoded
 * (`interleaved`: pixel by pixel, whatever the format says), row by row: 0.299 R + 0.587 G + 0.114 B (ITU-R
 * BT.601), the value itself where all are equal, and Y of YBR. Counts pixels in colour; tint may be NULL. */
void rad_colour_grey(const rad_pixel_format *format, bool interleaved, const unsigned char *frame,
                     const size_t begin[2], const size_t end[2], double *out, rad_tint *tint);

#ifdef __cplusplus
}
#endif
#endif
