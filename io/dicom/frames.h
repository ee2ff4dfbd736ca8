/* Voxels of a DICOM file, frame by frame: raw or decoded, as whole numbers of the type that holds them. */
#ifndef RAD_FRAMES_H
#define RAD_FRAMES_H

#include "../../core/volume.h"
#include "colour.h"
#include "decoding.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_frames {
    const char *path; /* borrowed */
    int file;         /* descriptor + 1, so that 0 is none */
    rad_pixel_format format;
    rad_pixel_data data;
    unsigned char *inflated;  /* all of the PixelData, where the data set is deflated; owned */
    size_t count;             /* frames */
    rad_type type;            /* of a voxel; RAD_UINT8 for single bits */
    struct rad_piece *pieces; /* of encapsulated data, owned */
    size_t piece_count;
    size_t *first;          /* piece with which frame i begins, and the end of the last one; owned */
    rad_tint *tint;         /* counts pixels in colour; borrowed, or NULL */
    rad_decoders *decoders; /* borrowed; needed where frames are compressed */
} rad_frames;

/* The type that holds a voxel of that format: doubles for pictures in colour, which become grey. */
rad_type rad_frames_type(const rad_pixel_format *format);

/* Opens the file, whose header was parsed before. RAD_UNREADABLE: too short for its frames,
 * frames that cannot be told apart. */
rad_status rad_frames_open(const char *path, const rad_pixel_format *format, const rad_pixel_data *data,
                           size_t count, rad_decoders *decoders, rad_frames *frames,
                           rad_error *error) RAD_MUST_CHECK;

/* Reads a part of one frame: columns x0..x1 - 1 of rows y0..y1 - 1, row by row, in voxels of frames->type,
 * bits that are not stored cleared and the sign extended. Single bits become 0 and 1. May be called by many
 * threads at a time. RAD_UNREADABLE: the file ends early, the frame cannot be decoded, or has voxels that the
 * bits stored do not hold. */
rad_status rad_frames_read(const rad_frames *frames, size_t frame, const size_t begin[2], const size_t end[2],
                           void *out, rad_error *error) RAD_MUST_CHECK;

/* May be called twice. */
void rad_frames_close(rad_frames *frames);

#ifdef __cplusplus
}
#endif
#endif
