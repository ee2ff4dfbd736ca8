/* The content of a gzip stream is changed and packed again, in one or two members; or else bytes of the
 * stream around it. */
#include "fuzz.h"
#include "random.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

enum { CONTENT = 1 << 14, STREAM = 1 << 15 };

static size_t pack(const uint8_t *content, size_t size, uint8_t *out, size_t room, fuzz_random *r) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)content,
                  .avail_in = (uInt)size,
                  .next_out = out,
                  .avail_out = (uInt)room};
    if (deflateInit2(&z, (int)fuzz_below(r, 10), Z_DEFLATED, 15 + 16, 1 + (int)fuzz_below(r, 9),
                     (int)fuzz_below(r, 5)) != Z_OK)
        return 0;
    const int code = deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return code == Z_STREAM_END ? room - z.avail_out : 0;
}

static size_t unpack(const uint8_t *data, size_t size, uint8_t *out) {
    z_stream z = {
        .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size, .next_out = out, .avail_out = CONTENT};
    if (inflateInit2(&z, 15 + 16) != Z_OK) return 0;
    inflate(&z, Z_FINISH);
    inflateEnd(&z);
    return CONTENT - z.avail_out;
}

size_t fuzz_shape_gzip(uint8_t *data, size_t size, size_t most, unsigned seed) {
    static uint8_t content[CONTENT], stream[STREAM];
    fuzz_random r = fuzz_seed(seed);
    size_t length = unpack(data, size, content);
    if (fuzz_below(&r, 3) == 0 && size) {
        data[fuzz_below(&r, size < 32 ? size : 32)] ^= (uint8_t)(1 << fuzz_below(&r, 8));
        return size;
    }
    for (size_t i = fuzz_below(&r, 8); i && length; i--)
        content[fuzz_below(&r, length)] = (uint8_t)fuzz_below(&r, 256);
    const size_t cut = fuzz_below(&r, length + 1), more = fuzz_below(&r, 64);
    if (fuzz_below(&r, 3) == 0) length = cut;
    for (size_t i = 0; i < more && length < CONTENT; i++, length++)
        content[length] = content[fuzz_below(&r, length + 1)];
    const size_t first = fuzz_below(&r, 3) ? length : fuzz_below(&r, length + 1);
    size_t made = pack(content, first, stream, STREAM, &r);
    if (made && first < length)
        made += pack(content + first, length - first, stream + made, STREAM - made, &r);
    if (!made || made > most) return size;
    memcpy(data, stream, made);
    return made;
}
