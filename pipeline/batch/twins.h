/* Rows of features that nobody can tell apart: of one case, and one ROI. */
#ifndef RAD_TWINS_H
#define RAD_TWINS_H

#include "../../core/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of features by a hash of its names, and the row of the manifest that it is of. */
typedef struct rad_twin {
    uint64_t hash;
    size_t row;
} rad_twin;

typedef struct rad_twins {
    rad_twin *of; /* owned */
    size_t count, room;
} rad_twins;

rad_status rad_twins_add(rad_twins *twins, const char *name, const char *roi, size_t row,
                         rad_error *error) RAD_MUST_CHECK;

/* A warning, if there are any: the first two rows of the manifest, and how many rows of features. Sorts them.
 */
void rad_twins_tell(rad_twins *twins, const char *run, rad_warnings *warnings);

void rad_twins_free(rad_twins *twins);

#ifdef __cplusplus
}
#endif
#endif
