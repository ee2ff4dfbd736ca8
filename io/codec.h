/* The decoding of compressed frames by GDCM: the one file of C++ (codec.cc) behind a C interface. */
#ifndef RAD_CODEC_H
#define RAD_CODEC_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Decodes one frame (RLE, JPEG, JPEG lossless, JPEG-LS, JPEG 2000) into rows * columns voxels of
 * bits_allocated bits in host order. False where the codec refuses it, and for a header that contradicts the
 * format. May be called by many threads at a time. */
bool rad_codec_decode(const rad_pixel_format *format, const unsigned char *coded, size_t length,
                      void *frame) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
