/* Headers of lines: NRRD with its segments, MetaImage. A name of another file is that of a file of zeros. */
#include "formats.h"
#include "fuzz.h"

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    if (size < 8 || !memcmp(data, "\x1f\x8b", 2)) return; /* the turn of fuzz_gzip */
    fuzz_format(fuzz_put(&input, data, size));
}

const fuzzer fuzzer_header = {"header", run, fuzz_shape_text};
