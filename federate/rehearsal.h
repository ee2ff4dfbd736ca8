/* What of a study fits a site, without a number: which sums a summary would show, and which it would hold
 * back. Sites rehearse before anything leaves, so that a study that fits nobody costs nobody a release. */
#ifndef RAD_REHEARSAL_H
#define RAD_REHEARSAL_H

#include "../core/names.h"
#include "../io/tree.h"
#include "radsum.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_REHEARSAL_MAX = 1 << 27 };

/* A site's answer: parts of the study as lists of texts, ["groups", "f1", "sex", "F"], and whether each fits.
 */
typedef struct rad_rehearsal {
    char site[RAD_SITE], engine[32], check[RAD_CHECK];
    uint32_t number; /* which rehearsal it is since the last release */
    json_t *parts;   /* owned */
} rad_rehearsal;

/* The text that is signed, of what a summary would show; number 0: none yet. */
rad_status rad_rehearsal_body(const rad_summary *summary, const rad_study *study, uint32_t number,
                              rad_bytes *body, rad_error *error) RAD_MUST_CHECK;
rad_status rad_rehearsal_write(const char *path, const rad_bytes *body, const rad_signer *signer,
                               rad_error *error) RAD_MUST_CHECK;

/* Statuses as those of rad_radsum_read; trusted NULL: signatures are not looked at (fuzzing). */
rad_status rad_rehearsal_parse(const char *bytes, size_t length, const char *name, const rad_study *study,
                               const rad_trusted *trusted, rad_rehearsal *rehearsal,
                               rad_error *error) RAD_MUST_CHECK;
rad_status rad_rehearsal_read(const char *path, const rad_study *study, const rad_trusted *trusted,
                              rad_rehearsal *rehearsal, rad_error *error) RAD_MUST_CHECK;
void rad_rehearsal_free(rad_rehearsal *rehearsal);

/* A part of the study over all sites. */
typedef struct rad_rehearsed {
    const char *analysis; /* borrowed from the rehearsals, as are the texts of `part` */
    const json_t *part;
    size_t sites;   /* that would show it */
    uint64_t *have; /* bit set of them; owned */
} rad_rehearsed;

/* Parts of all rehearsals, in the order of the first that has them. */
rad_status rad_rehearsal_join(const rad_rehearsal *rehearsals, size_t count, rad_rehearsed **parts,
                              size_t *part_count, rad_error *error) RAD_MUST_CHECK;
void rad_rehearsed_free(rad_rehearsed *parts, size_t count);

#ifdef __cplusplus
}
#endif
#endif
