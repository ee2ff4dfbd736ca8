/* Small files in as a whole, any file out: all or nothing. */
#ifndef RAD_BYTES_H
#define RAD_BYTES_H

#include "sink.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads the file as it is. RAD_UNREADABLE names it and says why; a folder is refused. */
rad_status rad_bytes_read(const char *path, rad_bytes *bytes, rad_error *error) RAD_MUST_CHECK;

/* Writes what body puts out, into a file without a name beside path, then renames: whatever happens, either
 * the old file or the whole new one is there. RAD_UNWRITABLE; or what body returned, and nothing is changed.
 * path NULL or "-": standard output, when all of it is there. */
rad_status rad_bytes_stream(const char *path, rad_put_body *body, void *context,
                            rad_error *error) RAD_MUST_CHECK;

/* Writes the pieces, one after the other, in the same way. path NULL or "-": standard output. */
rad_status rad_bytes_write(const char *path, const rad_bytes *pieces, size_t count,
                           rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
