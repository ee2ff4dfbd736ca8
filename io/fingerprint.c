#include "fingerprint.h"

#include "../core/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

/* Fingerprints of the files of a folder. */
typedef struct list {
    rad_fingerprint *of;
    size_t count, room;
} list;

void rad_fingerprint_pieces(const rad_piece_of *pieces, size_t count, rad_fingerprint *out) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, RAD_FINGERPRINT);
    for (size_t i = 0; i < count; i++) {
        const uint64_t length = pieces[i].length;
        crypto_generichash_update(&state, (const unsigned char *)&length, sizeof length);
        if (length) crypto_generichash_update(&state, pieces[i].data, pieces[i].length);
    }
    crypto_generichash_final(&state, out->bytes, RAD_FINGERPRINT);
}

const char *rad_fingerprint_text(const rad_fingerprint *f, char text[2 * RAD_FINGERPRINT + 1]) {
    return sodium_bin2hex(text, 2 * RAD_FINGERPRINT + 1, f->bytes, RAD_FINGERPRINT);
}

static rad_status unreadable(const char *path, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: %s", path, strerror(errno));
}

/* Bytes from `at` on, into the hash; stops at `end`. */
static rad_status add_bytes(int file, const char *path, crypto_generichash_state *state, size_t at,
                            size_t end, rad_error *error) {
    unsigned char bytes[CHUNK];
    while (at < end) {
        const size_t wanted = end - at < CHUNK ? end - at : CHUNK;
        const ssize_t got = pread(file, bytes, wanted, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, error);
        if (!got) break; /* became shorter: whoever reads it next says so */
        crypto_generichash_update(state, bytes, (size_t)got);
        at += (size_t)got;
    }
    return RAD_OK;
}

static rad_status hash_file(const char *path, rad_fingerprint *out, rad_error *error) {
    struct stat about;
    unsigned char magic[2] = {0};
    crypto_generichash_state state;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return unreadable(path, error);
    rad_status status = fstat(file, &about) ? unreadable(path, error) : RAD_OK;
    const size_t size = status == RAD_OK ? (size_t)about.st_size : 0;
    const bool gzip =
        size > 2 * CHUNK && pread(file, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    crypto_generichash_init(&state, NULL, 0, RAD_FINGERPRINT);
    crypto_generichash_update(&state, (const unsigned char *)&size, sizeof size);
    if (status == RAD_OK) status = add_bytes(file, path, &state, 0, gzip ? CHUNK : size, error);
    if (status == RAD_OK && gzip) status = add_bytes(file, path, &state, size - CHUNK, size, error);
    crypto_generichash_final(&state, out->bytes, RAD_FINGERPRINT);
    close(file);
    return status;
}

static void stamp_file(const struct stat *about, rad_fingerprint *out) {
    const int64_t values[4] = {(int64_t)about->st_size, (int64_t)about->st_mtim.tv_sec,
                               (int64_t)about->st_mtim.tv_nsec, (int64_t)about->st_ino};
    rad_fingerprint_pieces(&(rad_piece_of){values, sizeof values}, 1, out);
}

static int by_bytes(const void *a, const void *b) {
    return memcmp(a, b, RAD_FINGERPRINT);
}

/* Every file below a folder, by its stamp or by its content. */
static rad_status walk(const char *path, bool stamps, list *l, size_t *size, rad_error *error) {
    char *roots[] = {rad_text_copy(path, error), NULL};
    if (!roots[0]) return RAD_NO_MEMORY;
    FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    rad_status status = tree ? RAD_OK : unreadable(path, error);
    for (FTSENT *e; status == RAD_OK && (e = fts_read(tree));) {
        if (e->fts_info == FTS_ERR || e->fts_info == FTS_DNR || e->fts_info == FTS_NS) {
            errno = e->fts_errno;
            status = unreadable(e->fts_path, error);
        }
        if (e->fts_info != FTS_F || status != RAD_OK) continue;
        status = rad_grow(&l->of, l->count, &l->room, sizeof *l->of, error);
        if (status != RAD_OK) break;
        *size += (size_t)e->fts_statp->st_size;
        if (stamps)
            stamp_file(e->fts_statp, &l->of[l->count]);
        else
            status = hash_file(e->fts_path, &l->of[l->count], error);
        l->count++;
    }
    if (tree) fts_close(tree);
    rad_free(roots[0]);
    return status;
}

/* The other file of image.hdr[.gz] and image.img[.gz]; NULL where the path is neither. */
static char *partner_of(const char *path, rad_error *error) {
    const size_t length = strlen(path), tail = length > 3 && !strcmp(path + length - 3, ".gz") ? 3 : 0;
    if (length < tail + 5) return NULL;
    const char *end = path + length - tail - 4;
    const bool header = !memcmp(end, ".hdr", 4);
    if (!header && memcmp(end, ".img", 4) != 0) return NULL;
    char *other = rad_text_copy(path, error);
    for (int i = 0; other && i < 4; i++) other[end - path + i] = (header ? ".img" : ".hdr")[i];
    return other;
}

static rad_status take(const char *path, bool stamps, rad_fingerprint *out, size_t *size, rad_error *error) {
    list l = {.of = NULL};
    *size = 0;
    rad_status status = walk(path, stamps, &l, size, error);
    char *other = status == RAD_OK ? partner_of(path, error) : NULL;
    if (other && !access(other, R_OK)) status = walk(other, stamps, &l, size, error);
    if (status == RAD_OK && l.count > 1) qsort(l.of, l.count, sizeof *l.of, by_bytes);
    if (status == RAD_OK) rad_fingerprint_pieces(&(rad_piece_of){l.of, l.count * sizeof *l.of}, 1, out);
    rad_free(l.of);
    rad_free(other);
    return status;
}

rad_status rad_fingerprint_stamp(const char *path, rad_fingerprint *stamp, size_t *size, rad_error *error) {
    return take(path, true, stamp, size, error);
}

rad_status rad_fingerprint_content(const char *path, rad_fingerprint *content, rad_error *error) {
    size_t size;
    return take(path, false, content, &size, error);
}
