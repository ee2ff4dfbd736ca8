/* Sets of patients over which sums of one variable leave a site, and what can be derived from them together.
 */
#ifndef RAD_SETS_H
#define RAD_SETS_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_sets {
    size_t words; /* of a set, 64 patients each */
    size_t count, capacity;
    uint64_t *bits;     /* [set][word], owned */
    size_t differences; /* the last 2 of each are no sets, but what two of them have beyond the other */
} rad_sets;

/* The values of its patients; how many. */
size_t rad_sets_values(const uint64_t *set, const double *x, size_t rows, double *out);

/* Adds a copy. */
rad_status rad_sets_add(rad_sets *sets, const uint64_t *set, rad_error *error) RAD_MUST_CHECK;

/* Is it one of the first sets? */
bool rad_sets_have(const rad_sets *sets, size_t count, const uint64_t *set);

/* The union of those that lie in the set for the most part, have at most so many patients, and nobody in
 * common with those before; how many they are. */
size_t rad_sets_nearest(const rad_sets *sets, const uint64_t *set, size_t most, uint64_t *all);

/* Adds what two sets have beyond each other, [2][word]. */
rad_status rad_sets_add_difference(rad_sets *sets, const uint64_t *sides, rad_error *error) RAD_MUST_CHECK;

/* Is there a linear combination of the sets that is not 0 for 1 .. least - 1 patients, and 0 for all others,
 * or did the audit give up? *isolates is the answer. */
rad_status rad_sets_isolate(const rad_sets *sets, size_t least, bool *isolates,
                            rad_error *error) RAD_MUST_CHECK;

void rad_sets_free(rad_sets *sets);

#ifdef __cplusplus
}
#endif
#endif
