/* The page of an answer to a round, for the officer of the site: every number that leaves, at which
 * coefficients, and what it tells with all that left before. */
#ifndef RAD_STEP_PAGE_H
#define RAD_STEP_PAGE_H

#include "../federate/site/ledger_rounds.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_step_page {
    const rad_ledger_round *round;
    const rad_model *model;
    const rad_round_worth *worth; /* of no meaning where it is known */
    bool known;                   /* it left before */
    const char *hash;             /* of the text that is signed */
} rad_step_page;

/* The whole page, a body of rad_bytes_stream; its bytes depend on nothing else, and it has no script. */
rad_status rad_step_page_put(FILE *out, void *page, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
