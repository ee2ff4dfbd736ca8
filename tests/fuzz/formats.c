#include "formats.h"

#include "../../core/memory.h"
#include "fuzz.h"

rad_box fuzz_half(const rad_geometry *grid) {
    rad_box box = rad_geometry_box(grid);
    for (int a = 0; a < 3; a++) box.end[a] = (box.end[a] + 1) / 2;
    return box;
}

void fuzz_crop(rad_volume *part, const rad_box *box) {
    rad_error error = {0};
    double *x = rad_new_raw(rad_box_count(box), sizeof *x, &error);
    FUZZ_CHECK(x);
    rad_volume_crop(part, box, x);
    rad_free(x);
    rad_volume_free(part);
}

void fuzz_part(const rad_source *source, const rad_source_options *options) {
    rad_error error = {0};
    rad_volume part;
    const rad_box box = fuzz_half(&source->header.geometry);
    if (rad_box_count(&box) > 1 << 22) return; /* a text of zeros, packed, may well hold that much */
    if (rad_source_read(source, options, &box, &part, NULL, &error) == RAD_OK)
        fuzz_crop(&part, &box);
    else
        FUZZ_REFUSED(error);
}

static void read_mask(const char *path, const rad_source *source, const rad_source_options *options) {
    rad_error error = {0};
    rad_mask mask;
    if (rad_geometry_count(&source->header.geometry) > 1 << 22) return;
    if (rad_source_read_mask(path, source, options, NULL, &mask, NULL, &error) == RAD_OK)
        rad_mask_free(&mask);
    else
        FUZZ_REFUSED(error);
}

void fuzz_format(const char *path) {
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_source source;
    const rad_source_options options = {.verify = true, .threshold = 0.5, .spacing = {1, 2, 3}};
    if (rad_source_open(path, &options, &source, &warnings, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    for (int a = 0; a < 3; a++)
        FUZZ_CHECK(source.stored.size[a] && source.stored.spacing[a] > 0 &&
                   isfinite(source.stored.spacing[a]) && isfinite(source.stored.origin[a]));
    fuzz_part(&source, &options);
    read_mask(path, &source, &options);
    rad_source_close(&source);
}
