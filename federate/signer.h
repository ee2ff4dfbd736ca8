/* Who signs: Ed25519 keys of sites and coordinators, and the list of those that are trusted. */
#ifndef RAD_SIGNER_H
#define RAD_SIGNER_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_SITE = 64, RAD_KEY_BYTES = 32, RAD_SIGNATURE = 64, RAD_DERIVED = 32 };

typedef struct rad_signer {
    char name[RAD_SITE];
    unsigned char public_key[RAD_KEY_BYTES], secret_key[2 * RAD_KEY_BYTES];
} rad_signer;

typedef struct rad_trusted {
    char (*name)[RAD_SITE];              /* owned */
    unsigned char (*key)[RAD_KEY_BYTES]; /* owned */
    size_t count, name_capacity, key_capacity;
} rad_trusted;

/* Is it a name: letters, digits, dot, - and _, at most RAD_SITE - 1? */
bool rad_signer_is_name(const char *name);

/* Makes a new pair of keys and writes <folder>/<name>.key (secret, for its owner alone) and <name>.pub.
 * Existing files are never overwritten: RAD_UNWRITABLE. */
rad_status rad_signer_make(const char *name, const char *folder, rad_error *error) RAD_MUST_CHECK;

/* Reads a secret key, to be wiped. RAD_UNREADABLE; also where others may read the file. */
rad_status rad_signer_read(const char *path, rad_signer *signer, rad_error *error) RAD_MUST_CHECK;

void rad_signer_wipe(rad_signer *signer);

/* Reads a list of public keys: lines of NAME and KEY, as in .pub files; # starts a comment. */
rad_status rad_trusted_read(const char *path, rad_trusted *trusted, rad_error *error) RAD_MUST_CHECK;
void rad_trusted_free(rad_trusted *trusted);

/* The same for a .pub file, which has one key. */
rad_status rad_trusted_read_one(const char *path, rad_trusted *trusted, rad_error *error) RAD_MUST_CHECK;

/* The signature of the bytes, for one purpose ("radsum"). */
void rad_signer_sign(const rad_signer *signer, const char *purpose, const void *bytes, size_t length,
                     unsigned char signature[RAD_SIGNATURE]);
bool rad_signer_holds(const unsigned char key[RAD_KEY_BYTES], const char *purpose, const void *bytes,
                      size_t length, const unsigned char signature[RAD_SIGNATURE]);

/* A secret that only the owner of the key can make, for keyed hashes. */
void rad_signer_derive(const rad_signer *signer, const char *purpose, unsigned char secret[RAD_DERIVED]);

#ifdef __cplusplus
}
#endif
#endif
