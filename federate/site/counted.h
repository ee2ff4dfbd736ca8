/* Sets of patients whose number everybody knows, whatever is summed: all, those of a level. What is counted
 * among them tells of the rest: of how many miss a value, or a time. */
#ifndef RAD_COUNTED_H
#define RAD_COUNTED_H

#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Into permit->counted: all patients; the levels whose counts leave, and the rest of each factor. */
rad_status rad_counted_make(rad_permitting *m) RAD_MUST_CHECK;

/* May it be known how many are in the set? Not where it has all but a few (1 .. minimum_cell - 1) of a
 * counted set. */
bool rad_counted_fits(const rad_permit *permit, const uint64_t *set);

#ifdef __cplusplus
}
#endif
#endif
