/* BLAKE2b, by libsodium, step by step or at once; digests as text. */
#ifndef RAD_HASH_H
#define RAD_HASH_H

#include <sodium/crypto_generichash.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_hash {
    crypto_generichash_state state;
    size_t length; /* of the digest */
} rad_hash;

/* A digest of `length` bytes, 1 to 64; only who has the key (of up to 64 bytes) can tell it. NULL, 0: no key.
 */
void rad_hash_begin(rad_hash *hash, size_t length, const void *key, size_t key_length);
void rad_hash_add(rad_hash *hash, const void *bytes, size_t length);
void rad_hash_end(rad_hash *hash, void *digest);

/* Digest in hexadecimal digits, 2 length + 1 bytes with the end. Returns text. */
char *rad_hash_text(const void *digest, size_t length, char *text);

/* The digest of 32 bytes that files, studies and lines of a ledger are known by, as text. */
enum { RAD_DIGEST_TEXT = 65 };
void rad_hash_digest(const void *bytes, size_t length, char text[RAD_DIGEST_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
