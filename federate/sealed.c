#include "sealed.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../io/bytes.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define HEAD "radiomill sealed 1 %s\n"
static const char mark[] = "radiomill sealed ";

static void write_head(const unsigned char key[RAD_KEY_BYTES], char head[RAD_SEALED_HEAD + 1]) {
    char text[2 * RAD_KEY_BYTES + 1];
    snprintf(head, RAD_SEALED_HEAD + 1, HEAD, rad_hash_text(key, RAD_KEY_BYTES, text));
}

rad_status rad_sealed_make(const rad_bytes *plain, const unsigned char key[RAD_KEY_BYTES], rad_bytes *sealed,
                           rad_error *error) {
    unsigned char to[crypto_box_PUBLICKEYBYTES];
    char head[RAD_SEALED_HEAD + 1];
    *sealed = (rad_bytes){0};
    if (sodium_init() < 0) return rad_fail(error, RAD_NO_RESULT, "no source of random numbers");
    if (crypto_sign_ed25519_pk_to_curve25519(to, key))
        return rad_fail(error, RAD_UNTRUSTED, "the key of the coordinator is not one; ask for it again");
    const size_t length = RAD_SEALED_HEAD + crypto_box_SEALBYTES + plain->length;
    sealed->data = rad_new_raw(length, 1, error);
    if (!sealed->data) return RAD_NO_MEMORY;
    sealed->length = length;
    write_head(key, head);
    memcpy(sealed->data, head, RAD_SEALED_HEAD);
    if (!crypto_box_seal(sealed->data + RAD_SEALED_HEAD, plain->data, plain->length, to)) return RAD_OK;
    rad_bytes_free(sealed);
    return rad_fail(error, RAD_UNTRUSTED, "the key of the coordinator is not one; ask for it again");
}

bool rad_sealed_is(const void *bytes, size_t length) {
    return length >= sizeof mark - 1 && !memcmp(bytes, mark, sizeof mark - 1);
}

/* Of a file with that head, to that reader. */
static rad_status open_box(const char *name, const rad_bytes *sealed, const rad_signer *reader,
                           rad_bytes *plain, rad_error *error) {
    unsigned char key[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
    const size_t length = sealed->length - RAD_SEALED_HEAD - crypto_box_SEALBYTES;
    plain->data = rad_new_raw(length ? length : 1, 1, error);
    if (!plain->data) return RAD_NO_MEMORY;
    plain->length = length;
    const bool fine = !crypto_sign_ed25519_pk_to_curve25519(key, reader->public_key) &&
                      !crypto_sign_ed25519_sk_to_curve25519(secret, reader->secret_key) &&
                      !crypto_box_seal_open(plain->data, sealed->data + RAD_SEALED_HEAD,
                                            sealed->length - RAD_SEALED_HEAD, key, secret);
    sodium_memzero(secret, sizeof secret);
    if (fine) return RAD_OK;
    rad_bytes_free(plain);
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: cannot be opened: it was changed after it was sealed; ask the site to send it again",
                    name);
}

rad_status rad_sealed_open(const char *name, const rad_bytes *sealed, const rad_signer *reader,
                           rad_bytes *plain, rad_error *error) {
    char head[RAD_SEALED_HEAD + 1], mine[17];
    *plain = (rad_bytes){0};
    if (!reader)
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: is sealed to a coordinator; give the secret key of the coordinator by --key",
                        name);
    write_head(reader->public_key, head);
    if (sealed->length < RAD_SEALED_HEAD + crypto_box_SEALBYTES ||
        memcmp(sealed->data, head, RAD_SEALED_HEAD) != 0)
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: is sealed to another key than that of %s (%s...), or cut; ask the site for the "
                        "file, sealed to this key",
                        name, reader->name, rad_hash_text(reader->public_key, 8, mine));
    return open_box(name, sealed, reader, plain, error);
}

rad_status rad_sealed_read(const char *path, const rad_signer *reader, rad_bytes *plain, bool *sealed,
                           rad_error *error) {
    rad_bytes file = {0};
    rad_status status = rad_bytes_read(path, &file, error);
    if (sealed) *sealed = status == RAD_OK && rad_sealed_is(file.data, file.length);
    if (status != RAD_OK || !rad_sealed_is(file.data, file.length)) {
        *plain = file;
        return status;
    }
    status = rad_sealed_open(path, &file, reader, plain, error);
    rad_bytes_free(&file);
    return status;
}
