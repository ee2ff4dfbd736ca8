/* Summaries as files (.radsum): JSON, one line per variable, signed. docs/federation.md describes the
 * members. */
#ifndef RAD_RADSUM_H
#define RAD_RADSUM_H

#include "../io/sink.h"
#include "summary.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_RADSUM_MAX = 1 << 28, RAD_RADSUM_TAIL_LENGTH = 259 };

/* The end of a file: public key and signature, in a form of fixed length, so that what is signed is what
 * stands before. */
#define RAD_RADSUM_TAIL                                                                                      \
    ",\n \"signature\": {\"algorithm\": \"Ed25519\", \"key\": \"%s\", \"value\": \"%s\"}\n}\n"

/* The text that is signed, and then the whole file. */
rad_status rad_radsum_body(const rad_summary *summary, const rad_study *study, rad_bytes *body,
                           rad_error *error) RAD_MUST_CHECK;
rad_status rad_radsum_write(const char *path, const rad_bytes *body, const rad_signer *signer,
                            rad_error *error) RAD_MUST_CHECK;

/* The same file, sealed to the key of a coordinator. */
rad_status rad_radsum_seal(const char *path, const rad_bytes *body, const rad_signer *signer,
                           const unsigned char key[RAD_KEY_BYTES], rad_error *error) RAD_MUST_CHECK;

/* Reads a summary of that study. RAD_UNTRUSTED: no signature, a wrong one, a key that is not in the list,
 * another site's name. RAD_CONFIG: another study. RAD_UNREADABLE: not a summary. trusted NULL: signatures are
 * not looked at (fuzzing). reader: opens what is sealed; NULL: that is refused. */
rad_status rad_radsum_read(const char *path, const rad_study *study, const rad_trusted *trusted,
                           const rad_signer *reader, rad_summary *summary, rad_error *error) RAD_MUST_CHECK;
rad_status rad_radsum_parse(const char *bytes, size_t length, const char *name, const rad_study *study,
                            const rad_trusted *trusted, rad_summary *summary,
                            rad_error *error) RAD_MUST_CHECK;

/* The signature for that purpose ("radsum") at the end of a file; *who is the name that the list gives its
 * key. */
rad_status rad_radsum_check_signature(const char *name, const char *purpose, const char *bytes, size_t length,
                                      const rad_trusted *trusted, const char **who,
                                      rad_error *error) RAD_MUST_CHECK;

/* Site and release of a file, from its first lines; nothing is checked. RAD_UNREADABLE: not a summary. */
typedef struct rad_radsum_head {
    char site[RAD_SITE], digest[65]; /* digest: where a caller has it */
    uint32_t release;
    rad_ledger_head ledger; /* where a caller has it; id "": it was not said */
} rad_radsum_head;
rad_status rad_radsum_peek(const char *path, const rad_signer *reader, rad_radsum_head *head,
                           rad_error *error) RAD_MUST_CHECK;

/* Digest of a file, of what is in it where it is sealed. */
rad_status rad_radsum_digest(const char *path, const rad_signer *reader, char digest[65],
                             rad_error *error) RAD_MUST_CHECK;

/* What leaves, in words and as a table. */
void rad_radsum_explain(const rad_summary *summary, const rad_study *study, size_t bytes, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
