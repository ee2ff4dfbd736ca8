/* A gzip stream: taken, skipped and finished in pieces; and a second time in one piece, to the same end. */
#include "fuzz.h"

#include "../../core/memory.h"
#include "../../io/stream.h"

#include <string.h>

enum { MOST = 1 << 16 };

/* Content of the stream in pieces of `piece`; how much there is. */
static rad_status content(const char *path, size_t piece, uint8_t *out, size_t *length) {
    rad_stream stream;
    rad_error error = {0};
    rad_status status = rad_stream_open(path, &stream, &error);
    size_t got = 1;
    for (*length = 0; status == RAD_OK && got && *length < MOST; *length += got)
        status = rad_stream_read_some(&stream, out + *length, MOST - *length < piece ? MOST - *length : piece,
                                      &got, &error);
    if (status == RAD_OK && *length < MOST) status = rad_stream_finish(&stream, &error);
    rad_stream_close(&stream);
    return status;
}

static void run(const uint8_t *data, size_t size) {
    static uint8_t whole[MOST], parts[MOST];
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    size_t length[2];
    const rad_status one = content(path, MOST, whole, &length[0]),
                     two = content(path, 777, parts, &length[1]);
    if (length[0] < MOST && (one == RAD_OK) != (two == RAD_OK))
        abort(); /* damage beyond MOST may be seen early */
    if (one == RAD_OK && two == RAD_OK && (length[0] != length[1] || memcmp(whole, parts, length[0]) != 0))
        abort();
    rad_stream stream;
    rad_error error = {0};
    if (rad_stream_open(path, &stream, &error) == RAD_OK) {
        if (rad_stream_skip(&stream, length[0] / 2, &error) == RAD_OK) {
            size_t got = 0;
            uint8_t byte;
            if (rad_stream_read_some(&stream, &byte, 1, &got, &error) == RAD_OK && got && one == RAD_OK &&
                byte != whole[length[0] / 2])
                abort();
        }
        rad_stream_close(&stream);
    }
}

const fuzzer fuzzer_gzip = {"gzip", run, fuzz_shape_gzip};
