/* Labels of a mask: six bytes of type and size, then voxels. What is indexed must add up. */
#include "fuzz.h"

#include "../../core/mask.h"
#include "../../core/memory.h"

#include <string.h>

/* Every label crops to as many voxels as were counted, in its box. */
static void check_labels(const rad_mask *mask) {
    rad_error error = {0};
    const rad_box all = rad_geometry_box(&mask->volume.geometry);
    const size_t count = rad_box_count(&all);
    uint8_t *inside = rad_new(count, 1, &error);
    for (size_t l = 0; inside && l < mask->label_count && l < 4; l++) {
        size_t found = 0;
        rad_mask_crop(mask, mask->labels[l].value, &all, inside);
        for (size_t i = 0; i < count; i++) found += inside[i];
        if (found != mask->labels[l].voxels) abort();
        rad_mask_crop(mask, mask->labels[l].value, &mask->labels[l].box, inside);
        for (size_t i = 0; i < rad_box_count(&mask->labels[l].box); i++) found -= inside[i];
        if (found) abort();
    }
    rad_free(inside);
}

static void run(const uint8_t *data, size_t size) {
    if (size < 6) return;
    rad_error error = {0};
    rad_mask mask = {
        .volume = {.type = (rad_type)(1 + data[0] % (RAD_TYPE_COUNT - 1)),
                   .slope = data[1] % 4 ? 1 : data[1] / 16.0,
                   .intercept = data[1] % 8 ? 0 : (double)data[2] - 3,
                   .geometry = {.spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}}};
    for (int a = 0; a < 3; a++) mask.volume.geometry.size[a] = 1 + data[3 + a] % 8;
    const size_t bytes = rad_geometry_count(&mask.volume.geometry) * rad_type_size(mask.volume.type);
    mask.volume.voxels = rad_new(bytes, 1, &error);
    if (!mask.volume.voxels) return;
    memcpy(mask.volume.voxels, data + 6, size - 6 < bytes ? size - 6 : bytes);
    if (rad_mask_index(&mask, "input", &error) == RAD_OK) {
        check_labels(&mask);
        rad_geometry other = mask.volume.geometry;
        other.size[0] = 1 + data[2] % 16;
        other.origin[1] = data[5] / 32.0 - 4;
        if (rad_mask_resample(&mask, &other, "input", &error) == RAD_OK) check_labels(&mask);
    }
    rad_mask_free(&mask);
}

const fuzzer fuzzer_mask = {"mask", run, NULL};
