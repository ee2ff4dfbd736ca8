#include "pattern.h"

#include <ctype.h>
#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static bool fits(const char *pattern, const char *at, const char *end, rad_parts *parts);

/* One of the words of a part, and what follows it. */
static bool fits_words(const char *words, const char *stop, const char *at, const char *end,
                       struct rad_part *part, rad_parts *parts) {
    while (words < stop) {
        const char *p = at;
        bool so = true;
        for (; words < stop && *words != '|'; words++) {
            if (*words == '+') {
                so = so && p < end && is_digit(*p);
                while (so && p < end && is_digit(*p)) p++;
            } else {
                so = so && p < end && (*words == '#' ? is_digit(*p) : same(*words, *p));
                p += so;
            }
        }
        if (so && fits(stop + 1, p, end, parts)) {
            *part = (struct rad_part){at, (size_t)(p - at)};
            return true;
        }
        words++;
    }
    return false;
}

/* A part in braces, the shortest first. */
static bool fits_part(const char *pattern, const char *at, const char *end, rad_parts *parts) {
    struct rad_part *part = &parts->part[pattern[1] - 'a'];
    const char *stop = strchr(pattern, '}');
    const bool any = pattern[2] == ':' && pattern[3] == '*';
    if (pattern[2] == ':' && !any) return fits_words(pattern + 3, stop, at, end, part, parts);
    for (const char *p = any ? at : at + 1; p <= end; p++) {
        if (!any && p[-1] == '/') return false;
        if (fits(stop + 1, p, end, parts)) {
            *part = (struct rad_part){at, (size_t)(p - at)};
            return true;
        }
    }
    return false;
}

static bool fits(const char *pattern, const char *at, const char *end, rad_parts *parts) {
    for (; *pattern && *pattern != '{'; pattern++, at++)
        if (at == end || !same(*pattern, *at)) return false;
    return *pattern ? fits_part(pattern, at, end, parts) : at == end;
}

bool rad_pattern_fits(const char *pattern, const char *path, size_t length, rad_parts *parts) {
    *parts = (rad_parts){.folder = {NULL, 0}};
    if (strncmp(pattern, "**", 2) != 0) return fits(pattern, path, path + length, parts);
    for (size_t i = 0; i <= length; i++) {
        if (i && path[i - 1] != '/') continue;
        parts->folder = (struct rad_part){path, i};
        if (fits(pattern + 2, path + i, path + length, parts)) return true;
    }
    return false;
}
