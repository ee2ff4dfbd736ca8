/* What left before a release, for people. */
#ifndef RAD_LEDGER_HISTORY_H
#define RAD_LEDGER_HISTORY_H

#include "ledger.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A release of the ledger, and how its patients meet those at hand. */
typedef struct rad_past {
    char study[RAD_NAME], study_hash[65];
    uint32_t release;
    uint64_t patients, shared;
    char allowed[128]; /* by hand, in words; "": nothing */
} rad_past;

/* In the order of the ledger; *past is the caller's, to be freed with rad_free. */
rad_status rad_ledger_history(const rad_ledger *ledger, const rad_cohort *cohort, rad_past **past,
                              size_t *count, rad_error *error) RAD_MUST_CHECK;

/* All lines as a table (CSV): what left, of how many patients, and what was allowed by hand. context: a
 * rad_ledger; a body of streams. */
rad_status rad_ledger_put_lines(FILE *out, void *context, rad_error *error) RAD_MUST_CHECK;

/* The path of the ledger with another ending in place of `.ledger`, for what is kept beside it.
 * RAD_UNWRITABLE: too long. */
rad_status rad_ledger_beside(const rad_ledger *ledger, const char *ending, char *path, size_t size,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
