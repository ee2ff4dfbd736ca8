/* Files in RUN/masks and RUN/images that are of no row of the run: a case that was renamed, or is not in the
 * table any more, left them. */
#ifndef RAD_STALE_H
#define RAD_STALE_H

#include "../../core/names.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_stale {
    char **name; /* "masks/CASE__ROI.nii", owned */
    bool *kept;  /* owned */
    size_t count, capacity;
    rad_names index;
} rad_stale;

/* What lies there; nothing where there are no such folders. */
rad_status rad_stale_list(const char *run, rad_stale *stale, rad_error *error) RAD_MUST_CHECK;

/* A row of the run, whose files stay. */
void rad_stale_keep(rad_stale *stale, const char *name, const char *roi);

/* A warning of the files that are of no row. */
void rad_stale_tell(const rad_stale *stale, const char *run, rad_warnings *warnings);

void rad_stale_free(rad_stale *stale);

#ifdef __cplusplus
}
#endif
#endif
