/* What a file or folder holds, in 16 bytes (BLAKE2b), and a stamp that tells at a glance whether it was
 * touched. */
#ifndef RAD_FINGERPRINT_H
#define RAD_FINGERPRINT_H

#include "../../core/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_FINGERPRINT = 16 };

typedef struct rad_fingerprint {
    unsigned char bytes[RAD_FINGERPRINT];
} rad_fingerprint;

/* Sizes, times of change (of content and of the file: mtime, ctime) and numbers (inodes) of all files there,
 * without reading them; bytes of content go to *size. */
rad_status rad_fingerprint_stamp(const char *path, rad_fingerprint *stamp, size_t *size,
                                 rad_error *error) RAD_MUST_CHECK;

/* The content: of a folder that of its files under any names and in any order, of a header or voxels (.hdr,
 * .img) that of both. Every byte counts. Files that are gzipped go by a quicker hash, which is not safe
 * against a forger.
 */
rad_status rad_fingerprint_content(const char *path, rad_fingerprint *content,
                                   rad_error *error) RAD_MUST_CHECK;

/* Of pieces of memory, each with its length. */
typedef struct rad_piece_of {
    const void *data;
    size_t length;
} rad_piece_of;
void rad_fingerprint_pieces(const rad_piece_of *pieces, size_t count, rad_fingerprint *out);

/* As 32 hexadecimal digits. Returns text. */
const char *rad_fingerprint_text(const rad_fingerprint *fingerprint, char text[2 * RAD_FINGERPRINT + 1]);

#ifdef __cplusplus
}
#endif
#endif
