#include "gzip_pack.h"

#include "../core/memory.h"

#include <libdeflate.h>

rad_status rad_gzip_pack(const rad_bytes *plain, rad_bytes *packed, rad_error *error) {
    enum { EFFORT = 6 };
    struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(EFFORT);
    const size_t bound = deflater ? libdeflate_gzip_compress_bound(deflater, plain->length) : 0;
    *packed = (rad_bytes){.data = deflater ? rad_new_raw(bound, 1, error) : NULL};
    if (packed->data)
        packed->length = libdeflate_gzip_compress(deflater, plain->data, plain->length, packed->data, bound);
    libdeflate_free_compressor(deflater);
    return packed->data ? RAD_OK
                        : rad_fail(error, RAD_NO_MEMORY, "out of memory: gzip of %zu bytes", plain->length);
}
