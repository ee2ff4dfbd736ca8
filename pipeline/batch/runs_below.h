/* Runs in a folder: a batch of several settings makes RUN/ct, RUN/mr. */
#ifndef RAD_RUNS_BELOW_H
#define RAD_RUNS_BELOW_H

#include "../../core/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_runs_below {
    char **path; /* in the order of their names; owned */
    size_t count, room;
} rad_runs_below;

/* Is there a run in the folder itself? */
bool rad_runs_below_is_run(const char *folder);

/* Folders of the folder that are runs. RAD_UNREADABLE: it cannot be listed. */
rad_status rad_runs_below_find(const char *folder, rad_runs_below *out, rad_error *error) RAD_MUST_CHECK;

void rad_runs_below_free(rad_runs_below *runs);

#ifdef __cplusplus
}
#endif
#endif
