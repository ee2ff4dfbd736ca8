/* SHA-1 (FIPS 180-4), as ITK tells images by it: a checksum, nothing that protects. */
#ifndef RAD_SHA1_H
#define RAD_SHA1_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_sha1 {
    uint32_t state[5];
    uint64_t bytes;
    unsigned char block[64];
} rad_sha1;

enum { RAD_SHA1_TEXT = 41 };

void rad_sha1_begin(rad_sha1 *sha);
void rad_sha1_add(rad_sha1 *sha, const void *bytes, size_t length);

/* In hexadecimal digits. */
void rad_sha1_end(rad_sha1 *sha, char text[RAD_SHA1_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
