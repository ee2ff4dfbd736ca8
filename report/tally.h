/* What the numbers of a table of a pool stand on, counted while they are written. */
#ifndef RAD_TALLY_H
#define RAD_TALLY_H

#include "../federate/pool/results.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_TALLY_NAMES = 20, RAD_TALLY_NAME = 200 };

typedef struct rad_tally {
    const char *file; /* name of the table */
    bool single;  /* it shows numbers of single sites: for the coordinator, and for these sites. Others are
                     for readers, whom minimum_sites keeps from what a site has */
    bool unasked; /* the study, or the number of sites, leaves it without numbers: nobody has to look why */
    size_t of;    /* sites that could be behind a number; 0: all that are pooled */
    size_t shown; /* rows of numbers */
    size_t fewer, empty; /* of these: of fewer sites than are pooled; rows that stand on too little */
    size_t least_sites, most_sites;
    uint64_t least_patients, most_patients;
    size_t names;
    char name[RAD_TALLY_NAMES][RAD_TALLY_NAME]; /* the first of those that are fewer or empty */
} rad_tally;

/* A row of numbers; `of` sites could be behind it. Returns whether its name is wanted: *name is where. */
bool rad_tally_count(rad_tally *tally, const rad_basis *basis, size_t of, char **name);

/* What a page says that shows both. */
void rad_tally_add(rad_tally *to, const rad_tally *from);

/* "pass": every number stands on all sites that are pooled, and enough patients; "review": some do not;
 * "empty": there are no numbers. */
const char *rad_tally_decision(const rad_tally *tally);

#ifdef __cplusplus
}
#endif
#endif
