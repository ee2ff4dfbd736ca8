/* A segmentation: listed, read on its own grid, and put on that of an image. */
#include "../../core/memory.h"
#include "../../io/dicom/segmentation.h"
#include "drawing.h"

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_segment *segments;
    size_t count = 0;
    rad_mask mask;
    const rad_drawing drawing = {.grid = &fuzz_grid, .any_frame = true, .threshold = 0.5};
    if (rad_segmentation_list(path, &segments, &count, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    rad_free(segments);
    if (rad_segmentation_read(path, &drawing, &mask, NULL, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    fuzz_check_mask(&mask);
    if (rad_geometry_count(&mask.volume.geometry) < 1 << 16 && rad_mask_turn(&mask, &error) == RAD_OK &&
        rad_mask_resample(&mask, &fuzz_grid, path, &error) == RAD_OK)
        fuzz_check_mask(&mask);
    rad_mask_free(&mask);
}

const fuzzer fuzzer_seg = {"seg", run, fuzz_shape_dicom};
