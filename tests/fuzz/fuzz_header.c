/* Headers of lines: NRRD with its segments, MetaImage. Of the files that
 * they may name some are there: zeros, which are bytes, digits and numbers alike. */
#include "formats.h"
#include "fuzz.h"

/* Beside the input, by names of the seeds. */
static void put_files(void) {
    static const char *const names[] = {"a", "b", "c", "a01", "a02", "a03", "a001", "a002", "a003"};
    char path[160];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", fuzz_folder(), names[i]);
        FILE *file = fopen(path, "w");
        FUZZ_CHECK(file);
        for (size_t n = 0; n < 20; n++) FUZZ_CHECK(fputs("0 ", file) >= 0);
        FUZZ_CHECK(!fclose(file));
    }
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    if (!input.file) put_files();
    if (size < 8 || !memcmp(data, "\x1f\x8b", 2)) return; /* the turn of fuzz_gzip */
    fuzz_format(fuzz_put(&input, data, size));
}

const fuzzer fuzzer_header = {"header", run, fuzz_shape_text};
