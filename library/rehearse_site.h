/* A summary that is only rehearsed: what of it fits, without a number. */
#ifndef RAD_REHEARSE_SITE_H
#define RAD_REHEARSE_SITE_H

#include "../federate/site/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Notes it beside the ledger, then writes it; path NULL: SITE.rehearsal. */
rad_status rad_rehearse_site(const char *path, const rad_ledger *ledger, const rad_release *release,
                             const rad_signer *signer, char **said, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
