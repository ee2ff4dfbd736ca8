/* Images in two files: image.hdr says what image.img holds, and either may be gzipped. */
#ifndef RAD_PAIR_H
#define RAD_PAIR_H

#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where .hdr or .img stands in image.hdr[.gz], image.img[.gz]; NULL where the name ends in neither. */
const char *rad_pair_ending(const char *path);

/* The name with that ending (".hdr", ".img"), where it has either: plain or gzipped, whichever file is there,
 * else as the path is; owned. */
char *rad_pair_name(const char *path, const char *ending, rad_error *error) RAD_MUST_CHECK;

/* The other of the two, as rad_reader.parts. */
rad_status rad_pair_parts(const char *path, rad_source_part *part, void *context,
                          rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
