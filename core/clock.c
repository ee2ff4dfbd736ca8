#include "clock.h"

#include <time.h>

static double read_clock(clockid_t clock) {
    struct timespec t;
    return clock_gettime(clock, &t) ? -1 : (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double rad_clock_seconds(void) {
    return read_clock(CLOCK_MONOTONIC);
}

double rad_clock_processor(pid_t process) {
    clockid_t clock;
    return clock_getcpuclockid(process, &clock) ? -1 : read_clock(clock);
}
