#include "signer.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../io/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH = 64, HEX = 2 * RAD_KEY_BYTES, LINE = 512, FILE_MAX = 1 << 20 };
static const char secret_word[] = "radiomill-secret-key";

bool rad_signer_is_name(const char *name) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return *name && *name != '.' && *name != '-' && strlen(name) < RAD_SITE && !name[strspn(name, allowed)];
}

static rad_status write_new(const char *path, const char *text, mode_t mode, rad_error *error) {
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0)
        return rad_fail(error, RAD_UNWRITABLE, "%s: %s", path,
                        errno == EEXIST ? "exists already; keys are never overwritten" : strerror(errno));
    /* what is secret is so under any umask */
    const bool fine = (mode & 077 || !fchmod(file, mode)) &&
                      write(file, text, strlen(text)) == (ssize_t)strlen(text) && !fsync(file) &&
                      !rad_bytes_sync_folder(path);
    if (close(file) || !fine) {
        unlink(path);
        return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be written: the device is full", path);
    }
    return RAD_OK;
}

rad_status rad_signer_make(const char *name, const char *folder, rad_error *error) {
    rad_signer me;
    char path[4096], text[LINE], hex[HEX + 1];
    if (!rad_signer_is_name(name))
        return rad_fail(error, RAD_USAGE,
                        "%.80s: a name of letters, digits, dot, - and _ is expected, at most %d", name,
                        RAD_SITE - 1);
    if (sodium_init() < 0) return rad_fail(error, RAD_UNREADABLE, "no source of random numbers");
    crypto_sign_keypair(me.public_key, me.secret_key);
    snprintf(path, sizeof path, "%s/%s.key", folder, name);
    snprintf(text, sizeof text, "%s %s %s\n", secret_word,
             name, /* the seed; the public key follows from it */
             rad_hash_text(me.secret_key, RAD_KEY_BYTES, hex));
    rad_status status = write_new(path, text, 0600, error);
    sodium_memzero(text, sizeof text);
    sodium_memzero(hex, sizeof hex);
    if (status == RAD_OK) {
        snprintf(path, sizeof path, "%s/%s.pub", folder, name);
        snprintf(text, sizeof text, "%s %s\n", name, rad_hash_text(me.public_key, RAD_KEY_BYTES, hex));
        status = write_new(path, text, 0644, error);
        snprintf(path, sizeof path, "%s/%s.key", folder, name);
        if (status != RAD_OK) unlink(path);
    }
    sodium_memzero(&me, sizeof me);
    return status;
}

static bool read_hex(const char *text, unsigned char key[RAD_KEY_BYTES]) {
    size_t length = 0;
    return strlen(text) == HEX && !sodium_hex2bin(key, RAD_KEY_BYTES, text, HEX, NULL, &length, NULL) &&
           length == RAD_KEY_BYTES;
}

/* The file as text; keys are small. */
static rad_status read_text(const char *path, char **text, rad_error *error) {
    rad_bytes bytes;
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status != RAD_OK) return status;
    *text = bytes.length < FILE_MAX ? rad_new_raw(bytes.length + 1, 1, error) : NULL;
    if (bytes.length >= FILE_MAX)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is too large for a key file", path);
    else if (!*text)
        status = RAD_NO_MEMORY;
    else
        memcpy(*text, bytes.data, bytes.length);
    if (*text) (*text)[bytes.length] = '\0';
    if (bytes.length) sodium_memzero(bytes.data, bytes.length);
    rad_bytes_free(&bytes);
    return status;
}

/* What others could read is no secret any more. */
static rad_status check_secret(const char *path, rad_error *error) {
    struct stat about = {0};
    if (!stat(path, &about) && !(about.st_mode & (S_IRWXG | S_IRWXO))) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: others may read this secret key (mode %04o); if nobody has, chmod 600 %s, else make new keys",
        path, (unsigned)about.st_mode & 07777, path);
}

rad_status rad_signer_read(const char *path, rad_signer *me, rad_error *error) {
    char *text = NULL, *rest = NULL;
    unsigned char seed[RAD_KEY_BYTES];
    *me = (rad_signer){.name = ""};
    (void)sodium_mlock(me, sizeof *me); /* not into swap nor core files, where the system lets us */
    rad_status status = read_text(path, &text, error);
    if (status != RAD_OK || !text) return status;
    const size_t length = strlen(text);
    const char *word = strtok_r(text, " \r\n", &rest), *name = word ? strtok_r(NULL, " \r\n", &rest) : NULL;
    const char *hex = name ? strtok_r(NULL, " \r\n", &rest) : NULL;
    if (!hex || strcmp(word, secret_word) != 0 || !rad_signer_is_name(name) || !read_hex(hex, seed))
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not a secret key; `radiomill keygen NAME` makes one",
                          path);
    if (status == RAD_OK) status = check_secret(path, error);
    if (status == RAD_OK) {
        snprintf(me->name, sizeof me->name, "%s", name);
        crypto_sign_seed_keypair(me->public_key, me->secret_key, seed);
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, length);
    rad_free(text);
    return status;
}

void rad_signer_wipe(rad_signer *me) {
    sodium_memzero(me, sizeof *me);
}

static rad_status add_trusted(rad_trusted *t, const char *name, const char *hex, rad_error *error) {
    rad_status status = rad_grow(&t->name, t->count, &t->name_capacity, sizeof *t->name, error);
    if (status == RAD_OK) status = rad_grow(&t->key, t->count, &t->key_capacity, sizeof *t->key, error);
    if (status != RAD_OK) return status;
    snprintf(t->name[t->count], RAD_SITE, "%s", name);
    if (!read_hex(hex, t->key[t->count])) return RAD_UNREADABLE;
    for (size_t i = 0; i < t->count; i++)
        if (!strcmp(t->name[i], name)) return RAD_UNREADABLE;
    t->count++;
    return RAD_OK;
}

rad_status rad_trusted_read(const char *path, rad_trusted *t, rad_error *error) {
    char *text;
    size_t number = 0;
    *t = (rad_trusted){.count = 0};
    rad_status status = read_text(path, &text, error);
    if (status != RAD_OK) return status;
    for (char *line = text, *end; status == RAD_OK && line && *line; line = end) {
        char *words = NULL;
        end = strchr(line, '\n');
        if (end) *end++ = '\0';
        number++;
        line[strcspn(line, "#")] = '\0';
        const char *name = strtok_r(line, " \t\r", &words),
                   *hex = name ? strtok_r(NULL, " \t\r", &words) : NULL;
        if (!name) continue;
        if (!hex || strtok_r(NULL, " \t\r", &words) || !rad_signer_is_name(name))
            status = RAD_UNREADABLE;
        else
            status = add_trusted(t, name, hex, error);
        if (status == RAD_UNREADABLE)
            rad_fail(
                error, status,
                "%s:%zu: a name, once, and its public key are expected, as `radiomill keygen` writes them",
                path, number);
    }
    rad_free(text);
    if (status == RAD_OK && !t->count) status = rad_fail(error, RAD_UNREADABLE, "%s: contains no key", path);
    if (status != RAD_OK) rad_trusted_free(t);
    return status;
}

rad_status rad_trusted_read_one(const char *path, rad_trusted *t, rad_error *error) {
    rad_status status = rad_trusted_read(path, t, error);
    unsigned char curve[crypto_scalarmult_curve25519_BYTES];
    if (status != RAD_OK) return status;
    if (t->count > 1)
        status = rad_fail(error, RAD_UNREADABLE, "%s: contains %zu keys; that of one coordinator is expected",
                          path, t->count);
    else if (crypto_sign_ed25519_pk_to_curve25519(curve, t->key[0]))
        status =
            rad_fail(error, RAD_UNREADABLE, "%s: its digits are not a public key; ask for it again", path);
    if (status == RAD_OK) return RAD_OK;
    rad_trusted_free(t);
    return status;
}

void rad_trusted_free(rad_trusted *t) {
    rad_free(t->name);
    rad_free(t->key);
    *t = (rad_trusted){.count = 0};
}

/* The purpose is part of what is signed, so that no signature serves another. */
static void digest(const char *purpose, const void *bytes, size_t length, unsigned char hash[HASH]) {
    rad_hash state;
    rad_hash_begin(&state, HASH, NULL, 0);
    rad_hash_add(&state, "radiomill ", 10);
    rad_hash_add(&state, purpose, strlen(purpose) + 1);
    rad_hash_add(&state, bytes, length);
    rad_hash_end(&state, hash);
}

void rad_signer_sign(const rad_signer *me, const char *purpose, const void *bytes, size_t length,
                     unsigned char signature[RAD_SIGNATURE]) {
    unsigned char hash[HASH];
    digest(purpose, bytes, length, hash);
    crypto_sign_detached(signature, NULL, hash, sizeof hash, me->secret_key);
}

bool rad_signer_holds(const unsigned char key[RAD_KEY_BYTES], const char *purpose, const void *bytes,
                      size_t length, const unsigned char signature[RAD_SIGNATURE]) {
    unsigned char hash[HASH];
    digest(purpose, bytes, length, hash);
    return !crypto_sign_verify_detached(signature, hash, sizeof hash, key);
}

void rad_signer_derive(const rad_signer *me, const char *purpose, unsigned char secret[RAD_DERIVED]) {
    rad_hash hash;
    rad_hash_begin(&hash, RAD_DERIVED, me->secret_key, RAD_KEY_BYTES);
    rad_hash_add(&hash, purpose, strlen(purpose));
    rad_hash_end(&hash, secret);
    sodium_memzero(&hash, sizeof hash);
}
