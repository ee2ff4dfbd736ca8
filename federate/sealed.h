/* Summaries that only the coordinator can read: the signed file as it is, sealed (crypto_box_seal of
 * libsodium) to the X25519 key that follows from the Ed25519 key of the coordinator. */
#ifndef RAD_SEALED_H
#define RAD_SEALED_H

#include "../io/sink.h"
#include "signer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A line that says to which key it is sealed, and then bytes. */
enum { RAD_SEALED_HEAD = 19 + 2 * RAD_KEY_BYTES + 1 };

/* Seals the bytes. RAD_UNTRUSTED: that is no key. */
rad_status rad_sealed_make(const rad_bytes *plain, const unsigned char key[RAD_KEY_BYTES], rad_bytes *sealed,
                           rad_error *error) RAD_MUST_CHECK;

bool rad_sealed_is(const void *bytes, size_t length);

/* RAD_UNTRUSTED: it is sealed to another key, no key is given (reader NULL), or it was changed. */
rad_status rad_sealed_open(const char *name, const rad_bytes *sealed, const rad_signer *reader,
                           rad_bytes *plain, rad_error *error) RAD_MUST_CHECK;

/* Reads a file, and opens it where it is sealed; *sealed (or NULL): was it? */
rad_status rad_sealed_read(const char *path, const rad_signer *reader, rad_bytes *plain, bool *sealed,
                           rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
