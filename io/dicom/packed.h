/* Frames in codings that need no codec: deflated one by one, encapsulated as they are, single bits in RLE. */
#ifndef RAD_PACKED_H
#define RAD_PACKED_H

#include "decoding.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Is a frame of that format unpacked here, not by the decoder? */
bool rad_packed_is(const rad_pixel_format *format);

/* Bytes of a whole frame when unpacked; single bits are a byte each. 0: too large. */
size_t rad_packed_size(const rad_pixel_format *format);

/* Unpacks one frame into that many bytes, in the order of the host; single bits become 0 and 1.
 * RAD_UNREADABLE: damaged, too short or too long. */
rad_status rad_packed_read(const rad_coded_frame *coded, unsigned char *out, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
