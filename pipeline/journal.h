/* The memory of a batch on disk (SQLite): which case was computed, with what outcome. A case is known by the
 * content of its inputs, what is asked of it and the settings. */
#ifndef RAD_JOURNAL_H
#define RAD_JOURNAL_H

#include "../io/fingerprint.h"
#include "outcome.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_journal rad_journal;

/* Opens or makes the journal, for this process alone. RAD_UNREADABLE: another run works with it, or it is
 * damaged. */
rad_status rad_journal_open(const char *path, rad_journal **journal, rad_error *error) RAD_MUST_CHECK;
void rad_journal_close(rad_journal *journal); /* NULL is allowed */

/* Forgets all cases. */
rad_status rad_journal_clear(rad_journal *journal, rad_error *error) RAD_MUST_CHECK;

/* The content of a path, if it was seen with this stamp. */
bool rad_journal_find_file(rad_journal *journal, const char *path, const rad_fingerprint *stamp,
                           rad_fingerprint *content);
rad_status rad_journal_put_file(rad_journal *journal, const char *path, const rad_fingerprint *stamp,
                                const rad_fingerprint *content, rad_error *error) RAD_MUST_CHECK;

/* Is the case there? Then its status; with `outcome`, all of it. */
bool rad_journal_find(rad_journal *journal, const rad_fingerprint *id, rad_status *status);
rad_status rad_journal_load(rad_journal *journal, const rad_fingerprint *id, rad_outcome *outcome,
                            bool *found, rad_error *error) RAD_MUST_CHECK;

/* Keeps the outcome, in place of an earlier one; once it returns, the death of this process loses nothing.
 * RAD_UNWRITABLE: the disk is full. */
rad_status rad_journal_put(rad_journal *journal, const rad_fingerprint *id, const char *name,
                           const rad_outcome *outcome, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
