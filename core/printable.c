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

typedef struct range {
    uint32_t first, last;
} range;

/* What terminals obey, what ends lines, what turns the direction of writing, and what nobody sees. */
static const range unseen[] = {{0, 0x1F},         {0x7F, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},
                               {0x61C, 0x61C},    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},
                               {0x200B, 0x200F},  {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
                               {0xFE00, 0xFE0F},  {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
                               {0xE0000, 0xE0FFF}};

/* Letters that look like those of Latin: Greek capitals and omicron, Cyrillic, Armenian, Cherokee, Coptic,
 * wide ones, those of mathematics. */
static const range alike[] = {{0x370, 0x370},   {0x37F, 0x37F},   {0x391, 0x392},    {0x395, 0x397},
                              {0x399, 0x39A},   {0x39C, 0x39D},   {0x39F, 0x39F},    {0x3A1, 0x3A1},
                              {0x3A4, 0x3A5},   {0x3A7, 0x3A7},   {0x3BF, 0x3BF},    {0x3F2, 0x3F3},
                              {0x3F9, 0x3F9},   {0x400, 0x52F},   {0x531, 0x587},    {0x13A0, 0x13FF},
                              {0x1C80, 0x1C8F}, {0x2C80, 0x2CFF}, {0xA640, 0xA69F},  {0xAB70, 0xABBF},
                              {0xFF21, 0xFF3A}, {0xFF41, 0xFF5A}, {0x1D400, 0x1D7FF}};

static const range latin[] = {{'A', 'Z'}, {'a', 'z'}, {0xC0, 0x24F}, {0x1E00, 0x1EFF}};

static bool is_among(const range *list, size_t count, uint32_t code) {
    for (size_t i = 0; i < count; i++)
        if (code >= list[i].first && code <= list[i].last) return true;
    return false;
}
#define IS_AMONG(list, code) is_among(list, sizeof(list) / sizeof *(list), code)

static bool is_control(uint32_t code) {
    return !(code >= 0x20 && code < 0x7F) && IS_AMONG(unseen, code);
}

bool rad_printable_next(const char *text, size_t *bytes, char shown[RAD_SHOWN]) {
    uint32_t code;
    if (!decode((const unsigned char *)text, &code, bytes)) {
        *bytes = 1;
        snprintf(shown, RAD_SHOWN, "\\x%02x", (unsigned)(unsigned char)*text);
        return false;
    }
    if (is_control(code)) {
        snprintf(shown, RAD_SHOWN, code > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)code);
        return false;
    }
    memcpy(shown, text, *bytes);
    shown[*bytes] = '\0';
    return true;
}

bool rad_printable_plain(const char *text, uint32_t *code) {
    size_t bytes;
    for (; *text; text += bytes) {
        const bool whole = decode((const unsigned char *)text, code, &bytes);
        if (whole && !is_control(*code)) continue;
        if (!whole) *code = (unsigned char)*text;
        return false;
    }
    return true;
}

bool rad_printable_mixed(const char *text, uint32_t *code) {
    bool some = false;
    size_t bytes;
    *code = 0;
    for (uint32_t c; *text; text += bytes) {
        if (!decode((const unsigned char *)text, &c, &bytes)) {
            bytes = 1;
            continue;
        }
        some = some || IS_AMONG(latin, c);
        if (!*code && IS_AMONG(alike, c)) *code = c;
    }
    return some && *code;
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
    char piece[1024]; /* standard error has no buffer of its own */
    size_t used = 0;
    for (; at < end; at += bytes) {
        rad_printable_next(at, &bytes, shown);
        const size_t more = strlen(shown);
        if (used + more > sizeof piece) {
            fwrite(piece, 1, used, to);
            used = 0;
        }
        for (size_t i = 0; i < more; i++) piece[used + i] = shown[i];
        used += more;
    }
    fwrite(piece, 1, used, to);
    fputs(end, to);
    if (text != raw) rad_free(text);
}

const char *rad_plural(size_t count) {
    return count == 1 ? "" : "s";
}
