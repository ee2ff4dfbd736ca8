#include "picture_name.h"

#include "../core/hash.h"

#include <stdio.h>
#include <string.h>

static const char *write_name(const char *const parts[3], char text[RAD_PICTURE_NAME]) {
    enum { BYTES = 8 };
    unsigned char digest[BYTES];
    char digits[2 * BYTES + 1];
    rad_hash hash;
    rad_hash_begin(&hash, BYTES, NULL, 0);
    for (int i = 0; i < 3; i++)
        if (parts[i]) rad_hash_add(&hash, parts[i], strlen(parts[i]) + 1);
    rad_hash_end(&hash, digest);
    snprintf(text, RAD_PICTURE_NAME, "pictures/%s.png", rad_hash_text(digest, BYTES, digits));
    return text;
}

const char *rad_picture_name(const char *name, const char *roi, char text[RAD_PICTURE_NAME]) {
    return write_name((const char *const[]){name, "", roi}, text);
}

const char *rad_picture_case_name(const char *name, const char *choice, char text[RAD_PICTURE_NAME]) {
    return write_name((const char *const[]){name, choice ? choice : "", NULL}, text);
}
