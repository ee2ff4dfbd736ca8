/* Headers of compressed frames. Codecs trust them, so they are compared with what the DICOM file says first.
 */
#ifndef RAD_CODESTREAM_H
#define RAD_CODESTREAM_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The bits of a voxel, where it is a frame of the transfer syntax (RLE, JPEG baseline, extended, lossless,
 * JPEG-LS, JPEG 2000), of that size, with one component and no more bits than are allocated; else 0.
 * Everything up to the coded voxels is walked; lengths stay inside. Application segments of JPEG become
 * comments: a codec must not make anything of them. JPEG and JPEG 2000 have 16 bits at most; frames of 32
 * bits are RLE. */
unsigned rad_codestream_bits(const rad_pixel_format *format, unsigned char *coded, size_t length);

/* Which colours a JPEG stream says that it has: RAD_HUE_YBR (JFIF, or Adobe with a transform), RAD_HUE_RGB
 * (Adobe without), or RAD_HUE_GREY where it says nothing. To be asked before rad_codestream_bits. */
rad_hue rad_codestream_hue(const unsigned char *coded, size_t length);

/* Some programs put JPEG 2000 as a file (JP2, of boxes) where its stream belongs: *coded and *length become
 * those of the stream. Anything else stays as it is. */
void rad_codestream_unwrap(unsigned char **coded, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
