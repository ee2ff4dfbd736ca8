/* Lists of cases: opened, and rows read in an order of their own. */
#include "../../pipeline/batch/manifest.h"
#include "fuzz.h"

#include <string.h>

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_manifest manifest;
    rad_manifest_row row;
    if (rad_manifest_open(path, &manifest, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    FUZZ_CHECK(manifest.count);
    for (size_t i = 0; i < manifest.count && i < 8; i++) {
        const size_t index = i * 7 % manifest.count;
        if (rad_manifest_read(&manifest, index, &row, &error) != RAD_OK) {
            FUZZ_REFUSED(error);
            continue;
        }
        FUZZ_CHECK(row.image && row.mask && row.name && *row.image == '/' && *row.mask == '/');
        for (size_t k = 0; k < manifest.sheet.columns; k++) FUZZ_CHECK(row.field[k]);
        rad_manifest_row_free(&row);
    }
    rad_manifest_close(&manifest);
}

const fuzzer fuzzer_manifest = {"manifest", run, fuzz_shape_text};
