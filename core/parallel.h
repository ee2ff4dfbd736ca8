/* Work split over threads by index. Bodies store results by index, so the thread count never changes a byte.
 * There is one team of threads: a loop inside of a body shares the threads that have nothing else to do. */
#ifndef RAD_PARALLEL_H
#define RAD_PARALLEL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void rad_body(size_t index, void *context);

/* Calls body(i, context) for 0 <= i < count, on at most `threads` threads (<= 1: here, in order). */
void rad_parallel_for(size_t count, int threads, rad_body *body, void *context);

/* Processors this process may use. */
int rad_parallel_processors(void);

#ifdef __cplusplus
}
#endif
#endif
