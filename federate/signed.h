/* Files that a coordinator signs: studies, signatures and harmonisations. The signature is a file of its own
 * beside them, FILE.sig, so that they stay as they are. */
#ifndef RAD_SIGNED_H
#define RAD_SIGNED_H

#include "../io/sink.h"
#include "signer.h"
#include "study.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_SIGNED_PATH = 4096 };

/* Signs the file as it is, and writes FILE.sig: whose key, and the signature. */
rad_status rad_signed_write(const char *path, const rad_signer *signer, rad_error *error) RAD_MUST_CHECK;

/* Reads the file as a whole, once, so that what was looked at is what is used. RAD_UNTRUSTED: FILE.sig does
 * not fit it; or, where a coordinator is given (else NULL), is not there or of another key.
 * *by: whose key the signature is of, "" without one. */
rad_status rad_signed_read(const char *path, const rad_trusted *coordinator, rad_bytes *bytes,
                           char by[2 * RAD_KEY_BYTES + 1], rad_error *error) RAD_MUST_CHECK;

/* The same for the bytes of a file and of its signature. */
rad_status rad_signed_check(const char *path, const rad_bytes *bytes, const rad_bytes *signature,
                            const rad_trusted *coordinator, char by[2 * RAD_KEY_BYTES + 1],
                            rad_error *error) RAD_MUST_CHECK;

/* A study, read in this way. */
rad_status rad_signed_study(const char *path, const rad_trusted *coordinator, rad_study *study,
                            char by[2 * RAD_KEY_BYTES + 1], rad_error *error) RAD_MUST_CHECK;

/* The key that a site's policy names as `coordinator`, a .pub file beside it; none where it names none. */
rad_status rad_signed_policy(const char *policy, rad_trusted *coordinator, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
