#include "stream.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "file.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#ifdef RAD_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

/* Deflate cannot make more than this of one byte. */
enum { EXPANSION_MAX = 1040, INPUT = 1 << 16, WASTE = 1 << 16 };

/* Most zeros that fill up a block of whoever packed, be it a tape. */
enum { PADDING_MAX = 1 << 16 };

typedef enum progress { GOES_ON, MEMBER_ENDED, WANTS_INPUT, DAMAGED } progress;

struct rad_inflate {
#ifdef RAD_ISAL
    struct inflate_state state;
#else
    z_stream state;
#endif
    bool between; /* members: the next byte begins one, or the content has ended */
    bool ended;
    unsigned char input[INPUT], waste[WASTE];
};

#ifdef RAD_ISAL
const char *rad_stream_inflater(void) {
    return "ISA-L";
}

static bool begin_inflate(struct rad_inflate *i, rad_coding coding) {
    isal_inflate_init(&i->state);
    i->state.crc_flag = coding == RAD_CODING_RAW        ? ISAL_DEFLATE
                        : coding == RAD_CODING_DEFLATED ? ISAL_ZLIB
                                                        : ISAL_GZIP;
    return true;
}

static void next_member(struct rad_inflate *i) {
    unsigned char *in = i->state.next_in;
    const uint32_t left = i->state.avail_in;
    isal_inflate_reset(&i->state);
    i->state.crc_flag = ISAL_GZIP;
    i->state.next_in = in;
    i->state.avail_in = left;
}

static void end_inflate(struct rad_inflate *i) {
    (void)i;
}

/* Fills out as far as the input goes; *made says how far. */
static progress run_inflate(struct rad_inflate *i, unsigned char *out, size_t length, size_t *made) {
    const uint32_t space = length < UINT32_MAX / 2 ? (uint32_t)length : UINT32_MAX / 2;
    i->state.next_out = out;
    i->state.avail_out = space;
    const int code = isal_inflate(&i->state);
    *made = space - i->state.avail_out;
    if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT) return DAMAGED;
    if (i->state.block_state == ISAL_BLOCK_FINISH) return MEMBER_ENDED;
    return i->state.avail_out ? WANTS_INPUT : GOES_ON;
}
#else
const char *rad_stream_inflater(void) {
    return "zlib";
}

static bool begin_inflate(struct rad_inflate *i, rad_coding coding) {
    const int bits = coding == RAD_CODING_RAW ? -15 : coding == RAD_CODING_DEFLATED ? 15 : 15 + 16;
    return inflateInit2(&i->state, bits) == Z_OK;
}

static void next_member(struct rad_inflate *i) {
    inflateReset(&i->state);
}

static void end_inflate(struct rad_inflate *i) {
    inflateEnd(&i->state);
}

static progress run_inflate(struct rad_inflate *i, unsigned char *out, size_t length, size_t *made) {
    const uInt space = length < UINT32_MAX / 2 ? (uInt)length : UINT32_MAX / 2;
    i->state.next_out = out;
    i->state.avail_out = space;
    const int code = inflate(&i->state, Z_NO_FLUSH);
    *made = space - i->state.avail_out;
    if (code == Z_STREAM_END) return MEMBER_ENDED;
    if (code != Z_OK && code != Z_BUF_ERROR) return DAMAGED;
    return i->state.avail_out ? WANTS_INPUT : GOES_ON;
}
#endif

static rad_status unreadable(const rad_stream *s, rad_error *error) {
    return rad_fail(error, rad_errno_status(RAD_UNREADABLE), "%s: cannot be read: %s", s->path,
                    strerror(errno));
}

/* Bytes of the file from s->at on. */
static rad_status read_file(rad_stream *s, void *out, size_t length, size_t *got, rad_error *error) {
    for (*got = 0; *got < length;) {
        const ssize_t n = pread(s->file - 1, (char *)out + *got, length - *got, (off_t)s->at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return unreadable(s, error);
        if (n == 0 && s->at < s->length)
            return rad_fail(error, RAD_UNREADABLE, "%s: the file became shorter while it was read", s->path);
        if (n == 0) break;
        *got += (size_t)n;
        s->at += (size_t)n;
    }
    return RAD_OK;
}

static rad_status start_inflate(rad_stream *s, rad_error *error) {
    if (!rad_multiply(s->length - s->at, EXPANSION_MAX, &s->limit)) s->limit = SIZE_MAX;
    struct rad_inflate *i = rad_new_raw(1, sizeof *i, error);
    if (!i) return RAD_NO_MEMORY;
    memset(&i->state, 0, sizeof i->state);
    i->between = i->ended = false;
    if (!begin_inflate(i, s->coding)) {
        rad_free(i);
        return rad_fail(error, RAD_NO_MEMORY, "%s: out of memory for inflating", s->path);
    }
    s->inflate = i;
    return RAD_OK;
}

static rad_status start(rad_stream *s, size_t begin, rad_coding coding, rad_error *error) {
    unsigned char magic[2] = {0};
    size_t got = 0;
    if (begin > s->length)
        return rad_fail(error, RAD_UNREADABLE, "%s: truncated: content is to begin at byte %zu of %zu",
                        s->path, begin, s->length);
    s->at = begin;
    s->limit = s->length - begin;
    const bool known = coding == RAD_CODING_PLAIN || coding == RAD_CODING_RAW;
    rad_status status = known ? RAD_OK : read_file(s, magic, sizeof magic, &got, error);
    s->at = begin;
    const bool gzip = got == sizeof magic && magic[0] == 0x1f && magic[1] == 0x8b;
    if (coding == RAD_CODING_RAW || (coding == RAD_CODING_DEFLATED && !gzip)) s->coding = coding;
    return status == RAD_OK && (gzip || s->coding) ? start_inflate(s, error) : status;
}

rad_status rad_stream_open_at(const char *path, size_t begin, rad_coding coding, rad_stream *stream,
                              rad_error *error) {
    *stream = (rad_stream){.path = path};
    rad_moment moment;
    int file;
    rad_status status = rad_file_open(path, &file, &moment, error);
    stream->length = moment.size;
    stream->file = file + 1;
    if (status == RAD_OK) status = start(stream, begin, coding, error);
    if (status != RAD_OK) rad_stream_close(stream);
    return status;
}

rad_status rad_stream_open(const char *path, rad_stream *stream, rad_error *error) {
    return rad_stream_open_at(path, 0, RAD_CODING_FOUND, stream, error);
}

static rad_status damaged(const rad_stream *s, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: the %s stream is damaged or truncated; copy the file again",
                    s->path,
                    s->coding == RAD_CODING_RAW ? "deflate"
                    : s->coding                 ? "zlib"
                                                : "gzip");
}

/* More input; *none when the file has ended. */
static rad_status refill(rad_stream *s, bool *none, rad_error *error) {
    struct rad_inflate *i = s->inflate;
    size_t got = 0;
    *none = false;
    if (i->state.avail_in) return RAD_OK;
    rad_status status = read_file(s, i->input, INPUT, &got, error);
    i->state.next_in = i->input;
    i->state.avail_in = (unsigned)got;
    *none = got == 0;
    return status;
}

/* Does a member begin here, behind another? Else the rest of the file is of no member, and is counted. */
static rad_status begin_member(rad_stream *s, rad_error *error) {
    struct rad_inflate *i = s->inflate;
    unsigned char second = 0;
    size_t got = 1;
    rad_status status = RAD_OK;
    if (i->state.avail_in > 1)
        second = i->state.next_in[1];
    else if (*i->state.next_in == 0x1f) {
        status = read_file(s, &second, 1, &got, error);
        s->at -= got;
    }
    if (status != RAD_OK) return status;
    i->between = *i->state.next_in != 0x1f || second != 0x8b;
    i->ended = i->between;
    if (i->ended)
        s->trailing = i->state.avail_in + s->length - s->at;
    else
        next_member(i);
    return RAD_OK;
}

static rad_status inflate_some(rad_stream *s, unsigned char *out, size_t length, size_t *got,
                               rad_error *error) {
    struct rad_inflate *i = s->inflate;
    *got = 0;
    while (*got < length && !i->ended) {
        bool none = false;
        size_t made = 0;
        rad_status status = refill(s, &none, error);
        if (status != RAD_OK) return status;
        if (i->between) {
            /* zero padding after the last member is common */
            while (i->state.avail_in && !*i->state.next_in) {
                i->state.next_in++;
                i->state.avail_in--;
            }
            i->ended = none;
            if (none || !i->state.avail_in) continue;
            status = begin_member(s, error);
            if (status != RAD_OK) return status;
            if (i->ended) break;
        }
        const progress now = run_inflate(i, out + *got, length - *got, &made);
        *got += made;
        /* the last bytes of a file may have been taken before what they say is put out */
        if (now == DAMAGED || (now == WANTS_INPUT && none)) return damaged(s, error);
        if (now == MEMBER_ENDED && s->coding)
            i->ended = true;
        else if (now == MEMBER_ENDED)
            i->between = true;
    }
    return RAD_OK;
}

rad_status rad_stream_read_some(rad_stream *stream, void *out, size_t length, size_t *got, rad_error *error) {
    return stream->inflate ? inflate_some(stream, out, length, got, error)
                           : read_file(stream, out, length, got, error);
}

static rad_status too_short(const rad_stream *s, size_t missing, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: truncated or wrong header: %zu byte%s that the header asks for %s not there",
                    s->path, missing, rad_plural(missing), missing == 1 ? "is" : "are");
}

rad_status rad_stream_read(rad_stream *stream, void *out, size_t length, rad_error *error) {
    size_t got = 0;
    rad_status status = rad_stream_read_some(stream, out, length, &got, error);
    return status != RAD_OK || got == length ? status : too_short(stream, length - got, error);
}

rad_status rad_stream_skip(rad_stream *stream, size_t length, rad_error *error) {
    if (!stream->inflate) {
        if (length > stream->length - stream->at)
            return too_short(stream, length - (stream->length - stream->at), error);
        stream->at += length;
        return RAD_OK;
    }
    rad_status status = RAD_OK;
    for (size_t piece; length && status == RAD_OK; length -= piece) {
        piece = length < WASTE ? length : WASTE;
        status = rad_stream_read(stream, stream->inflate->waste, piece, error);
    }
    return status;
}

rad_status rad_stream_finish(rad_stream *stream, rad_error *error) {
    size_t got = stream->inflate ? 1 : 0;
    rad_status status = RAD_OK;
    while (got && status == RAD_OK) {
        status = inflate_some(stream, stream->inflate->waste, WASTE, &got, error);
        stream->padding += got;
        if (status == RAD_OK && (stream->padding > PADDING_MAX || !rad_is_zero(stream->inflate->waste, got)))
            return rad_fail(error, RAD_UNREADABLE, "%s: contains more than its header asks for",
                            stream->path);
    }
    return status;
}

void rad_stream_close(rad_stream *stream) {
    if (stream->inflate) end_inflate(stream->inflate);
    rad_free(stream->inflate);
    if (stream->file) close(stream->file - 1);
    *stream = (rad_stream){0};
}
