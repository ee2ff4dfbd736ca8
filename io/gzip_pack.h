/* Bytes as a gzip of one member, which is the same whenever it is made. */
#ifndef RAD_GZIP_PACK_H
#define RAD_GZIP_PACK_H

#include "sink.h"

#ifdef __cplusplus
extern "C" {
#endif

/* packed: to be released with rad_bytes_free. RAD_NO_MEMORY. */
rad_status rad_gzip_pack(const rad_bytes *plain, rad_bytes *packed, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
