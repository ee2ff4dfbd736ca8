#include "sink.h"

#include "../core/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 1 << 14 };

typedef struct sink {
    int file; /* -1: into memory */
    rad_bytes bytes;
    size_t capacity;
    int reason; /* errno of the first failure, which stays */
    char buffer[BUFFER];
} sink;

void rad_bytes_free(rad_bytes *bytes) {
    rad_free(bytes->data);
    *bytes = (rad_bytes){0};
}

int rad_sink_pieces(int file, const rad_bytes *pieces, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < pieces[i].length;) {
            const ssize_t put = write(file, pieces[i].data + at, pieces[i].length - at);
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) return put ? errno : EIO;
            at += (size_t)put;
        }
    return 0;
}

/* Room for the bytes and the 0 behind them. */
static int append(sink *s, const char *from, size_t length) {
    if (length >= SIZE_MAX / 4 - s->bytes.length) return ENOMEM;
    if (s->bytes.length + length >= s->capacity) {
        const size_t capacity = 2 * (s->bytes.length + length) + BUFFER;
        unsigned char *more = rad_new_raw(capacity, 1, NULL);
        if (!more) return ENOMEM;
        if (s->bytes.length) memcpy(more, s->bytes.data, s->bytes.length);
        rad_free(s->bytes.data);
        s->bytes.data = more;
        s->capacity = capacity;
    }
    if (length) memcpy(s->bytes.data + s->bytes.length, from, length);
    s->bytes.length += length;
    s->bytes.data[s->bytes.length] = '\0';
    return 0;
}

static ssize_t drain(void *cookie, const char *from, size_t length) {
    sink *s = cookie;
    const rad_bytes piece = {(unsigned char *)from, length};
    if (!s->reason) s->reason = s->file < 0 ? append(s, from, length) : rad_sink_pieces(s->file, &piece, 1);
    return s->reason ? 0 : (ssize_t)length;
}

static rad_status no_memory(rad_error *error) {
    return rad_fail(error, RAD_NO_MEMORY, "out of memory while writing text");
}

static rad_status fill(sink *s, rad_put_body *body, void *context, rad_error *error) {
    FILE *out = fopencookie(s, "w", (cookie_io_functions_t){.write = drain});
    if (!out) return no_memory(error);
    setvbuf(out, s->buffer, _IOFBF, sizeof s->buffer);
    __fsetlocking(out, FSETLOCKING_BYCALLER); /* no other thread knows the stream */
    const rad_status status = body(out, context, error);
    const bool bad = ferror(out);
    if ((fclose(out) || bad) && !s->reason) s->reason = EIO;
    return status;
}

rad_status rad_sink_collect(rad_put_body *body, void *context, rad_bytes *bytes, rad_error *error) {
    sink s = {.file = -1};
    s.reason = append(&s, "", 0); /* nothing is text, too */
    rad_status status = s.reason ? RAD_OK : fill(&s, body, context, error);
    if (s.reason) status = no_memory(error); /* what body says of it is hearsay */
    *bytes = s.bytes;
    if (status != RAD_OK) rad_bytes_free(bytes);
    return status;
}

rad_status rad_sink_fill(int file, rad_put_body *body, void *context, int *reason, rad_error *error) {
    sink s = {.file = file};
    const rad_status status = fill(&s, body, context, error);
    *reason = s.reason;
    return status;
}
