/* Elements that are written as numbers or as hexadecimal digits. */
#include "../../core/number.h"
#include "elements.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The next character; -1 at the end of the file. */
static rad_status next(rad_elements *f, int *c, rad_error *error) {
    rad_status status = RAD_OK;
    if (f->text_at == f->text_end) {
        f->text_at = 0;
        status = rad_stream_read_some(&f->stream, f->text, RAD_ELEMENTS_TEXT, &f->text_end, error);
    }
    *c = status == RAD_OK && f->text_end ? (unsigned char)f->text[f->text_at++] : -1;
    return status;
}

static rad_status ended(const rad_elements *f, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: truncated: fewer numbers than the header asks for",
                    f->stream.path);
}

static rad_status read_hex(rad_elements *f, unsigned char *out, size_t length, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t digits = 0; digits < 2 * length && status == RAD_OK;) {
        int c;
        status = next(f, &c, error);
        if (status != RAD_OK || (c >= 0 && isspace(c))) continue;
        if (c < 0) return ended(f, error);
        if (!isxdigit(c))
            return rad_fail(error, RAD_UNREADABLE, "%s: character 0x%02x among hexadecimal digits",
                            f->stream.path, (unsigned)c);
        const int value = isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
        unsigned char *byte = &out[digits / 2];
        *byte = (unsigned char)(digits++ % 2 ? *byte << 4 | value : value);
    }
    return status;
}

/* Characters up to the next white space or comma. */
static rad_status next_word(rad_elements *f, char *word, size_t room, rad_error *error) {
    size_t length = 0;
    for (int c = ' ';;) {
        rad_status status = next(f, &c, error);
        if (status != RAD_OK) return status;
        const bool parts = c < 0 || isspace(c) || c == ',';
        if (parts && length) break;
        if (c < 0) return ended(f, error);
        if (parts) continue;
        if (length + 1 == room || !isprint(c)) {
            word[length] = '\0';
            return rad_fail(error, RAD_UNREADABLE, "%s: \"%s...\" is not a number", f->stream.path, word);
        }
        word[length++] = (char)c;
    }
    word[length] = '\0';
    return RAD_OK;
}

static bool read_real(const char *word, double *value) {
    const bool minus = *word == '-';
    const char *size = word + (*word == '-' || *word == '+');
    if (!strcasecmp(size, "nan"))
        *value = NAN;
    else if (!strcasecmp(size, "inf") || !strcasecmp(size, "infinity"))
        *value = minus ? -INFINITY : INFINITY;
    else
        return rad_number_read(word, value);
    return true;
}

static bool put_real(const char *word, rad_type type, void *out) {
    double value;
    if (!read_real(word, &value)) return false;
    const float small = (float)value;
    memcpy(out, type == RAD_FLOAT32 ? (const void *)&small : &value, rad_type_size(type));
    return type == RAD_FLOAT64 || !isfinite(value) || isfinite(small);
}

/* Whole numbers of the type, which has `bits` bits. */
static bool put_whole(const char *word, rad_type type, void *out) {
    const int bits = 8 * (int)rad_type_size(type);
    const bool is_signed = type == RAD_INT8 || type == RAD_INT16 || type == RAD_INT32 || type == RAD_INT64;
    char *end;
    errno = 0;
    if (!is_signed) {
        const unsigned long long value = strtoull(word, &end, 10), most = UINT64_MAX >> (64 - bits);
        memcpy(out, &value, (size_t)bits / 8); /* its low bytes, on a machine that has those first */
        return *word != '-' && !*end && !errno && value <= most;
    }
    const long long value = strtoll(word, &end, 10), most = INT64_MAX >> (64 - bits);
    memcpy(out, &value, (size_t)bits / 8);
    return !*end && !errno && value <= most && value >= -most - 1;
}

static rad_status read_numbers(rad_elements *f, unsigned char *out, size_t length, rad_error *error) {
    const rad_type type = f->raster->header.type;
    const size_t width = rad_type_size(type);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < length && status == RAD_OK; i += width) {
        char word[64] = "";
        status = next_word(f, word, sizeof word, error);
        if (status != RAD_OK) break;
        const bool real = type == RAD_FLOAT32 || type == RAD_FLOAT64;
        if (!(real ? put_real(word, type, out + i) : put_whole(word, type, out + i)))
            status = rad_fail(error, RAD_UNREADABLE, "%s: \"%s\" is not a number of type %s", f->stream.path,
                              word, rad_type_name(type));
    }
    return status;
}

rad_status rad_elements_read_text(rad_elements *feed, void *out, size_t length, rad_error *error) {
    return feed->raster->coding == RAD_RASTER_HEX ? read_hex(feed, out, length, error)
                                                  : read_numbers(feed, out, length, error);
}

/* Nothing but white space may follow. */
rad_status rad_elements_end_text(rad_elements *elements, rad_error *error) {
    for (int c = ' ';;) {
        rad_status status = next(elements, &c, error);
        if (status != RAD_OK || c < 0) return status;
        if (!isspace(c) && c != ',')
            return rad_fail(error, RAD_UNREADABLE, "%s: contains more numbers than its header asks for",
                            elements->stream.path);
    }
}
