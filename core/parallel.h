/* Work split over threads by index. Bodies store results by index, so the thread count never changes a byte.
 * There is one team of threads: a loop inside of a body shares the threads that have nothing else to do. */
#ifndef RAD_PARALLEL_H
#define RAD_PARALLEL_H

#include "status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void rad_body(size_t index, void *context);

/* Calls body(i, context) for 0 <= i < count, on at most `threads` threads (<= 1: here, in order). */
void rad_parallel_for(size_t count, int threads, rad_body *body, void *context);

typedef rad_status rad_attempt(size_t index, void *context, rad_error *error);

/* The same for bodies that can fail: status and error are those of the lowest index that does, whatever the
 * number of threads. Indices above one that failed may be left out; those below it never are. */
rad_status rad_parallel_try(size_t count, int threads, rad_attempt *body, void *context,
                            rad_error *error) RAD_MUST_CHECK;

/* Processors this process may use: by affinity, by the quotas of its control groups, by OMP_NUM_THREADS and
 * SLURM_CPUS_PER_TASK; found once. */
int rad_parallel_processors(void);

#ifdef __cplusplus
}
#endif
#endif
