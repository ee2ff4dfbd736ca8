#include "xml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

static bool is_blank(char c) {
    return c && strchr(blanks, c);
}

const char *rad_xml_attributes(const char *at, const char *end, rad_xml_attribute *take, void *context) {
    while (at < end && *at != '>') {
        const char *name = at, *equals = at;
        while (equals < end && *equals != '=' && *equals != '>') equals++;
        if (equals + 1 >= end || *equals == '>') return equals;
        const char *space = equals;
        while (space > name && is_blank(space[-1])) space--;
        const char *begin = space;
        while (begin > name && !is_blank(begin[-1])) begin--;
        while (equals + 2 < end && is_blank(equals[1])) equals++;
        const char quote = equals[1];
        if (quote != '"' && quote != '\'') {
            at = equals + 1;
            continue;
        }
        const char *stop = memchr(equals + 2, quote, (size_t)(end - equals - 2));
        if (!stop) return end;
        take(begin, (size_t)(space - begin), equals + 2, (size_t)(stop - equals - 2), context);
        at = stop + 1;
    }
    return at;
}

/* UTF-8 of a character; 0 bytes where it is none that a name can have. */
static size_t put_character(unsigned long c, char out[4]) {
    if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 0;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    out[0] = (char)((0xff00UL >> (more + 1) & 0xff) | c >> 6 * more);
    for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80 | (c >> 6 * (more - i) & 0x3f));
    return more + 1;
}

/* What "&...;" stands for; *step is how long it is, 1 where it is none and stands for itself. */
static size_t expand(const char *from, size_t length, size_t *step, char out[4]) {
    static const struct {
        const char *entity;
        char is;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    char number[12] = "", *rest;
    *step = 1;
    out[0] = *from;
    for (size_t k = 0; k < sizeof entities / sizeof entities[0]; k++) {
        const size_t n = strlen(entities[k].entity);
        if (n > length || memcmp(from, entities[k].entity, n) != 0) continue;
        *step = n;
        out[0] = entities[k].is;
        return 1;
    }
    const char *stop = memchr(from, ';', length < sizeof number ? length : sizeof number);
    if (length < 4 || from[1] != '#' || !stop) return 1;
    memcpy(number, from + 2, (size_t)(stop - from) - 2);
    const bool hexadecimal = *number == 'x';
    const unsigned long c = strtoul(number + hexadecimal, &rest, hexadecimal ? 16 : 10);
    if (rest == number + hexadecimal || *rest) return 1;
    *step = (size_t)(stop - from) + 1;
    return put_character(c, out);
}

size_t rad_xml_text(const char *from, size_t length, char *to, size_t size) {
    static const char begin[] = "<![CDATA[", end[] = "]]>";
    enum { BEGIN = sizeof begin - 1, END = sizeof end - 1 };
    size_t used = 0;
    bool marked = false;
    for (size_t i = 0, step = 1; i < length; i += step) {
        char out[4] = {from[i]};
        size_t made = out[0] != '\0';
        step = 1;
        if (marked && length - i >= END && !memcmp(from + i, end, END)) {
            marked = false;
            step = END;
            made = 0;
        } else if (!marked && length - i >= BEGIN && !memcmp(from + i, begin, BEGIN)) {
            marked = true;
            step = BEGIN;
            made = 0;
        } else if (!marked && from[i] == '<') {
            break;
        } else if (!marked && from[i] == '&') {
            made = expand(from + i, length - i, &step, out);
        }
        if (used + made + 1 > size) break;
        memcpy(to + used, out, made);
        used += made;
    }
    to[used] = '\0';
    return used;
}
