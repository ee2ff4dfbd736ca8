/* The one way for text out: a stream that remembers a failure. Whoever puts looks at nothing; whoever opened
 * the stream is told. */
#ifndef RAD_SINK_H
#define RAD_SINK_H

#include "../core/status.h"

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_bytes {
    unsigned char *data; /* owned */
    size_t length;
} rad_bytes;

void rad_bytes_free(rad_bytes *bytes);

/* Puts text or bytes out. What it returns is a failure of its own; that of the stream need not be looked at.
 */
typedef rad_status rad_put_body(FILE *out, void *context, rad_error *error);

/* What body puts out, in memory, with a 0 behind it that does not count. RAD_NO_MEMORY; or what body
 * returned. */
rad_status rad_sink_collect(rad_put_body *body, void *context, rad_bytes *bytes,
                            rad_error *error) RAD_MUST_CHECK;

/* Into an open file. *reason is the errno of the first write that failed, 0 where there is none. */
rad_status rad_sink_fill(int file, rad_put_body *body, void *context, int *reason,
                         rad_error *error) RAD_MUST_CHECK;

/* All pieces into an open file, also where a write is interrupted or short. 0, or an errno. */
int rad_sink_pieces(int file, const rad_bytes *pieces, size_t count) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
