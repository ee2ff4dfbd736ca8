/* Compressed frames are decoded by a program of its own, libexec/radiomill-decoder: codecs are not made for
 * hostile input, and what goes wrong in one must not end, hang or read anything of the process that asked. */
#ifndef RAD_DECODING_H
#define RAD_DECODING_H

#include "dicom.h"

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The decoders of one series: one process for each thread that decodes at a time, started when a frame needs
 * it. A zeroed struct is valid and empty. */
typedef struct rad_decoders {
    pthread_mutex_t lock;
    struct rad_decoder *idle; /* owned */
    int uncaged;              /* errno where decoders run without a filter of system calls, or 0 */
    unsigned seconds;         /* of processor time for a frame; 0: 60 and one for each 100,000 voxels */
    unsigned patience;        /* seconds by the clock; 0: ten times as many */
} rad_decoders;

/* A frame as its file holds it. */
typedef struct rad_coded_frame {
    const char *path;
    size_t number; /* from 0 */
    const rad_pixel_format *format;
    const unsigned char *bytes;
    size_t length;
} rad_coded_frame;

/* A box of the frame, voxels of bits_allocated bits in host order, row by row. May be called by many threads
 * at a time. RAD_UNREADABLE: the codec refuses the frame, crashes, takes too long or too much, or does what
 * it may not; there is no decoder to start. RAD_NO_MEMORY: a decoder cannot be started. The decoder that
 * failed is replaced at the next call. */
rad_status rad_decoders_read(rad_decoders *decoders, const rad_coded_frame *coded, const size_t begin[2],
                             const size_t end[2], void *out, rad_error *error) RAD_MUST_CHECK;

/* Ends the decoders; a warning where they ran without a filter. May be called twice. */
void rad_decoders_end(rad_decoders *decoders, const char *path, rad_warnings *warnings);

#ifdef __cplusplus
}
#endif
#endif
