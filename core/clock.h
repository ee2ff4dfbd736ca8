/* Time that passes, and time that a process has worked. */
#ifndef RAD_CLOCK_H
#define RAD_CLOCK_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds of a clock that never goes back; from when on means nothing. */
double rad_clock_seconds(void);

/* Processor time of a process, in seconds; negative where it is gone. */
double rad_clock_processor(pid_t process);

#ifdef __cplusplus
}
#endif
#endif
