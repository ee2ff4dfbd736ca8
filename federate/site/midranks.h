/* Ranks within the site. */
#ifndef RAD_MIDRANKS_H
#define RAD_MIDRANKS_H

#include "../../core/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Values become twice their midrank less their number and one: whole numbers whose sum is 0, how many values
 * are smaller less how many are larger. NaN stays. O(n log n). */
rad_status rad_midranks(double *x, size_t n, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
