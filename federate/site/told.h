/* What sums of powers and counts in intervals tell of how many patients have each value. Nothing here knows
 * of studies, variables or files. */
#ifndef RAD_TOLD_H
#define RAD_TOLD_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Values, ascending, and the interval that each is counted in; of one value, one interval or, where a cut
 * lies within the step of values, several. */
typedef struct rad_binned {
    const double *x;
    const uint32_t *interval; /* ascending */
    size_t count;
} rad_binned;

/* May counts in intervals leave beside sums of powers up to `powers`? Both are sums over values of how many
 * patients have each, so that a combination of them is a polynomial q of that degree, and a constant in each
 * interval. It rests on the values where q is not the constant. Of an interval q takes one value once without
 * a turn, and has powers - 1 turns: so it is 0 at one value of each interval and at powers - 1 more, at most.
 * All patients beyond these, the most frequent, must be `least`; unless every value has as many, or there is
 * one interval, which tells the number of patients. O(count). */
bool rad_told_fits(const rad_binned *binned, unsigned powers, size_t least);

#ifdef __cplusplus
}
#endif
#endif
