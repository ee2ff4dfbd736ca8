#include "file_name.h"

#include "../core/hash.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PART = 60 }; /* of either name, what stays where it is long */

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/* Can no other pair give the same name? */
static bool stays(const char *name, const char *roi) {
    const char *const both[] = {name, roi};
    for (int i = 0; i < 2; i++)
        for (const char *c = both[i]; *c; c++)
            if (!is_plain(*c) || (c[0] == '_' && c[1] == '_')) return false;
    const size_t length = strlen(name);
    return *roi && *roi != '_' && *roi != '.' && *name != '.' && (!length || name[length - 1] != '_') &&
           length <= PART && strlen(roi) <= PART && length + strlen(roi) < RAD_FILE_NAME / 2;
}

const char *rad_file_name(const char *name, const char *roi, char text[RAD_FILE_NAME]) {
    enum { BYTES = 8 };
    unsigned char digest[BYTES];
    char digits[2 * BYTES + 1];
    snprintf(text, RAD_FILE_NAME, "%.*s%s%.*s", PART, name, *name ? "__" : "", PART, roi);
    if (*text == '.') *text = '_';
    for (char *c = text; *c; c++)
        if (!is_plain(*c)) *c = '_';
    if (stays(name, roi)) return text;
    rad_hash hash;
    rad_hash_begin(&hash, BYTES, NULL, 0);
    rad_hash_add(&hash, name, strlen(name) + 1);
    rad_hash_add(&hash, roi, strlen(roi));
    rad_hash_end(&hash, digest);
    const size_t used = strlen(text);
    snprintf(text + used, RAD_FILE_NAME - used, "-%s", rad_hash_text(digest, BYTES, digits));
    return text;
}
