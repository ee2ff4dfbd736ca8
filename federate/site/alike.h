/* Do two tables have the same values, whoever has them? Where names were dealt anew, and values are too few
 * to tell who is who, they still tell that all are the same. */
#ifndef RAD_ALIKE_H
#define RAD_ALIKE_H

#include "persons.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of each column of both, by name: how many of the smaller table have a value that fewer have in the other.
 * If all were dealt to the two tables by chance that number has a mean and a deviation; alike is a column in
 * which it lies RAD_ALIKE deviations below the mean, and the tables are where most of the columns are that
 * could be. Columns in which all differ tell nothing here: numbers of rows, or measurements, by which
 * rad_persons_match knows them. */
#define RAD_ALIKE 4.5
rad_status rad_persons_alike(const rad_persons *a, const rad_persons *b, bool *alike,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
