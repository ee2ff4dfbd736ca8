/* The decoding of compressed frames by GDCM: the one file of C++ of the decoder (codec.cc) behind a C
 * interface. */
#ifndef RAD_CODEC_H
#define RAD_CODEC_H

#include "../io/dicom/frame_job.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The seconds of processor time that the decoder may take until its first frame. */
extern const unsigned rad_codec_start;

/* Whatever a codec does once, and needs the system for. */
void rad_codec_prepare(void);

/* Decodes one frame (RLE, JPEG, JPEG lossless, JPEG-LS, JPEG 2000) into rows * columns voxels of
 * bits_allocated bits in host order. Not where the codec refuses it, and for a header that contradicts the
 * format. */
rad_decoded rad_codec_decode(const rad_pixel_format *format, const unsigned char *coded, size_t length,
                             void *frame) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
