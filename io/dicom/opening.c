#include "opening.h"

#include <stdint.h>
#include <string.h>

/* The ways in which a data set may be written. */
static const struct form {
    bool implicit, big_endian;
    const char *syntax;
} forms[] = {
    {true, false, "1.2.840.10008.1.2"},
    {false, false, "1.2.840.10008.1.2.1"},
    {false, true, "1.2.840.10008.1.2.2"},
};
enum { FORMS = sizeof forms / sizeof forms[0] };

static uint32_t half(const unsigned char *b, bool big_endian) {
    return big_endian ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

static uint32_t whole(const unsigned char *b, bool big_endian) {
    return big_endian ? half(b, true) << 16 | half(b + 2, true) : half(b + 2, false) << 16 | half(b, false);
}

bool rad_opening_is_explicit(const unsigned char *element) {
    const unsigned char a = element[4], b = element[5];
    return a >= 'A' && a <= 'Z' && b >= 'A' && b <= 'Z';
}

/* Length of the value of an element, and where it is; false where it is not written in that form. */
static bool read_length(const unsigned char *head, size_t left, const struct form *f, size_t *value,
                        uint32_t *length) {
    *value = 8;
    if (f->implicit) {
        *length = whole(head + 4, false);
        return true;
    }
    if (!rad_opening_is_explicit(head)) return false;
    *length = half(head + 6, f->big_endian);
    if (*length || left < 12) return true;
    *length = whole(head + 8, f->big_endian); /* of those that begin a file, empty ones and OB have this */
    const bool is_long =
        !memcmp(head + 4, "OB", 2) || !memcmp(head + 4, "UN", 2) || !memcmp(head + 4, "SQ", 2);
    *value = is_long ? 12 : 8;
    if (!is_long) *length = 0;
    return true;
}

/* Are these the first elements of a file, with a UID of the standard among them? */
static bool begins(const unsigned char *head, size_t length, const struct form *f) {
    static const char root[] = "1.2.840.10008.";
    uint32_t last = 0;
    for (size_t at = 0; at + 8 <= length;) {
        const uint32_t tag = half(head + at, f->big_endian) << 16 | half(head + at + 2, f->big_endian);
        uint32_t size;
        size_t value;
        const uint32_t group = tag >> 16;
        if ((group != 2 && group != 8) || (at && tag <= last) || (!at && (tag & 0xFFFF) > 0x0018))
            return false;
        if (!read_length(head + at, length - at, f, &value, &size)) return false;
        at += value;
        if (at > length || size > length - at) return false;
        const bool names = tag == 0x00080016 || tag == 0x00020002 || tag == 0x00020010;
        if (names && size >= sizeof root && !memcmp(head + at, root, sizeof root - 1)) return true;
        at += size;
        last = tag;
    }
    return false;
}

bool rad_opening_find(const unsigned char *head, size_t length, rad_opening *o) {
    static const struct form meta = {false, false, NULL};
    *o = (rad_opening){.begin = 0};
    if (length >= 132 && !memcmp(head + 128, "DICM", 4)) o->begin = 132;
    if (!o->begin && length >= 4 && !memcmp(head, "DICM", 4)) o->begin = 4;
    const unsigned char *first = head + o->begin;
    const size_t left = length - o->begin;
    o->has_meta = left >= 8 && half(first, false) == 2 && (o->begin || begins(first, left, &meta));
    if (o->has_meta) return true;
    for (size_t i = 0; i < FORMS; i++)
        if (begins(first, left, &forms[i])) {
            o->syntax = forms[i].syntax;
            return true;
        }
    return o->begin == 132;
}
