/* Text with a form (JSON, YAML, CSV, key=value): numbers, words, quoted texts, bracketed parts and lines are
 * changed, copied, moved and left out; most of what is made is well formed. */
#include "fuzz.h"
#include "random.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { PARTS = 4096, ROOM = 1 << 16 };

/* A number, a word, a quoted text without its quotes, a part from one bracket to the other, a line. */
typedef enum kind { NUMBER, WORD, QUOTED, PART, LINE, KINDS } kind;
typedef struct part {
    kind kind;
    size_t begin, end;
} part;

static part parts[PARTS];
static size_t count;
static uint8_t out[2 * ROOM];

static void add(kind what, size_t begin, size_t end) {
    if (count < PARTS && end > begin) parts[count++] = (part){what, begin, end};
}

static bool is_number(uint8_t c) {
    return isdigit(c) || c == '-' || c == '+' || c == '.';
}

static bool is_word(uint8_t c) {
    return isalnum(c) || c == '_' || c == '.' || c == '-' || c == '+' || c == '*' || c > 127;
}

static void find_parts(const uint8_t *text, size_t size) {
    size_t open[64], depth = 0, line = 0;
    count = 0;
    for (size_t i = 0; i < size;) {
        const uint8_t c = text[i];
        size_t end = i + 1;
        if (c == '"') {
            while (end < size && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
            if (end > size) end = size;
            add(QUOTED, i + 1, end);
            end += end < size;
        } else if (is_number(c) || is_word(c)) {
            const bool number = is_number(c);
            while (end < size && is_word(text[end])) end++;
            add(number ? NUMBER : WORD, i, end);
        } else if (strchr("[{(", c) && c) {
            if (depth < 64) open[depth++] = i;
        } else if (strchr("]})", c) && c) {
            if (depth) add(PART, open[--depth], end);
        } else if (c == '\n') {
            add(LINE, line, end);
            line = end;
        }
        i = end;
    }
    add(LINE, line, size);
}

static const char *const numbers[] = {"0",
                                      "1",
                                      "-1",
                                      "2",
                                      "3",
                                      "10",
                                      "0.5",
                                      "-0.0",
                                      "1e308",
                                      "1e-320",
                                      "1e999",
                                      "127",
                                      "128",
                                      "255",
                                      "256",
                                      "65535",
                                      "65536",
                                      "2147483647",
                                      "4294967295",
                                      "4294967296",
                                      "9007199254740992",
                                      "9007199254740993",
                                      "9223372036854775807",
                                      "18446744073709551616",
                                      "nan",
                                      "inf",
                                      "0x10",
                                      "1e",
                                      "",
                                      "0.1",
                                      "1.7976931348623157e308",
                                      "null",
                                      "true"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* data[0..begin), then text, then data[end..size). */
static size_t put_between(const uint8_t *data, size_t size, size_t begin, size_t end, const void *text,
                          size_t length) {
    if (begin + length + size - end > sizeof out) return 0;
    memcpy(out, data, begin);
    memcpy(out + begin, text, length);
    memcpy(out + begin + length, data + end, size - end);
    return begin + length + size - end;
}

/* A part twice, with what separates parts between them. */
static size_t twice(const uint8_t *data, size_t size, const part *p, fuzz_random *r) {
    static uint8_t text[ROOM];
    static const char *const between[] = {",", ", ", ",", ";", "\t", " "};
    const char *mark = p->kind == LINE ? "" : between[fuzz_below(r, COUNT(between))];
    const size_t length = p->end - p->begin, gap = strlen(mark);
    const bool quoted = p->kind == QUOTED;
    if (2 * length + gap + 2 > sizeof text) return 0;
    memcpy(text, data + p->begin, length);
    size_t at = length;
    if (quoted) text[at++] = '"';
    at = (size_t)((uint8_t *)stpcpy((char *)text + at, mark) - text);
    if (quoted) text[at++] = '"';
    memcpy(text + at, data + p->begin, length);
    return put_between(data, size, p->begin, p->end, text, at + length);
}

/* A part without what separates it from the next one. */
static size_t without(const uint8_t *data, size_t size, const part *p) {
    size_t begin = p->begin, end = p->end;
    if (p->kind == QUOTED && begin && end < size) {
        begin--;
        end++;
    }
    while (end < size && data[end] == ' ') end++;
    if (end < size && strchr(",;\t:", data[end]) && data[end])
        end++;
    else
        while (begin && strchr(", \n", data[begin - 1]) && data[begin - 1] && p->kind != LINE) begin--;
    return put_between(data, size, begin, end, "", 0);
}

/* One character becomes another of its class, so that hexadecimal digits and base64 stay such. */
static size_t flip(const uint8_t *data, size_t size, const part *p, fuzz_random *r) {
    static const char digits[] = "0123456789abcdef",
                      base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    memcpy(out, data, size);
    for (size_t i = 1 + fuzz_below(r, 3); i; i--) {
        uint8_t *c = &out[p->begin + fuzz_below(r, p->end - p->begin)];
        if (p->end - p->begin > 24 && p->kind == QUOTED)
            *c = (uint8_t)base64[fuzz_below(r, sizeof base64 - 1)];
        else if (isxdigit(*c))
            *c = (uint8_t)digits[fuzz_below(r, isdigit(*c) ? 10 : 16)];
        else
            *c = (uint8_t)(fuzz_below(r, 8) ? base64[fuzz_below(r, sizeof base64 - 1)]
                                            : (int)fuzz_below(r, 256));
    }
    return size;
}

/* A part of the kind, or of any if there is none. */
static const part *pick(kind what, fuzz_random *r) {
    const part *p = &parts[fuzz_below(r, count)];
    for (int i = 0; i < 24 && p->kind != what; i++) p = &parts[fuzz_below(r, count)];
    return p;
}

static size_t change(const uint8_t *data, size_t size, fuzz_random *r) {
    const part *p = pick((kind)fuzz_below(r, KINDS), r), *other = pick(p->kind, r);
    const char *number = numbers[fuzz_below(r, COUNT(numbers))];
    const size_t cut = p->begin + fuzz_below(r, p->end - p->begin);
    switch (fuzz_below(r, 9)) {
    case 0:
        return twice(data, size, p, r);
    case 1:
        return without(data, size, p);
    case 2:
    case 3:
        return put_between(data, size, p->begin, p->end, data + other->begin, other->end - other->begin);
    case 4:
        return put_between(data, size, p->begin, cut, "", 0);
    case 5:
        other = &parts[fuzz_below(r, count)];
        return put_between(data, size, p->begin, p->end, data + other->begin, other->end - other->begin);
    case 6:
        return flip(data, size, p, r);
    default:
        if (p->kind != NUMBER) p = pick(NUMBER, r);
        return p->kind == NUMBER ? put_between(data, size, p->begin, p->end, number, strlen(number))
                                 : flip(data, size, p, r);
    }
}

size_t fuzz_shape_text(uint8_t *data, size_t size, size_t most, unsigned seed) {
    fuzz_random r = fuzz_seed(seed);
    if (!size || size > ROOM) return size;
    for (size_t i = 1 + fuzz_below(&r, 4) / 3; i && size; i--) {
        find_parts(data, size);
        if (!count) break;
        const size_t changed = change(data, size, &r);
        if (!changed || changed > most) continue;
        memcpy(data, out, changed);
        size = changed;
    }
    return size;
}
