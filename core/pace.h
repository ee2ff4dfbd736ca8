/* How far a job is, for its caller, who may end it. */
#ifndef RAD_PACE_H
#define RAD_PACE_H

#include "status.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct rad_pace {
    const rad_control *control; /* NULL: nobody looks */
    pthread_t caller;           /* the only thread that calls step */
    size_t total;
    atomic_size_t done;
    atomic_bool cancelled;
} rad_pace;

/* Begins a job of `total` parts on the thread of its caller. */
void rad_pace_begin(rad_pace *pace, const rad_control *control, size_t total);

/* Before a part, on any thread: RAD_CANCELLED, from then on, once the caller wants no more. */
rad_status rad_pace_check(rad_pace *pace, rad_error *error) RAD_MUST_CHECK;

/* So many parts are done. */
void rad_pace_add(rad_pace *pace, size_t parts);

#endif
