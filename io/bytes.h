/* Small files in as a whole, any file out: all or nothing. */
#ifndef RAD_BYTES_H
#define RAD_BYTES_H

#include "sink.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads the file as it is. RAD_UNREADABLE names it and says why; a folder is refused. */
rad_status rad_bytes_read(const char *path, rad_bytes *bytes, rad_error *error) RAD_MUST_CHECK;

/* Is the path no place for a file? NULL or "-": standard output; another name of a descriptor (/dev/stdout,
 * /dev/fd/3); a pipe or a device that is there. */
bool rad_bytes_flow(const char *path) RAD_MUST_CHECK;

/* Writes what body puts out, into a file without a name beside path, syncs it, then renames and syncs the
 * folder: whatever happens, also to the power, either the old file or the whole new one is there, and the new
 * one where it returns RAD_OK. A link stays, and the file that it leads to is replaced; a file that is
 * replaced keeps its mode, and one that may not be written stays. RAD_UNWRITABLE; or what body returned, and
 * nothing is changed.
 * What flows is written into, when all of it is there. */
rad_status rad_bytes_stream(const char *path, rad_put_body *body, void *context,
                            rad_error *error) RAD_MUST_CHECK;

/* Writes the pieces, one after the other, in the same way. */
rad_status rad_bytes_write(const char *path, const rad_bytes *pieces, size_t count,
                           rad_error *error) RAD_MUST_CHECK;

/* The same, with a mode of its own; `fresh`: what is there already is left alone, RAD_UNWRITABLE (neither
 * flows); `loose`: of a file that can be made again, not safe from a power cut until the system gets to it.
 */
typedef struct rad_place {
    unsigned mode; /* of a new file; 0: 0666 less the umask */
    bool fresh, loose;
} rad_place;
rad_status rad_bytes_place(const char *path, const rad_bytes *pieces, size_t count, const rad_place *place,
                           rad_error *error) RAD_MUST_CHECK;

/* The names in the folder of that file are durable. 0, or the errno of what failed. */
int rad_bytes_sync_folder(const char *path);

#ifdef __cplusplus
}
#endif
#endif
