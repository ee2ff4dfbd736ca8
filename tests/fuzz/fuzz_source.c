/* A DICOM file as an image, as a structure set and as a segmentation of a small grid; all of it, and a box.
 */
#include "fuzz.h"

#include "../../core/memory.h"
#include "../../pipeline/case_files.h"

#include <string.h>

static rad_source grid_source(void) {
    return (rad_source){.path = "grid",
                        .header = {.geometry = {.size = {24, 20, 6},
                                                .spacing = {0.75, 0.8, 2.5},
                                                .origin = {30.5, 20.25, 10},
                                                .direction = {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
                                   .type = RAD_INT16,
                                   .slope = 1}};
}

static void read_image(const char *path, const rad_source_options *how) {
    rad_error error = {0};
    rad_source source;
    rad_volume volume;
    if (rad_source_open(path, how, &source, NULL, &error) != RAD_OK) return;
    if (rad_geometry_count(&source.header.geometry) < 1 << 20) {
        rad_box box = rad_geometry_box(&source.header.geometry);
        for (int a = 0; a < 3; a++) box.end[a] = (box.end[a] + 1) / 2;
        if (rad_source_read(&source, how, &box, &volume, NULL, &error) == RAD_OK) {
            double *x = rad_new_raw(rad_box_count(&box), sizeof *x, &error);
            if (x) rad_volume_crop(&volume, &box, x);
            rad_free(x);
            rad_volume_free(&volume);
        }
    }
    rad_source_close(&source);
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    rad_error error = {0};
    rad_mask mask;
    rad_settings settings;
    rad_settings_default(&settings);
    rad_source_options how = rad_case_source_options(&settings, NULL, 1);
    how.any_frame = true;
    const rad_source grid = grid_source();
    if (size < 132 || memcmp(data + 128, "DICM", 4) != 0) return; /* else it is the turn of fuzz_nifti */
    const char *path = fuzz_put(&input, data, size);
    read_image(path, &how);
    if (rad_source_read_mask(path, &grid, &how, NULL, &mask, NULL, &error) == RAD_OK) {
        if (rad_geometry_count(&mask.volume.geometry) < 1 << 16 &&
            rad_mask_resample(&mask, &grid.header.geometry, path, &error) != RAD_OK)
            *error.text = '\0';
        rad_mask_free(&mask);
    }
}

const fuzzer fuzzer_source = {"source", run, fuzz_shape_dicom};
