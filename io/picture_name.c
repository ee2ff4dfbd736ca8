#include "picture_name.h"

#include "../core/hash.h"

#include <stdio.h>
#include <string.h>

const char *rad_picture_name(const char *name, const char *roi, char text[RAD_PICTURE_NAME]) {
    enum { BYTES = 8 };
    unsigned char digest[BYTES];
    char digits[2 * BYTES + 1];
    rad_hash hash;
    rad_hash_begin(&hash, BYTES, NULL, 0);
    rad_hash_add(&hash, name, strlen(name) + 1);
    if (roi) rad_hash_add(&hash, roi, strlen(roi));
    rad_hash_end(&hash, digest);
    snprintf(text, RAD_PICTURE_NAME, "pictures/%s.png", rad_hash_text(digest, BYTES, digits));
    return text;
}
