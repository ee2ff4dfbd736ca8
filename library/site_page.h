/* The page of a summary, for the officer of the site: every number that leaves, what is held back and by
 * which rule, how it differs from what left before, and the hash by which it is approved. */
#ifndef RAD_SITE_PAGE_H
#define RAD_SITE_PAGE_H

#include "../federate/site/ledger.h"
#include "../federate/site/ledger_history.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_site_page {
    const rad_release *release;
    const rad_past *past; /* releases before this one; may be NULL */
    size_t past_count;
    const char *hash; /* of the text that is signed */
    size_t bytes;     /* of the file */
    bool known;       /* it left before */
} rad_site_page;

/* The whole page; its bytes depend on nothing else, and it has no script. */
rad_status rad_site_page_put(FILE *out, void *page, rad_error *error);

/* Its part that has the numbers (site_page_tables.c). */
rad_status rad_site_page_numbers(FILE *out, const rad_site_page *page, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
