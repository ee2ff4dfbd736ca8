/* What is left to a process that decodes: processor time, memory, and the few system calls that codecs need.
 */
#ifndef RAD_CAGE_H
#define RAD_CAGE_H

#include <stddef.h>

/* Bounds memory, descriptors and the processor time until the first frame: no file and no socket can be
 * opened any more. */
void rad_cage_limit(size_t memory, unsigned seconds);

/* From here on a system call that is not on the list ends the process (SIGSYS). 0, or an errno where the
 * system does not allow filters: under emulators, and in containers that forbid them. */
int rad_cage_enter(void);

#endif
