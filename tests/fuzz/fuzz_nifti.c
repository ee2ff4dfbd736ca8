/* Header and voxels of an image, plain or gzipped; all of it, and a box. */
#include "fuzz.h"

#include "../../core/memory.h"
#include "../../io/nifti.h"

static void read_box(const char *path, const rad_geometry *geometry) {
    rad_error error = {0};
    rad_volume part;
    rad_box box = rad_geometry_box(geometry);
    for (int a = 0; a < 3; a++) box.end[a] = box.begin[a] + (box.end[a] - box.begin[a] + 1) / 2;
    if (rad_nifti_read_box(path, NULL, &box, false, &part, NULL, &error) != RAD_OK) return;
    double *x = rad_new_raw(rad_box_count(&box), sizeof *x, &error);
    if (x) rad_volume_crop(&part, &box, x);
    rad_free(x);
    rad_volume_free(&part);
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_volume volume;
    rad_mask mask;
    if (rad_nifti_read_header(path, &volume, &warnings, &error) == RAD_OK) read_box(path, &volume.geometry);
    if (rad_nifti_read(path, &volume, &warnings, &error) == RAD_OK) rad_volume_free(&volume);
    if (rad_nifti_read_mask(path, &mask, &warnings, &error) == RAD_OK) rad_mask_free(&mask);
}

const fuzzer fuzzer_nifti = {"nifti", run, NULL};
