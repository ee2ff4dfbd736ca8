/* What library and decoder tell each other, by a socket. Frames lie in memory that both see: voxels first,
 * the coded bytes after them. */
#ifndef RAD_FRAME_JOB_H
#define RAD_FRAME_JOB_H

#include "dicom.h"

#include <stdint.h>

enum { RAD_DECODER_PROTOCOL = 0x52444332 }; /* another number for other messages */

/* Descriptors of the decoder; 1 and 2 lead nowhere. */
enum { RAD_DECODER_SOCKET = 0, RAD_DECODER_MEMORY = 3 };

/* Its first word, when nothing but decoding is left to it. */
typedef struct rad_decoder_ready {
    uint32_t protocol;
    int32_t uncaged; /* errno of the filter of system calls where there is none, or 0 */
} rad_decoder_ready;

typedef struct rad_frame_job {
    rad_pixel_format format;
    size_t coded_at, length, size; /* bytes: before the coded frame, of it, of the memory */
} rad_frame_job;

/* The answer to a job. */
typedef enum rad_decoded {
    RAD_DECODED = 1,
    RAD_DECODED_NOT,      /* the codec refuses the frame */
    RAD_DECODED_NO_MEMORY /* more than the decoder may take */
} rad_decoded;

#endif
