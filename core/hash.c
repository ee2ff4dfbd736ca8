#include "hash.h"

#include <sodium.h>

void rad_hash_begin(rad_hash *hash, size_t length, const void *key, size_t key_length) {
    hash->length = length;
    crypto_generichash_init(&hash->state, key, key_length, length);
}

void rad_hash_add(rad_hash *hash, const void *bytes, size_t length) {
    if (length) crypto_generichash_update(&hash->state, bytes, length);
}

void rad_hash_end(rad_hash *hash, void *digest) {
    crypto_generichash_final(&hash->state, digest, hash->length);
}

char *rad_hash_text(const void *digest, size_t length, char *text) {
    return sodium_bin2hex(text, 2 * length + 1, digest, length);
}

void rad_hash_digest(const void *bytes, size_t length, char text[RAD_DIGEST_TEXT]) {
    unsigned char digest[RAD_DIGEST_TEXT / 2];
    rad_hash hash;
    rad_hash_begin(&hash, sizeof digest, NULL, 0);
    rad_hash_add(&hash, bytes, length);
    rad_hash_end(&hash, digest);
    rad_hash_text(digest, sizeof digest, text);
}
