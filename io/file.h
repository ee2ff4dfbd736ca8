/* The one way to open an input. */
#ifndef RAD_FILE_H
#define RAD_FILE_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What tells whether the content of an open file was changed: its length, and when it was last written. */
typedef struct rad_moment {
    size_t size;
    int64_t seconds, nanoseconds;
} rad_moment;

/* Opens a regular file to read. RAD_UNREADABLE: there is none, or it is something else: a pipe, a socket, a
 * device or a folder is refused at once, whoever may write into it. */
rad_status rad_file_open(const char *path, int *file, rad_moment *moment, rad_error *error) RAD_MUST_CHECK;

/* The absolute path of what is there, without links; the caller's to rad_free. NULL: RAD_UNREADABLE, or
 * memory is short. */
char *rad_file_path(const char *path, rad_error *error);

/* The same; of what is not there, the path as it is. NULL: memory is short. */
char *rad_file_path_or_name(const char *path, rad_error *error);

/* All of `length` bytes at a place of the open file. */
rad_status rad_file_read(const char *path, int file, void *to, size_t length, size_t at,
                         rad_error *error) RAD_MUST_CHECK;

/* RAD_UNREADABLE: the open file was changed since. */
rad_status rad_file_check(const char *path, int file, const rad_moment *moment,
                          rad_error *error) RAD_MUST_CHECK;

/* Are both there, and one file or folder? */
bool rad_file_is_one(const char *a, const char *b);

/* Are both there, with the same content, byte for byte? */
bool rad_file_same(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
#endif
