#include "utf8.h"

/* The table of RFC 3629, section 4: only the second byte has bounds of its own. */
static bool begin(rad_utf8 *s, unsigned char c) {
    if (c < 0xC2 || c > 0xF4) return false;
    s->more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    s->low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    s->high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    return true;
}

bool rad_utf8_next_beyond(rad_utf8 *s, unsigned char c) {
    if (!s->more) return begin(s, c);
    if (c < s->low || c > s->high) return false;
    *s = (rad_utf8){(unsigned char)(s->more - 1), 0x80, 0xBF};
    return true;
}
