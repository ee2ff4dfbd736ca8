/* An image, plain or gzipped: its header, a box in its own order of axes, and as a mask. */
#include "../../io/scan/nifti.h"
#include "../../io/scan/source.h"
#include "formats.h"
#include "fuzz.h"

#include <math.h>

static void read_box(const char *path, const rad_geometry *stored) {
    rad_error error = {0};
    rad_volume part;
    const rad_order order = rad_order_find(stored);
    const rad_geometry grid = rad_order_grid(&order, stored);
    const rad_box box = fuzz_half(&grid);
    if (rad_nifti_read_box(path, &order, &box, false, &part, NULL, &error) == RAD_OK)
        fuzz_crop(&part, &box);
    else
        FUZZ_REFUSED(error);
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_volume volume;
    rad_mask mask;
    if (rad_nifti_read_header(path, &volume, &warnings, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    for (int a = 0; a < 3; a++)
        FUZZ_CHECK(volume.geometry.size[a] && volume.geometry.spacing[a] > 0 &&
                   isfinite(volume.geometry.origin[a]));
    read_box(path, &volume.geometry);
    if (rad_nifti_read_mask(path, &mask, &warnings, &error) == RAD_OK) {
        extern const rad_reader rad_reader_nifti;
        FUZZ_CHECK(rad_mask_turn(&mask, &error) == RAD_OK);
        FUZZ_CHECK(rad_reader_nifti.names(path, &mask, &error) == RAD_OK);
        rad_mask_free(&mask);
    } else {
        FUZZ_REFUSED(error);
    }
}

const fuzzer fuzzer_nifti = {"nifti", run, fuzz_shape_nifti};
