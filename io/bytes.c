#include "bytes.h"

#include "../core/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Deflate cannot make more than this of one byte. */
enum { EXPANSION_MAX = 1040 };

static rad_status unreadable(const char *path, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: %s", path, strerror(errno));
}

static rad_status read_all(int file, const char *path, rad_bytes *bytes, rad_error *error) {
    size_t at = 0;
    while (at < bytes->length) {
        const ssize_t got = read(file, bytes->data + at, bytes->length - at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, error);
        if (got == 0)
            return rad_fail(error, RAD_UNREADABLE, "%s: the file became shorter while it was read", path);
        at += (size_t)got;
    }
    return RAD_OK;
}

rad_status rad_bytes_read(const char *path, rad_bytes *bytes, rad_error *error) {
    *bytes = (rad_bytes){0};
    const int file = open(path, O_RDONLY);
    if (file < 0) return unreadable(path, error);
    struct stat about;
    rad_status status = RAD_OK;
    if (fstat(file, &about))
        status = unreadable(path, error);
    else if (!S_ISREG(about.st_mode))
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not a regular file", path);
    if (status == RAD_OK) {
        bytes->length = (size_t)about.st_size;
        bytes->data = rad_new_raw(bytes->length, 1, error);
        status = bytes->data ? read_all(file, path, bytes, error) : RAD_NO_MEMORY;
    }
    close(file);
    if (status != RAD_OK) rad_bytes_free(bytes);
    return status;
}

bool rad_bytes_gzipped(const rad_bytes *bytes) {
    return bytes->length > 2 && bytes->data[0] == 0x1f && bytes->data[1] == 0x8b;
}

rad_status rad_bytes_head(const char *path, const rad_bytes *bytes, unsigned char *head, size_t length,
                          size_t *got, rad_error *error) {
    if (!rad_bytes_gzipped(bytes)) {
        *got = bytes->length < length ? bytes->length : length;
        if (*got) memcpy(head, bytes->data, *got);
        return RAD_OK;
    }
    z_stream stream = {.next_in = bytes->data, .next_out = head, .avail_out = (uInt)length};
    stream.avail_in = bytes->length < 1U << 20 ? (uInt)bytes->length : 1U << 20;
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return rad_fail(error, RAD_NO_MEMORY, "%s: zlib cannot start", path);
    const int code = inflate(&stream, Z_SYNC_FLUSH);
    *got = length - stream.avail_out;
    inflateEnd(&stream);
    if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the gzip stream is damaged at its beginning", path);
}

static rad_status too_short(const char *path, size_t wanted, size_t there, rad_error *error) {
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: truncated or wrong header: the header asks for %zu bytes, the file can hold at most %zu", path,
        wanted, there);
}

/* Inflates members until `length` bytes are there; more content after them is not looked at. */
static rad_status inflate_members(const char *path, const rad_bytes *bytes, unsigned char *data,
                                  size_t length, rad_error *error) {
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (!inflater) return rad_fail(error, RAD_NO_MEMORY, "%s: out of memory", path);
    size_t in = 0, out = 0;
    enum libdeflate_result result = LIBDEFLATE_SUCCESS;
    while (result == LIBDEFLATE_SUCCESS && out < length && in < bytes->length) {
        size_t used = 0, made = 0;
        result = libdeflate_gzip_decompress_ex(inflater, bytes->data + in, bytes->length - in, data + out,
                                               length - out, &used, &made);
        in += used;
        out += made;
    }
    libdeflate_free_decompressor(inflater);
    if (result == LIBDEFLATE_SUCCESS && out == length) return RAD_OK;
    if (result == LIBDEFLATE_SUCCESS) return too_short(path, length, out, error);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
        return rad_fail(error, RAD_UNREADABLE, "%s: holds more than the %zu bytes that its header asks for",
                        path, length);
    return rad_fail(error, RAD_UNREADABLE, "%s: the gzip stream is damaged or truncated; copy the file again",
                    path);
}

rad_status rad_bytes_content(const char *path, const rad_bytes *bytes, size_t offset, size_t length,
                             unsigned char **data, rad_error *error) {
    const bool gzipped = rad_bytes_gzipped(bytes);
    size_t limit = bytes->length;
    *data = NULL;
    if (gzipped && !rad_multiply(bytes->length, EXPANSION_MAX, &limit)) limit = (size_t)-1;
    if (offset > limit || length > limit - offset) return too_short(path, length, limit, error);
    unsigned char *all = rad_new_raw(length + (gzipped ? offset : 0), 1, error);
    if (!all) return RAD_NO_MEMORY;
    if (!gzipped) {
        memcpy(all, bytes->data + offset, length);
    } else {
        rad_status status = inflate_members(path, bytes, all, offset + length, error);
        if (status != RAD_OK) {
            rad_free(all);
            return status;
        }
        memmove(all, all + offset, length);
    }
    *data = all;
    return RAD_OK;
}

void rad_bytes_free(rad_bytes *bytes) {
    rad_free(bytes->data);
    *bytes = (rad_bytes){0};
}

static int write_pieces(int file, const rad_bytes *pieces, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < pieces[i].length;) {
            const ssize_t put = write(file, pieces[i].data + at, pieces[i].length - at);
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return errno;
            at += (size_t)put;
        }
    return 0;
}

static rad_status unwritable(const char *path, int reason, rad_error *error) {
    return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be written: %s", path, strerror(reason));
}

rad_status rad_bytes_write(const char *path, const rad_bytes *pieces, size_t count, rad_error *error) {
    if (!path || !strcmp(path, "-")) {
        const int reason = fflush(stdout) ? errno : write_pieces(STDOUT_FILENO, pieces, count);
        return reason ? unwritable("standard output", reason, error) : RAD_OK;
    }
    const size_t room = strlen(path) + 32;
    char *temporary = rad_new(room, 1, error);
    if (!temporary) return RAD_NO_MEMORY;
    snprintf(temporary, room, "%s.%ld.tmp", path, (long)getpid());
    int reason = 0;
    const int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (file < 0)
        reason = errno;
    else {
        reason = write_pieces(file, pieces, count);
        if (!reason && fsync(file)) reason = errno;
        if (close(file) && !reason) reason = errno;
        if (!reason && rename(temporary, path)) reason = errno;
        if (reason) unlink(temporary);
    }
    rad_free(temporary);
    return reason ? unwritable(path, reason, error) : RAD_OK;
}
