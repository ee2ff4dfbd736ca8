/* Ledgers of other keys in the same folder. A ledger belongs to the rows, not to the key: beside each lies a
 * list of the patients that left with it (KEY.rows), as hashes under a secret of the folder, so that whoever
 * makes a new key meets them again. */
#ifndef RAD_NEIGHBOURS_H
#define RAD_NEIGHBOURS_H

#include "ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The list of a ledger that begins: nobody yet. */
rad_status rad_neighbours_begin(const char *ledger, rad_error *error) RAD_MUST_CHECK;

/* RAD_REFUSED: patients of the cohort left with another key: two or more by their values, of which half are
 * in columns of the same name, or more than half of all by names and values that agree; or all together by
 * their values (alike.h), unless the data officer says that they are others. Not looked at: keys that this
 * ledger had before, and everything where it was begun anew, which the pool shows. RAD_UNTRUSTED: a list was
 * changed. */
rad_status rad_neighbours_check(rad_ledger *ledger, const rad_cohort *cohort,
                                rad_error *error) RAD_MUST_CHECK;

/* Adds the patients to the list of this ledger, durably, where it does not have them as they are. */
rad_status rad_neighbours_note(const rad_ledger *ledger, const rad_cohort *cohort,
                               rad_error *error) RAD_MUST_CHECK;

/* Ledgers of other keys that have no list: of versions before this one. SIZE_MAX: nobody can list them. */
size_t rad_neighbours_unknown(const rad_ledger *ledger);

#ifdef __cplusplus
}
#endif
#endif
