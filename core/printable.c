#include "printable.h"

#include "memory.h"
#include "utf8.h"

#include <stdint.h>
#include <string.h>

/* The code point of the character that the text begins with, and its bytes; false: there is none. */
static bool decode(const unsigned char *text, uint32_t *code, size_t *bytes) {
    rad_utf8 state = {0};
    *code = 0;
    *bytes = 0;
    do {
        const unsigned char c = text[*bytes];
        if (!rad_utf8_next(&state, c)) return false;
        *code = *bytes ? *code << 6 | (c & 0x3FU) : state.more ? c & (0x3FU >> state.more) : c;
        ++*bytes;
    } while (state.more);
    return true;
}

static bool is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

bool rad_printable_next(const char *text, size_t *bytes, char shown[RAD_SHOWN]) {
    uint32_t code;
    if (!decode((const unsigned char *)text, &code, bytes)) {
        *bytes = 1;
        snprintf(shown, RAD_SHOWN, "\\x%02x", (unsigned)(unsigned char)*text);
        return false;
    }
    if (is_control(code)) {
        snprintf(shown, RAD_SHOWN, "\\u%04x", (unsigned)code & 0xFFFF);
        return false;
    }
    memcpy(shown, text, *bytes);
    shown[*bytes] = '\0';
    return true;
}

const char *rad_printable(const char *text, char *out, size_t size) {
    char shown[RAD_SHOWN];
    size_t used = 0, bytes;
    for (; *text; text += bytes) {
        rad_printable_next(text, &bytes, shown);
        const size_t length = strlen(shown);
        if (used + length >= size) break;
        memcpy(out + used, shown, length);
        used += length;
    }
    out[used] = '\0';
    return out;
}

/* What vsnprintf cut ends with a whole character. */
static void end_whole(char *text, size_t length) {
    while (length && ((unsigned char)text[length - 1] & 0xC0) == 0x80) length--;
    if (length && (unsigned char)text[length - 1] >= 0xC0) length--;
    text[length] = '\0';
}

enum { LINE = 4096 };

void rad_printable_format(char *out, size_t size, const char *format, va_list words) {
    char raw[LINE];
    const size_t most = size < sizeof raw ? size : sizeof raw;
    if (vsnprintf(raw, most, format, words) >= (int)most) end_whole(raw, most - 1);
    rad_printable(raw, out, size);
}

void rad_printable_lines(FILE *to, const char *bytes, size_t length) {
    char shown[RAD_SHOWN], text[5] = "";
    for (size_t at = 0, used; at < length; at += used) {
        const size_t left = length - at;
        memset(text, 0, sizeof text);
        memcpy(text, bytes + at, left < 4 ? left : 4);
        if (strchr("\n\r\t", *text) && *text) {
            fputc(*text, to);
            used = 1;
            continue;
        }
        rad_printable_next(text, &used, shown);
        fputs(shown, to);
    }
}

void rad_show(FILE *to, const char *format, ...) {
    char raw[LINE], *text = raw, shown[RAD_SHOWN];
    size_t bytes;
    va_list words, again;
    va_start(words, format);
    va_copy(again, words);
    const int length = vsnprintf(raw, sizeof raw, format, words);
    if (length >= LINE && (text = rad_new_raw((size_t)length + 1, 1, NULL)))
        vsnprintf(text, (size_t)length + 1, format, again);
    else if (length >= LINE)
        end_whole(text = raw, LINE - 1);
    va_end(again);
    va_end(words);
    const char *at = text + strspn(text, "\n"), *end = at + strlen(at);
    while (end > at && end[-1] == '\n') end--;
    fwrite(text, 1, (size_t)(at - text), to);
    for (; at < end; at += bytes) {
        rad_printable_next(at, &bytes, shown);
        fputs(shown, to);
    }
    fputs(end, to);
    if (text != raw) rad_free(text);
}
