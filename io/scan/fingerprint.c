#include "fingerprint.h"

#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../file.h"
#include "../walk.h"
#include "source.h"

#include <errno.h>
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
    size_t count, capacity;
} list;

void rad_fingerprint_pieces(const rad_piece_of *pieces, size_t count, rad_fingerprint *out) {
    rad_hash hash;
    rad_hash_begin(&hash, RAD_FINGERPRINT, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        const uint64_t length = pieces[i].length;
        rad_hash_add(&hash, &length, sizeof length);
        rad_hash_add(&hash, pieces[i].data, pieces[i].length);
    }
    rad_hash_end(&hash, out->bytes);
}

const char *rad_fingerprint_text(const rad_fingerprint *f, char text[2 * RAD_FINGERPRINT + 1]) {
    return rad_hash_text(f->bytes, RAD_FINGERPRINT, text);
}

static rad_status unreadable(const char *path, rad_error *error) {
    return rad_fail(error, rad_errno_status(RAD_UNREADABLE), "%s: cannot be read: %s", path, strerror(errno));
}

/* BLAKE2b takes 1.2 ms a MB, which is much beside inflating it; Poly1305 takes 0.3. Under a fixed key it
 * tells files apart that differ by accident, wherever they do: in any member of a gzip, or behind it. */
typedef struct hashing {
    bool quick;
    rad_hash slow;
    crypto_onetimeauth_state fast;
} hashing;

static void begin_hash(hashing *h, bool quick, size_t size) {
    static const unsigned char key[crypto_onetimeauth_KEYBYTES] = "what a gzipped file is known by";
    h->quick = quick;
    rad_hash_begin(&h->slow, RAD_FINGERPRINT, NULL, 0);
    rad_hash_add(&h->slow, &size, sizeof size);
    crypto_onetimeauth_init(&h->fast, key);
}

static void add_bytes(hashing *h, const unsigned char *bytes, size_t length) {
    if (h->quick)
        crypto_onetimeauth_update(&h->fast, bytes, length);
    else
        rad_hash_add(&h->slow, bytes, length);
}

static void end_hash(hashing *h, rad_fingerprint *out) {
    unsigned char tag[crypto_onetimeauth_BYTES];
    crypto_onetimeauth_final(&h->fast, tag);
    if (h->quick) rad_hash_add(&h->slow, tag, sizeof tag);
    rad_hash_end(&h->slow, out->bytes);
}

static rad_status hash_file(const char *path, rad_fingerprint *out, rad_error *error) {
    unsigned char bytes[CHUNK];
    rad_moment moment;
    hashing h;
    int file;
    size_t at = 0;
    rad_status status = rad_file_open(path, &file, &moment, error);
    if (status != RAD_OK) return status;
    const size_t size = moment.size;
    while (at < size) {
        const ssize_t got = pread(file, bytes, CHUNK, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) status = unreadable(path, error);
        if (got <= 0) break; /* became shorter: whoever reads it next says so */
        if (!at) begin_hash(&h, size > CHUNK && got > 1 && bytes[0] == 0x1F && bytes[1] == 0x8B, size);
        add_bytes(&h, bytes, (size_t)got);
        at += (size_t)got;
    }
    if (!at) begin_hash(&h, false, size);
    end_hash(&h, out);
    close(file);
    return status;
}

/* Not the number of the device, which each node of a cluster gives to a shared folder as it likes. */
static void stamp_file(const struct stat *about, rad_fingerprint *out) {
    const int64_t values[6] = {(int64_t)about->st_size,         (int64_t)about->st_mtim.tv_sec,
                               (int64_t)about->st_mtim.tv_nsec, (int64_t)about->st_ctim.tv_sec,
                               (int64_t)about->st_ctim.tv_nsec, (int64_t)about->st_ino};
    rad_fingerprint_pieces(&(rad_piece_of){values, sizeof values}, 1, out);
}

static int by_bytes(const void *a, const void *b) {
    return memcmp(a, b, RAD_FINGERPRINT);
}

/* What becomes of the files below a folder. */
typedef struct gathering {
    list *list;
    size_t *size;
    bool stamps;
} gathering;

static rad_status gather_file(const char *path, const struct stat *about, void *context, rad_error *error) {
    const gathering *g = context;
    list *l = g->list;
    rad_status status = rad_grow(&l->of, l->count, &l->capacity, sizeof *l->of, error);
    if (status != RAD_OK) return status;
    *g->size += (size_t)about->st_size;
    if (g->stamps)
        stamp_file(about, &l->of[l->count]);
    else
        status = hash_file(path, &l->of[l->count], error);
    l->count++;
    return status;
}

/* Every file below a folder, by its stamp or by its content. */
static rad_status gather(const char *path, bool stamps, list *l, size_t *size, rad_error *error) {
    gathering g = {l, size, stamps};
    return rad_walk(path, gather_file, &g, error);
}

/* Another file of the path, where it is there. A header may name anything: a folder is not gone through. */
static rad_status gather_part(const char *path, void *context, rad_error *error) {
    gathering *g = context;
    struct stat about;
    if (access(path, R_OK) || stat(path, &about) || !S_ISREG(about.st_mode)) return RAD_OK;
    return gather_file(path, &about, g, error);
}

static rad_status compute(const char *path, bool stamps, rad_fingerprint *out, size_t *size,
                          rad_error *error) {
    list l = {.of = NULL};
    *size = 0;
    if (sodium_init() < 0)
        return rad_fail(error, RAD_UNREADABLE, "no source of random numbers"); /* picks code */
    rad_status status = gather(path, stamps, &l, size, error);
    if (status == RAD_OK) status = rad_source_parts(path, gather_part, &(gathering){&l, size, stamps}, error);
    if (status == RAD_OK && l.count > 1) qsort(l.of, l.count, sizeof *l.of, by_bytes);
    if (status == RAD_OK) rad_fingerprint_pieces(&(rad_piece_of){l.of, l.count * sizeof *l.of}, 1, out);
    rad_free(l.of);
    return status;
}

rad_status rad_fingerprint_stamp(const char *path, rad_fingerprint *stamp, size_t *size, rad_error *error) {
    return compute(path, true, stamp, size, error);
}

rad_status rad_fingerprint_content(const char *path, rad_fingerprint *content, rad_error *error) {
    size_t size;
    return compute(path, false, content, &size, error);
}
