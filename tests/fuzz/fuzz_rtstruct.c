/* A structure set: listed, and drawn on a small grid. */
#include "../../core/memory.h"
#include "drawing.h"

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_structure *structures;
    size_t count = 0;
    rad_mask mask;
    const rad_drawing drawing = {.grid = &fuzz_grid, .any_frame = true, .threshold = 0.5};
    if (rad_rtstruct_list(path, &structures, &count, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    rad_free(structures);
    if (rad_rtstruct_read(path, &drawing, &mask, NULL, &error) == RAD_OK) {
        FUZZ_CHECK(mask.label_count == count);
        fuzz_check_mask(&mask);
        rad_mask_free(&mask);
    } else {
        FUZZ_REFUSED(error);
    }
}

const fuzzer fuzzer_rtstruct = {"rtstruct", run, fuzz_shape_dicom};
