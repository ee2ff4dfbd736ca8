/* UTF-8 (RFC 3629) byte by byte: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef RAD_UTF8_H
#define RAD_UTF8_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zeroed between characters; `more` bytes of the current one are to come, the next of them low..high. */
typedef struct rad_utf8 {
    unsigned char more, low, high;
} rad_utf8;

bool rad_utf8_next_beyond(rad_utf8 *state, unsigned char c);

/* Takes the next byte; false: it cannot stand here. A text may end where nothing is to come. */
static inline bool rad_utf8_next(rad_utf8 *state, unsigned char c) {
    return c < 0x80 ? !state->more : rad_utf8_next_beyond(state, c);
}

#ifdef __cplusplus
}
#endif
#endif
