#include "charset.h"

#include "../../core/memory.h"
#include "../../core/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What iconv calls the sets of the standard, by the number of their registration: of a text in that set
 * alone, and of the bytes above 127 where sets change on the way. */
static const struct {
    int number;
    const char *alone, *upper;
} sets[] = {
    {100, "ISO-8859-1", "ISO-8859-1"},
    {101, "ISO-8859-2", "ISO-8859-2"},
    {109, "ISO-8859-3", "ISO-8859-3"},
    {110, "ISO-8859-4", "ISO-8859-4"},
    {144, "ISO-8859-5", "ISO-8859-5"},
    {127, "ISO-8859-6", "ISO-8859-6"},
    {126, "ISO-8859-7", "ISO-8859-7"},
    {138, "ISO-8859-8", "ISO-8859-8"},
    {148, "ISO-8859-9", "ISO-8859-9"},
    {203, "ISO-8859-15", "ISO-8859-15"},
    {166, "TIS-620", "TIS-620"},
    {13, "SHIFT_JIS", "SHIFT_JIS"},
    {192, "UTF-8", NULL},
    {149, "EUC-KR", "EUC-KR"},
    {58, "GB2312", "GB2312"},
};
enum { SETS = sizeof sets / sizeof sets[0] };

/* How bytes below 128 are read. */
typedef enum lower { ASCII, KANJI, KANJI_2 } lower;

/* What follows ESC and changes the set of the lower or of the upper half (PS3.3 tables C.12-3, C.12-4). */
static const struct {
    const char *bytes;
    bool sets_lower;
    lower lower;
    const char *upper;
} escapes[] = {
    {"(B", true, ASCII, NULL},           {"(J", true, ASCII, NULL},
    {"$B", true, KANJI, NULL},           {"$@", true, KANJI, NULL},
    {"$(D", true, KANJI_2, NULL},        {")I", false, ASCII, "SHIFT_JIS"},
    {"$)C", false, ASCII, "EUC-KR"},     {"$)A", false, ASCII, "GB2312"},
    {"-A", false, ASCII, "ISO-8859-1"},  {"-B", false, ASCII, "ISO-8859-2"},
    {"-C", false, ASCII, "ISO-8859-3"},  {"-D", false, ASCII, "ISO-8859-4"},
    {"-L", false, ASCII, "ISO-8859-5"},  {"-G", false, ASCII, "ISO-8859-6"},
    {"-F", false, ASCII, "ISO-8859-7"},  {"-H", false, ASCII, "ISO-8859-8"},
    {"-M", false, ASCII, "ISO-8859-9"},  {"-T", false, ASCII, "TIS-620"},
    {"-b", false, ASCII, "ISO-8859-15"},
};
enum { ESCAPES = sizeof escapes / sizeof escapes[0] };

/* What SpecificCharacterSet says. */
typedef struct terms {
    const char *alone; /* one set for the whole text; NULL: none is stated */
    const char *upper; /* with which a text with code extensions begins; or NULL */
    bool extends;
} terms;

/* Where a word stands in a term, in any case, and ends; 0: nowhere. */
static size_t find_end(const char *term, size_t length, const char *word) {
    const size_t size = strlen(word);
    for (size_t i = 0; i + size <= length; i++)
        if (!strncasecmp(term + i, word, size)) return i + size;
    return 0;
}

/* "ISO 2022 IR 100", "ISO_IR 100", "ISO-IR-100", "ISO 2022 58", ...: the number behind IR, or 2022; 0 where
 * there is none. */
static int registration(const char *term, size_t length) {
    size_t i = find_end(term, length, "IR");
    int number = 0;
    if (!i) i = find_end(term, length, "2022");
    if (!i) return 0;
    while (i < length && !isdigit((unsigned char)term[i])) i++;
    for (; i < length && isdigit((unsigned char)term[i]) && number < 1000; i++)
        number = 10 * number + term[i] - '0';
    return number;
}

/* One value of SpecificCharacterSet; `first`: the one that a text begins with. */
static void read_term(const char *term, size_t length, bool first, terms *t) {
    const int number = registration(term, length);
    t->extends = t->extends || find_end(term, length, "2022");
    if (first && find_end(term, length, "GB18030")) t->alone = "GB18030";
    if (first && find_end(term, length, "GBK")) t->alone = "GBK";
    if (first && (find_end(term, length, "UTF-8") || find_end(term, length, "UTF8"))) t->alone = "UTF-8";
    for (size_t i = 0; i < SETS; i++) {
        if (sets[i].number != number) continue;
        if (first) t->alone = sets[i].alone;
        if (!t->upper) t->upper = sets[i].upper; /* some files leave out the escape that designates it */
    }
}

static terms read_terms(const char *text) {
    terms t = {NULL, NULL, false};
    size_t count = 0;
    for (const char *at = text ? text : ""; *at || !count; count++) {
        const size_t length = strcspn(at, "\\");
        read_term(at, length, !count, &t);
        at += length + (at[length] == '\\');
    }
    t.extends = t.extends || count > 1;
    return t;
}

/* No converter: is memory short, or does this system not have it? Where the loader cannot get memory for it,
 * iconv_open says the latter: it is asked again, and then whether there is as much as a converter takes. */
static rad_status open_converter(const char *charset, iconv_t *converter, rad_error *error) {
    enum { TAKES = 1 << 17 };
    const iconv_t none = (iconv_t)-1;
    *converter = iconv_open("UTF-8", charset);
    if (*converter == none && errno == EINVAL) *converter = iconv_open("UTF-8", charset);
    if (*converter != none) return RAD_OK;
    const int failure = errno;
    void *probe = failure == EINVAL ? rad_new(TAKES, 1, error) : NULL;
    rad_free(probe);
    if (!probe) return rad_fail(error, RAD_NO_MEMORY, "out of memory: a converter of %s to UTF-8", charset);
    return RAD_OK;
}

/* A text that grows in the room that was given. */
typedef struct sink {
    char *at;
    size_t space;
} sink;

static void put_byte(sink *out, char c) {
    if (!out->space) return;
    *out->at++ = c;
    out->space--;
}

static rad_status convert(const char *charset, const char *from, size_t left, sink *out, rad_error *error) {
    const iconv_t none = (iconv_t)-1;
    iconv_t converter;
    char *in = (char *)(uintptr_t)from;
    if (!left) return RAD_OK;
    rad_status status = open_converter(charset, &converter, error);
    if (status != RAD_OK) return status;
    while (left && out->space) {
        if (converter != none && iconv(converter, &in, &left, &out->at, &out->space) != (size_t)-1) break;
        if (converter != none && errno == E2BIG) out->space = 0; /* what follows a gap is not the text */
        if (!left || !out->space) break;
        put_byte(out, '?'); /* a byte that is no text */
        in++;
        left--;
    }
    if (converter != none) iconv_close(converter);
    return RAD_OK;
}

static bool is_utf8(const char *from, size_t length) {
    rad_utf8 state = {0};
    for (size_t i = 0; i < length; i++)
        if (!rad_utf8_next(&state, (unsigned char)from[i])) return false;
    return !state.more;
}

/* Pairs of bytes below 128 as EUC-JP has them: with the highest bit, the second set behind 0x8F. */
static rad_status convert_kanji(lower set, const char *from, size_t length, sink *out, rad_error *error) {
    enum { PAIRS = 64 };
    char raised[3 * PAIRS];
    rad_status status = RAD_OK;
    for (size_t i = 0; i + 1 < length && status == RAD_OK;) {
        size_t made = 0;
        for (size_t k = 0; k < PAIRS && i + 1 < length; k++, i += 2) {
            if (set == KANJI_2) raised[made++] = (char)0x8F;
            raised[made++] = (char)(from[i] | 0x80);
            raised[made++] = (char)(from[i + 1] | 0x80);
        }
        status = convert("EUC-JP", raised, made, out, error);
    }
    if (length % 2) put_byte(out, '?');
    return status;
}

/* The sets in use at a place of a text with code extensions. */
typedef struct state {
    lower lower;
    const char *upper;
} state;

/* Takes an escape; how many bytes it has, ESC included. */
static size_t take_escape(const char *from, size_t length, state *s) {
    for (size_t i = 0; i < ESCAPES; i++) {
        const size_t size = strlen(escapes[i].bytes);
        if (length <= size || memcmp(from + 1, escapes[i].bytes, size) != 0) continue;
        if (escapes[i].sets_lower)
            s->lower = escapes[i].lower;
        else
            s->upper = escapes[i].upper;
        return size + 1;
    }
    return 1;
}

/* Ends of lines, and between the parts of names and values: sets are those of the beginning again. */
static bool is_delimiter(char c, lower set) {
    return c == '\n' || c == '\r' || c == '\f' || c == '\t' ||
           (set == ASCII && (c == '\\' || c == '^' || c == '='));
}

/* Bytes of one half up to an escape or a delimiter. */
static size_t run_of(const char *from, size_t length, lower set) {
    const bool upper = from[0] & 0x80;
    size_t i = 0;
    while (i < length && from[i] != '\x1b' && ((from[i] & 0x80) != 0) == upper &&
           (upper || !is_delimiter(from[i], set)))
        i++;
    return i;
}

static rad_status read_extended(const terms *t, const char *from, size_t length, sink *out,
                                rad_error *error) {
    const state initial = {ASCII, t->upper};
    state s = initial;
    rad_status status = RAD_OK;
    for (size_t i = 0, run; i < length && status == RAD_OK; i += run) {
        run = 1;
        if (from[i] == '\x1b') {
            run = take_escape(from + i, length - i, &s);
            if (run == 1) put_byte(out, '?');
        } else if (is_delimiter(from[i], s.lower)) {
            s = initial;
            put_byte(out, from[i]);
        } else {
            run = run_of(from + i, length - i, s.lower);
            if (from[i] & 0x80)
                status = convert(s.upper ? s.upper : "ISO-8859-1", from + i, run, out, error);
            else if (s.lower == ASCII)
                for (size_t k = 0; k < run; k++) put_byte(out, from[i + k]);
            else
                status = convert_kanji(s.lower, from + i, run, out, error);
        }
    }
    return status;
}

bool rad_charset_is_stated(const char *text) {
    const terms t = read_terms(text);
    return t.alone || t.upper || t.extends;
}

static bool is_plain(const char *from, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (from[i] & 0x80 || from[i] == '\x1b') return false;
    return true;
}

rad_status rad_charset_read(const char *text, const char *from, size_t length, char *out, size_t size,
                            rad_error *error) {
    const terms t = read_terms(text);
    const bool escaped = memchr(from, '\x1b', length) != NULL;
    sink to = {out, size - 1};
    rad_status status = RAD_OK;
    if (is_plain(from, length))
        for (size_t i = 0; i < length; i++) put_byte(&to, from[i]);
    else if (escaped ? t.upper || !t.alone : t.extends && !t.alone)
        status = read_extended(&t, from, length, &to, error);
    else if (t.alone)
        status = convert(t.alone, from, length, &to, error);
    else
        status = convert(is_utf8(from, length) ? "UTF-8" : "ISO-8859-1", from, length, &to, error);
    *to.at = '\0';
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F) *c = '?';
    return status;
}
