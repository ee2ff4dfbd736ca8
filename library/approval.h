/* What an officer of a site has seen, by its hash: nothing else leaves then. */
#ifndef RAD_APPROVAL_H
#define RAD_APPROVAL_H

#include "site_page.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_approval {
    const rad_site_options *options;
    const rad_ledger *ledger;
    const rad_release *release;
    const rad_bytes *body; /* what is signed */
    bool known;            /* it left before */
} rad_approval;

/* RAD_UNTRUSTED: what would leave is not what the hash was of. */
rad_status rad_approval_check(const rad_approval *approval, rad_error *error) RAD_MUST_CHECK;

/* Writes the page that the options name. */
rad_status rad_approval_show(const rad_approval *approval, char **said, rad_error *error) RAD_MUST_CHECK;

/* Keeps the page beside the ledger, where a hash approved it: LEDGER.approved/STUDY-RELEASE.html.
 * RAD_UNWRITABLE: then nothing leaves. */
rad_status rad_approval_keep(const rad_approval *approval, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
