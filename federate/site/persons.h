/* Which patients of two releases are the same, though their names, tables or studies differ: by keyed hashes
 * of their names and of their values. */
#ifndef RAD_PERSONS_H
#define RAD_PERSONS_H

#include "cohort.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The patients of a release. A value is two keyed hashes of 16 bits: of its 24 bits, and of its first five
 * digits, as a spreadsheet may have rounded it; of the value alone, so that a column is known by another
 * name, too. Bounds: RAD_PERSONS_VALUES of a table; of one that has more, columns are chosen by the secret.
 */
enum { RAD_PERSONS_VALUES = 1 << 24 };
typedef struct rad_persons {
    size_t patients;
    uint64_t *id; /* keyed hash of each name; owned */
    size_t sampled;
    uint64_t *column; /* keyed hash of each column's name; owned */
    uint8_t *counts; /* of each column: whole numbers that many have; they tell who somebody is together only;
                        owned */
    uint32_t *sample; /* [column][patient], fine hash above coarse hash, 0: no value; owned */
    size_t *person;   /* number of each patient among all of a ledger; owned */
} rad_persons;

rad_status rad_persons_allocate(rad_persons *persons, rad_error *error) RAD_MUST_CHECK;
void rad_persons_free(rad_persons *persons);

/* Values of all patients in the column of that hash, as they are kept, or NULL. */
const uint32_t *rad_persons_column(const rad_persons *persons, uint64_t hash);

/* Whom patient r is among those of `of`, or RAD_NOBODY: by name, and by values. Columns of the two tables
 * belong together by name, or by the values that they share; those that few patients are known by count not.
 * In each of the others a value that one patient alone has votes for that one; values that repeat vote for
 * nobody; all columns of the same name together vote once, where they know half of the patients. Whoever has
 * more than half of the votes that could be cast, at least two, is it; one is enough of a column that knows
 * half of the patients. */
#define RAD_NOBODY UINT32_MAX
rad_status rad_persons_match(const rad_persons *persons, const rad_persons *of, uint32_t *by_name,
                             uint32_t *by_values, rad_error *error);

/* May patient r be `other` of `of`: is there a column of the same name in which both have values, and do they
 * agree in all of these? */
bool rad_persons_may_be(const rad_persons *persons, size_t r, const rad_persons *of, size_t other);

/* Are they the same table? */
bool rad_persons_same(const rad_persons *a, const rad_persons *b);

#ifdef __cplusplus
}
#endif
#endif
