/* A new key goes on with the ledger of the one before. The last line that the old key signs names the new
 * one; in it is the secret of the ledger, closed for the new key together with what the line follows, so that
 * both keys stand for it. */
#ifndef RAD_ROTATION_H
#define RAD_ROTATION_H

#include "../../io/tree.h"
#include "ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The opened ledger of the old key gets its last line, and the new key, at the path `next` that nothing is
 * at, all lines; beside it lie an empty list of patients, and the rehearsals of the old one. When the power
 * fails between the two, the new one is restored from the old (--ledger). RAD_UNTRUSTED: the ledger ends in
 * what is no whole line. */
rad_status rad_rotation_make(rad_ledger *ledger, const rad_signer *to, const char *next,
                             rad_error *error) RAD_MUST_CHECK;

/* The key of the first line: that of the first rotation, or the ledger's own. */
void rad_rotation_begin(rad_ledger *ledger);

/* A line with `rotated`: the next one is of the key that it names. RAD_UNTRUSTED: it does not fit. */
rad_status rad_rotation_read(rad_ledger *ledger, const json_t *line, size_t number,
                             rad_error *error) RAD_MUST_CHECK;

/* Are the lines now those of the ledger's key? RAD_UNTRUSTED: they go on with another. */
rad_status rad_rotation_end(const rad_ledger *ledger, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
