/* What the system lets this process have of the machine: control groups of Linux, in containers and beside
 * them. */
#ifndef RAD_QUOTA_H
#define RAD_QUOTA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Processors by the quotas of the process's control group and of all above it, version 2 (cpu.max) or 1
 * (cpu.cfs_quota_us), rounded up; 0 where none is set. root: "" or a folder that stands for /. */
size_t rad_quota_processors(const char *root);

/* Bytes that the memory limits of these groups leave beside what their processes use; SIZE_MAX where none is
 * set. */
size_t rad_quota_memory(const char *root);

#ifdef __cplusplus
}
#endif
#endif
