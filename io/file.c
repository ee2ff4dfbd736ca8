#include "file.h"

#include "../core/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_of(mode_t mode) {
    return S_ISFIFO(mode)   ? "a pipe; save its output as a file"
           : S_ISDIR(mode)  ? "a folder"
           : S_ISSOCK(mode) ? "a socket"
                            : "a device";
}

static rad_moment moment_of(const struct stat *about) {
    return (rad_moment){(size_t)about->st_size, (int64_t)about->st_mtim.tv_sec,
                        (int64_t)about->st_mtim.tv_nsec};
}

/* O_NONBLOCK: opening a pipe would wait for its writer; reading a regular file is not changed by it. */
rad_status rad_file_open(const char *path, int *file, rad_moment *moment, rad_error *error) {
    struct stat about;
    *moment = (rad_moment){0};
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    rad_status status = RAD_OK;
    if (*file < 0 && errno == ENXIO) /* what opening a socket says */
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not a regular file but a socket or a device", path);
    else if (*file < 0 || fstat(*file, &about))
        status = rad_fail(error, rad_errno_status(RAD_UNREADABLE), "%s: cannot be read: %s", path,
                          strerror(errno));
    else if (!S_ISREG(about.st_mode))
        status =
            rad_fail(error, RAD_UNREADABLE, "%s: is not a regular file but %s", path, kind_of(about.st_mode));
    else
        *moment = moment_of(&about);
    if (status != RAD_OK && *file >= 0) {
        close(*file);
        *file = -1;
    }
    return status;
}

/* What the C library allocates does not go further than here. */
char *rad_file_path(const char *path, rad_error *error) {
    char *whole = realpath(path, NULL);
    if (!whole) {
        rad_fail(error, rad_errno_status(RAD_UNREADABLE), "%s: cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    char *copy = rad_text_copy(whole, error);
    free(whole);
    return copy;
}

char *rad_file_path_or_name(const char *path, rad_error *error) {
    rad_error why = {0};
    char *whole = rad_file_path(path, &why);
    if (whole || why.status != RAD_NO_MEMORY) return whole ? whole : rad_text_copy(path, error);
    if (error) *error = why;
    return NULL;
}

rad_status rad_file_read(const char *path, int file, void *to, size_t length, size_t at, rad_error *error) {
    for (size_t done = 0; done < length;) {
        const ssize_t got = pread(file, (char *)to + done, length - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: %s", path, strerror(errno));
        if (!got)
            return rad_fail(error, RAD_UNREADABLE, "%s: the file became shorter while it was read", path);
        done += (size_t)got;
    }
    return RAD_OK;
}

rad_status rad_file_check(const char *path, int file, const rad_moment *moment, rad_error *error) {
    struct stat about;
    rad_moment now = {0};
    if (!fstat(file, &about)) now = moment_of(&about);
    if (!memcmp(&now, moment, sizeof now)) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the file %s while it was read", path,
                    now.size < moment->size ? "became shorter" : "was changed");
}

bool rad_file_is_one(const char *a, const char *b) {
    struct stat x, y;
    return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool rad_file_same(const char *a, const char *b) {
    enum { PIECE = 1 << 14 };
    const char *const path[2] = {a, b};
    int file[2] = {-1, -1};
    rad_moment moment[2];
    unsigned char bytes[2][PIECE];
    bool same = true;
    for (int i = 0; i < 2 && same; i++) same = rad_file_open(path[i], &file[i], &moment[i], NULL) == RAD_OK;
    same = same && moment[0].size == moment[1].size;
    for (size_t at = 0, piece; same && at < moment[0].size; at += piece) {
        piece = moment[0].size - at < PIECE ? moment[0].size - at : PIECE;
        for (int i = 0; i < 2 && same; i++)
            same = rad_file_read(path[i], file[i], bytes[i], piece, at, NULL) == RAD_OK;
        same = same && !memcmp(bytes[0], bytes[1], piece);
    }
    for (int i = 0; i < 2; i++)
        if (file[i] >= 0) close(file[i]);
    return same;
}
