/* Evidence beside each result of a pool: where its numbers come from, which rules of disclosure apply to
 * them, and whether the summaries keep to these rules, as far as sums can tell. For whoever approves what
 * leaves next. */
#ifndef RAD_EVIDENCE_H
#define RAD_EVIDENCE_H

#include "tally.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_evidence {
    const char *result;     /* file name */
    const char *answers;    /* what the file says, in words */
    unsigned analyses;      /* whose sums it is made of; 0: of all */
    const rad_tally *tally; /* what its numbers stand on */
    char digest[65];        /* of the file */
} rad_evidence;

/* Writes the evidence as JSON. *pass: there are sites enough, every number stands on all of them, and behind
 * every number that a site gave for it stand as many patients as the site's own minimum. */
rad_status rad_evidence_write(const char *path, const rad_pool *pool, const rad_evidence *evidence,
                              bool *pass, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
