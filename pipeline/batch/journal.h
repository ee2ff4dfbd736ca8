/* The memory of a batch on disk (SQLite): which case was computed, with what outcome. A case is known by the
 * content of its inputs, what is asked of it and the settings. Each record carries a hash of all that it
 * says, which is checked whenever it is read: a record that a disk has changed is none. */
#ifndef RAD_JOURNAL_H
#define RAD_JOURNAL_H

#include "../../io/scan/fingerprint.h"
#include "outcome.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_journal rad_journal;

/* Opens or makes the journal, for this process alone. RAD_UNREADABLE: another run works with it, or it is
 * damaged, which *damaged tells (NULL is allowed). */
rad_status rad_journal_open(const char *path, rad_journal **journal, bool *damaged,
                            rad_error *error) RAD_MUST_CHECK;
void rad_journal_close(rad_journal *journal); /* NULL is allowed */

/* Makes a damaged journal anew from all of its records that are whole, *kept cases among them; the damaged
 * file stays beside it as PATH.damaged. RAD_UNREADABLE: another run does the same. RAD_UNWRITABLE. */
rad_status rad_journal_repair(const char *path, size_t *kept, rad_error *error) RAD_MUST_CHECK;

/* Forgets all cases. */
rad_status rad_journal_clear(rad_journal *journal, rad_error *error) RAD_MUST_CHECK;

/* The content of a path, if it was seen with this stamp. */
rad_status rad_journal_find_file(rad_journal *journal, const char *path, const rad_fingerprint *stamp,
                                 rad_fingerprint *content, bool *found, rad_error *error) RAD_MUST_CHECK;
rad_status rad_journal_put_file(rad_journal *journal, const char *path, const rad_fingerprint *stamp,
                                const rad_fingerprint *content, rad_error *error) RAD_MUST_CHECK;

typedef enum rad_record { RAD_RECORD_NONE, RAD_RECORD_WHOLE, RAD_RECORD_DAMAGED } rad_record;

/* Is the case there, and whole? Then its status; with `outcome`, all of it. */
rad_status rad_journal_find(rad_journal *journal, const rad_fingerprint *id, rad_record *record,
                            rad_status *status, rad_error *error) RAD_MUST_CHECK;
rad_status rad_journal_load(rad_journal *journal, const rad_fingerprint *id, rad_outcome *outcome,
                            bool *found, rad_error *error) RAD_MUST_CHECK;

/* Keeps the outcome, in place of an earlier one; once it returns, the death of this process loses nothing,
 * and a power cut loses no case that was kept more than RAD_JOURNAL_LAG seconds ago, if rad_journal_sync is
 * called meanwhile. RAD_UNWRITABLE: the disk is full. */
rad_status rad_journal_put(rad_journal *journal, const rad_fingerprint *id, const char *name,
                           const rad_outcome *outcome, rad_error *error) RAD_MUST_CHECK;

/* Brings what was kept to the disk, now or where the last time is RAD_JOURNAL_LAG ago. */
#define RAD_JOURNAL_LAG 0.2
rad_status rad_journal_sync(rad_journal *journal, bool now, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
