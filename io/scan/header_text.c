#include "header_text.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../stream.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { FIRST = 1 << 14, MOST = 8 << 20 };

/* Reads on until the header has its end, is too long or the file ends. */
static rad_status read_on(rad_stream *stream, rad_header_end *end, rad_header_text *h, rad_error *error) {
    size_t got = 0, room = FIRST;
    bool ended = false;
    rad_status status = RAD_OK;
    while (status == RAD_OK && !h->length && !ended) {
        char *more = rad_new_raw(room, 1, error);
        if (!more) return RAD_NO_MEMORY;
        if (h->text) memcpy(more, h->text, got);
        rad_free(h->text);
        h->text = more;
        size_t fresh = 0;
        status = rad_stream_read_some(stream, h->text + got, room - 1 - got, &fresh, error);
        got += fresh;
        ended = got < room - 1;
        h->length = end(h->text, got);
        room *= 2;
        if (!h->length && !ended && room > MOST)
            return rad_fail(error, RAD_UNREADABLE, "%s: the header has no end within %d bytes", stream->path,
                            MOST);
    }
    if (!h->length) h->length = got;
    return status;
}

rad_status rad_header_text_read(const char *path, rad_header_end *end, rad_header_text *header,
                                rad_error *error) {
    rad_stream stream;
    *header = (rad_header_text){.text = NULL};
    rad_status status = rad_stream_open(path, &stream, error);
    if (status != RAD_OK) return status;
    header->gzipped = stream.inflate;
    status = read_on(&stream, end, header, error);
    rad_stream_close(&stream);
    if (status == RAD_OK && memchr(header->text, 0, header->length))
        status = rad_fail(error, RAD_UNREADABLE, "%s: the header is not text", path);
    if (status != RAD_OK) {
        rad_header_text_free(header);
        return status;
    }
    header->text[header->length] = '\0';
    header->at = header->text;
    return RAD_OK;
}

char *rad_header_text_line(rad_header_text *header) {
    char *line = header->at;
    if (!line || !*line) return NULL;
    const size_t length = strcspn(line, "\n");
    header->at = line[length] ? line + length + 1 : NULL;
    line[length] = '\0';
    if (length && line[length - 1] == '\r') line[length - 1] = '\0';
    return line;
}

void rad_header_text_free(rad_header_text *header) {
    rad_free(header->text);
    *header = (rad_header_text){.text = NULL};
}

char *rad_header_trim(char *text) {
    while (isspace((unsigned char)*text)) text++;
    size_t length = strlen(text);
    while (length && isspace((unsigned char)text[length - 1])) length--;
    text[length] = '\0';
    return text;
}

static bool read_number(const char *word, double *value) {
    const char *digits = word + (*word == '-' || *word == '+');
    *value = NAN;
    return !strcasecmp(digits, "nan") || rad_number_read(word, value);
}

bool rad_header_numbers(const char *text, double *values, size_t most, size_t *count) {
    static const char between[] = " \t,()";
    for (*count = 0;;) {
        char word[64];
        text += strspn(text, between);
        const size_t length = strcspn(text, between);
        if (!length) return true;
        if (length >= sizeof word || *count == most) return false;
        memcpy(word, text, length);
        word[length] = '\0';
        if (!read_number(word, &values[(*count)++])) return false;
        text += length;
    }
}

bool rad_header_whole(double value, size_t *whole) {
    if (!(value >= 0 && value <= 0x1p40) || value != floor(value)) return false;
    *whole = (size_t)value;
    return true;
}
