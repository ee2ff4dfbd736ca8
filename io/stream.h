/* The content of a file from front to back, plain or compressed (gzip, zlib; by ISA-L, or zlib where the
 * build lacks it), in memory that does not depend on its length. */
#ifndef RAD_STREAM_H
#define RAD_STREAM_H

#include "../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_coding {
    RAD_CODING_FOUND,    /* gzip where the content begins like one, else plain */
    RAD_CODING_PLAIN,    /* whatever it begins with */
    RAD_CODING_DEFLATED, /* gzip where it begins like one, else zlib */
    RAD_CODING_RAW,      /* deflate without head or checksum */
} rad_coding;

typedef struct rad_stream {
    const char *path;            /* borrowed until the stream is closed */
    int file;                    /* descriptor + 1, so that 0 is none */
    size_t length;               /* of the file */
    size_t at;                   /* plain: where the next byte is */
    size_t limit;                /* most bytes that the content can have */
    rad_coding coding;           /* of compressed content; all but gzip have one member */
    struct rad_inflate *inflate; /* NULL for plain files */
    size_t trailing; /* bytes behind the last gzip member that are of none, once the end was read */
    size_t padding;  /* zeros behind what was asked for, once it was finished */
} rad_stream;

/* RAD_UNREADABLE names the file and says why; a folder or a device is refused. */
rad_status rad_stream_open(const char *path, rad_stream *stream, rad_error *error) RAD_MUST_CHECK;

/* The same of what is in the file from byte `begin` on, coded as that says. */
rad_status rad_stream_open_at(const char *path, size_t begin, rad_coding coding, rad_stream *stream,
                              rad_error *error) RAD_MUST_CHECK;

/* Takes up to length bytes; fewer only at the end of the content. */
rad_status rad_stream_read_some(rad_stream *stream, void *out, size_t length, size_t *got,
                                rad_error *error) RAD_MUST_CHECK;

/* Exactly length bytes. RAD_UNREADABLE: truncated, damaged, a wrong checksum. */
rad_status rad_stream_read(rad_stream *stream, void *out, size_t length, rad_error *error) RAD_MUST_CHECK;

/* Leaves out length bytes; those of a gzipped file are inflated all the same. */
rad_status rad_stream_skip(rad_stream *stream, size_t length, rad_error *error) RAD_MUST_CHECK;

/* Reads a gzipped stream to its end, where its checksum is; more content is refused, but for up to 64 KiB
 * of zeros, as blocks are filled up with; they and other bytes are counted. Nothing for plain files. */
rad_status rad_stream_finish(rad_stream *stream, rad_error *error) RAD_MUST_CHECK;

/* May be called twice. */
void rad_stream_close(rad_stream *stream);

/* The library that inflates: "ISA-L" or "zlib". */
const char *rad_stream_inflater(void);

#ifdef __cplusplus
}
#endif
#endif
