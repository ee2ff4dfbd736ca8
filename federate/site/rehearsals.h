/* How often a site has rehearsed. What fits tells little, but studies that differ in a grid or a level, one
 * after the other, would search for a value by it: so few are let out between two releases. */
#ifndef RAD_REHEARSALS_H
#define RAD_REHEARSALS_H

#include "ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Different rehearsals of a ledger since its last release, at most. */
enum { RAD_REHEARSALS_MAX = 8 };

/* Notes a rehearsal, by the hash of what it says, in the signed list beside the ledger (LEDGER.rehearsals);
 * the same one again is no new line. *number: which it is since the last release. RAD_SPENT: there were
 * enough. RAD_UNTRUSTED: the list was changed. */
rad_status rad_rehearsals_admit(const rad_ledger *ledger, const char *hash, uint32_t *number,
                                rad_error *error) RAD_MUST_CHECK;

/* The list goes to a new key, whose ledger is `next`, where it goes on; none where there is none. */
rad_status rad_rehearsals_carry(const rad_ledger *ledger, const char *next, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
