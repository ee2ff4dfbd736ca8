/* Which patients of two releases are the same, though their names, tables or studies differ: by keyed hashes
 * of their names and of a sample of their values. */
#ifndef RAD_PERSONS_H
#define RAD_PERSONS_H

#include "cohort.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The patients of a release. */
typedef struct rad_persons {
    size_t patients;
    uint64_t *id; /* keyed hash of each name; owned */
    size_t sampled;
    uint64_t *column; /* keyed hash of each sampled column's name; owned */
    uint32_t *sample; /* [column][patient], keyed hash, 0: no value; owned */
    size_t *person;   /* number of each patient among all of a ledger; owned */
} rad_persons;

rad_status rad_persons_allocate(rad_persons *persons, rad_error *error) RAD_MUST_CHECK;
void rad_persons_free(rad_persons *persons);

/* found[r]: the patient of `of` that patient r is, or RAD_NOBODY. By name; else by the sampled columns: a
 * column votes for the one patient who has the same value; where more than half of the votes, and at least
 * two, are for one patient, it is that one. */
#define RAD_NOBODY UINT32_MAX
rad_status rad_persons_match(const rad_persons *persons, const rad_persons *of, uint32_t *found,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
