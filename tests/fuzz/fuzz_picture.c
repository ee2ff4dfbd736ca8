/* Binary headers: PNG, TIFF, npy, MGH, and ANALYZE, whose header and voxels become two files. */
#include "formats.h"
#include "fuzz.h"

static void put_beside(const char *path, const char *ending, const uint8_t *data, size_t size) {
    char name[160];
    snprintf(name, sizeof name, "%s%s", path, ending);
    FILE *out = fopen(name, "wb");
    FUZZ_CHECK(out && fwrite(data, 1, size, out) == size);
    FUZZ_CHECK(!fclose(out));
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    char name[160];
    if (size < 8 || !memcmp(data, "\x1f\x8b", 2)) return;
    const char *path = fuzz_put(&input, data, size);
    const bool analyze = size > 348 && (!memcmp(data, "\x5c\1\0\0", 4) || !memcmp(data, "\0\0\1\x5c", 4));
    if (!analyze) {
        fuzz_format(path);
        return;
    }
    put_beside(path, ".hdr", data, 348);
    put_beside(path, ".img", data + 348, size - 348);
    snprintf(name, sizeof name, "%s.hdr", path);
    fuzz_format(name);
}

const fuzzer fuzzer_picture = {"picture", run, NULL};
