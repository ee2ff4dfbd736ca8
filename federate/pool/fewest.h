/* The fewest patients behind a number of a site, and which number that is. */
#ifndef RAD_FEWEST_H
#define RAD_FEWEST_H

#include "../summary.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_fewest {
    uint64_t patients; /* 0: no numbers */
    char where[2 * RAD_NAME];
} rad_fewest;

/* A number of so many patients (0: nothing), named in words. */
void rad_fewest_see(rad_fewest *fewest, uint64_t patients, const char *what, const char *more);

/* The same for sets first .. end - 1 of moments, and for blocks. */
void rad_fewest_see_sets(rad_fewest *fewest, const rad_summary *site, size_t first, size_t end);
void rad_fewest_see_blocks(rad_fewest *fewest, const rad_summary *site, const rad_blocks *blocks,
                           const char *what);

#ifdef __cplusplus
}
#endif
#endif
