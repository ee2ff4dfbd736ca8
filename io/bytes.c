#include "bytes.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER = 4096 };

static rad_status unreadable(const char *path, rad_error *error) {
    return rad_fail(error, rad_errno_status(RAD_UNREADABLE), "%s: cannot be read: %s", path, strerror(errno));
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
    rad_moment moment;
    int file;
    *bytes = (rad_bytes){0};
    rad_status status = rad_file_open(path, &file, &moment, error);
    if (status != RAD_OK) return status;
    bytes->length = moment.size;
    bytes->data = rad_new_raw(bytes->length, 1, error);
    status = bytes->data ? read_all(file, path, bytes, error) : RAD_NO_MEMORY;
    close(file);
    if (status != RAD_OK) rad_bytes_free(bytes);
    return status;
}

static rad_status unwritable(const char *path, int reason, rad_error *error) {
    if (reason == EEXIST)
        return rad_fail(error, RAD_UNWRITABLE, "%s: exists already and is never overwritten", path);
    return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be written: %s", path, strerror(reason));
}

static void folder_of(const char *path, char folder[FOLDER]) {
    const char *slash = strrchr(path, '/');
    snprintf(folder, FOLDER, ".");
    if (slash) snprintf(folder, FOLDER, "%.*s", (int)(slash - path + 1), path);
}

/* A file without a name in the folder of the path, so that nothing stays behind when the process is killed;
 * where the file system has no such files, one with the temporary name. */
static int open_temporary(const char *path, const char *temporary, mode_t mode, bool *named) {
    char folder[FOLDER];
    folder_of(path, folder);
    int file = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
    *named = file < 0;
    if (file < 0) file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return file;
}

static int name_file(int file, const char *temporary) {
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", file);
    return linkat(AT_FDCWD, self, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW);
}

int rad_bytes_sync_folder(const char *path) {
    char name[FOLDER];
    folder_of(path, name);
    const int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int reason = folder >= 0 && !fsync(folder) ? 0 : errno;
    const bool unable = folder < 0 || reason == EINVAL || reason == ENOTSUP;
    if (folder >= 0) close(folder);
    if (unable) sync(); /* a folder that may not be read, or a file system that syncs none */
    return unable ? 0 : reason;
}

/* The last name: in place of an old file, or only where there is none. */
static int rename_to(const char *temporary, const char *path, bool fresh) {
    if (!fresh) return rename(temporary, path) ? errno : 0;
    if (!renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE)) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    return link(temporary, path) ? errno : unlink(temporary) ? errno : 0; /* NFS */
}

static bool has_mode(int file, unsigned mode) {
    struct stat made;
    return !fstat(file, &made) && (made.st_mode & 07777) == mode;
}

/* Gives the finished file its place. 0, or the errno of what failed. */
static int settle(int file, const char *path, const char *temporary, const rad_place *place, bool named,
                  int reason) {
    if (!reason && place->mode && !has_mode(file, place->mode) && fchmod(file, place->mode)) reason = errno;
    if (!reason && !place->loose && fsync(file)) reason = errno;
    /* signals wait for the moment between the temporary name and the last one */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (!reason && !named) {
        if (name_file(file, temporary)) reason = errno;
        named = !reason;
    }
    if (!reason) reason = rename_to(temporary, path, place->fresh);
    if (reason && named) unlink(temporary);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return reason || place->loose ? reason : rad_bytes_sync_folder(path);
}

/* What a file in place of an old one keeps of it: the links that lead to it, its mode, and that it may not be
 * written. 0, or an errno. */
static int keep_of_old(const char **path, char real[PATH_MAX], rad_place *place) {
    struct stat link, old;
    if (place->fresh || lstat(*path, &link)) return 0;
    if (stat(*path, &old) || access(*path, W_OK)) return errno;
    place->mode = old.st_mode & 0777;
    if (S_ISLNK(link.st_mode)) *path = realpath(*path, real);
    return *path ? 0 : errno;
}

/* 0, or an errno; ECANCELED: body says why. */
static int fill_file(const char *path, const char *temporary, const rad_place *place, rad_put_body *body,
                     void *context, rad_status *status, rad_error *error) {
    bool named = false;
    int reason = 0;
    const int file = open_temporary(path, temporary, place->mode ? place->mode : 0666, &named);
    if (file < 0) return errno;
    *status = rad_sink_fill(file, body, context, &reason, error);
    /* a stream that failed is why body failed, if it did */
    if (!reason && *status != RAD_OK) reason = ECANCELED;
    reason = settle(file, path, temporary, place, named, reason);
    return close(file) && !reason ? errno : reason;
}

static rad_status stream_file(const char *given, const rad_place *as, rad_put_body *body, void *context,
                              rad_error *error) {
    char real[PATH_MAX];
    const char *path = given;
    rad_place place = *as;
    rad_status status = RAD_OK;
    int reason = keep_of_old(&path, real, &place);
    if (reason) return unwritable(given, reason, error);
    const size_t size = strlen(path) + 32;
    char *temporary = rad_new(size, 1, error);
    if (!temporary) return RAD_NO_MEMORY;
    snprintf(temporary, size, "%s.%ld.tmp", path, (long)getpid());
    reason = fill_file(path, temporary, &place, body, context, &status, error);
    rad_free(temporary);
    return !reason ? RAD_OK : reason == ECANCELED ? status : unwritable(given, reason, error);
}

/* The descriptor that a path is another name of; -1: none. */
static int descriptor_of(const char *path) {
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    int number = -1, end = 0;
    if (!path || !strcmp(path, "-") || !strcmp(path, "/dev/stdout")) return STDOUT_FILENO;
    if (!strcmp(path, "/dev/stderr")) return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const char *rest = path + strlen(folders[i]);
        if (strncmp(path, folders[i], strlen(folders[i])) != 0) continue;
        return sscanf(rest, "%9d%n", &number, &end) == 1 && !rest[end] ? number : -1;
    }
    return -1;
}

bool rad_bytes_flow(const char *path) {
    struct stat there;
    return descriptor_of(path) >= 0 ||
           (!stat(path, &there) && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode));
}

/* Pieces of memory, one after the other. */
typedef struct pieces_of {
    const rad_bytes *pieces;
    size_t count;
    bool shown; /* on a terminal, which would obey what names hold */
} pieces_of;

static rad_status put_pieces(FILE *out, void *context, rad_error *error) {
    const pieces_of *p = context;
    (void)error;
    for (size_t i = 0; i < p->count; i++) { /* a piece without bytes may be NULL */
        const rad_bytes *piece = &p->pieces[i];
        if (p->shown) rad_printable_lines(out, (const char *)piece->data, piece->length);
        if (!p->shown && piece->length) fwrite(piece->data, 1, piece->length, out);
    }
    return RAD_OK;
}

static rad_status write_out(const char *path, const rad_bytes *pieces, size_t count, rad_error *error) {
    const int known = descriptor_of(path);
    const int file = known >= 0 ? known : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    pieces_of all = {pieces, count, file >= 0 && isatty(file)};
    int reason = file < 0 || (file == STDOUT_FILENO && fflush(stdout)) ? errno : 0;
    rad_status status = reason ? RAD_OK : rad_sink_fill(file, put_pieces, &all, &reason, error);
    if (file >= 0 && file != known && close(file) && !reason) reason = errno;
    return reason ? unwritable(file == STDOUT_FILENO ? "standard output" : path, reason, error) : status;
}

rad_status rad_bytes_stream(const char *path, rad_put_body *body, void *context, rad_error *error) {
    rad_bytes all;
    const rad_place anywhere = {0};
    if (!rad_bytes_flow(path)) return stream_file(path, &anywhere, body, context, error);
    rad_status status = rad_sink_collect(body, context, &all, error);
    if (status == RAD_OK) status = write_out(path, &all, 1, error);
    rad_bytes_free(&all);
    return status;
}

rad_status rad_bytes_place(const char *path, const rad_bytes *pieces, size_t count, const rad_place *place,
                           rad_error *error) {
    pieces_of all = {pieces, count, false};
    return !place->mode && !place->fresh && rad_bytes_flow(path)
               ? write_out(path, pieces, count, error)
               : stream_file(path, place, put_pieces, &all, error);
}

rad_status rad_bytes_write(const char *path, const rad_bytes *pieces, size_t count, rad_error *error) {
    const rad_place anywhere = {0};
    return rad_bytes_place(path, pieces, count, &anywhere, error);
}
