#include "pattern.h"

#include <ctype.h>
#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Does a character of a path stand for one of a pattern? */
static bool stands(char pattern, char c) {
    if (pattern == '~') return c == '_' || c == '-' || c == '.' || c == ' ';
    return same(pattern, c);
}

enum { REMEMBERED = 4096 }; /* characters of a path: PATH_MAX */

/* Which part does not fit from which character on, whatever came before it: nothing is tried twice. */
typedef struct trial {
    const char *path, *end;
    rad_parts *parts;
    unsigned char failed[RAD_PATTERN_PARTS * (REMEMBERED + 1) / 8 + 1];
} trial;

static bool fits(const char *pattern, const char *at, trial *t);

/* One of the words of a part, and what follows it. */
static bool fits_words(const char *words, const char *stop, const char *at, struct rad_part *part, trial *t) {
    while (words < stop) {
        const char *p = at;
        bool so = true;
        for (; words < stop && *words != '|'; words++) {
            if (*words == '+') {
                so = so && p < t->end && is_digit(*p);
                while (so && p < t->end && is_digit(*p)) p++;
            } else {
                so = so && p < t->end && (*words == '#' ? is_digit(*p) : stands(*words, *p));
                p += so;
            }
        }
        if (so && fits(stop + 1, p, t)) {
            *part = (struct rad_part){at, (size_t)(p - at)};
            return true;
        }
        words++;
    }
    return false;
}

/* A part in braces, the shortest first. */
static bool fits_part(const char *pattern, const char *at, trial *t) {
    struct rad_part *part = &t->parts->part[pattern[1] - 'a'];
    const char *stop = strchr(pattern, '}');
    const bool any = pattern[2] == ':' && pattern[3] == '*';
    if (pattern[2] == ':' && !any) return fits_words(pattern + 3, stop, at, part, t);
    for (const char *p = any ? at : at + 1; p <= t->end; p++) {
        if (!any && p[-1] == '/') return false;
        if (fits(stop + 1, p, t)) {
            *part = (struct rad_part){at, (size_t)(p - at)};
            return true;
        }
    }
    return false;
}

static bool fits_once(const char *pattern, const char *at, trial *t) {
    const size_t length = (size_t)(t->end - t->path), from = (size_t)(at - t->path);
    if (length > REMEMBERED) return fits_part(pattern, at, t);
    const size_t bit = (size_t)(pattern[1] - 'a') * (length + 1) + from;
    if (t->failed[bit / 8] >> bit % 8 & 1) return false;
    if (fits_part(pattern, at, t)) return true;
    t->failed[bit / 8] |= (unsigned char)(1 << bit % 8);
    return false;
}

static bool fits(const char *pattern, const char *at, trial *t) {
    for (; *pattern && *pattern != '{'; pattern++, at++)
        if (at == t->end || !stands(*pattern, *at)) return false;
    return *pattern ? fits_once(pattern, at, t) : at == t->end;
}

bool rad_pattern_fits(const char *pattern, const char *path, size_t length, rad_parts *parts) {
    trial t;
    t.path = path, t.end = path + length, t.parts = parts;
    if (length <= REMEMBERED) memset(t.failed, 0, RAD_PATTERN_PARTS * (length + 1) / 8 + 1);
    *parts = (rad_parts){.folder = {NULL, 0}};
    if (strncmp(pattern, "**", 2) != 0) return fits(pattern, path, &t);
    for (size_t i = 0; i <= length; i++) {
        if (i && path[i - 1] != '/') continue;
        parts->folder = (struct rad_part){path, i};
        if (fits(pattern + 2, path + i, &t)) return true;
    }
    return false;
}
