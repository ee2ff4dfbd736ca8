#include "padding.h"

#include "../core/interpolate.h"
#include "../core/memory.h"

#include <math.h>

/* 1 where a voxel of the box is padding; *count of them. */
static rad_status find_padding(const rad_volume *image, const rad_box *box, uint8_t **found, size_t *count,
                               rad_error *error) {
    const size_t total = rad_box_count(box);
    double *x = rad_new_raw(total, sizeof *x, error);
    *count = 0;
    *found = rad_new_raw(total, 1, error);
    if (x && *found) {
        rad_volume_crop(image, box, x);
        for (size_t i = 0; i < total; i++) {
            (*found)[i] = x[i] >= image->pad[0] && x[i] <= image->pad[1];
            *count += (*found)[i];
        }
    }
    rad_free(x);
    return x && *found ? RAD_OK : RAD_NO_MEMORY;
}

/* Where padding has a part in an intensity of the ROI's box, there is none. */
static rad_status drop_padding(const rad_volume *image, int threads, rad_roi *roi, rad_error *error) {
    rad_box box;
    size_t padding = 0;
    rad_volume found = {.geometry = image->geometry, .type = RAD_UINT8, .slope = 1};
    uint8_t *voxels = NULL;
    rad_status status =
        rad_interpolation_support(&image->geometry, &roi->grid, &roi->box, RAD_LINEAR, &box, error);
    if (status == RAD_OK) status = find_padding(image, &box, &voxels, &padding, error);
    found.voxels = voxels;
    found.held = box;
    const size_t count = rad_box_count(&roi->box);
    double *part = status == RAD_OK && padding ? rad_new_raw(count, sizeof *part, error) : NULL;
    if (status == RAD_OK && padding && !part) status = RAD_NO_MEMORY;
    const rad_interpolating to = {&roi->grid, &roi->box, RAD_LINEAR, threads};
    if (status == RAD_OK && padding) status = rad_interpolate_image(&found, &to, false, part, error);
    for (size_t i = 0; i < count && status == RAD_OK && padding; i++)
        if (part[i] > 1e-6) roi->intensity[i] = NAN;
    rad_free(part);
    rad_free(voxels);
    return status;
}

rad_status rad_padding_leave(const rad_volume *image, const rad_target *target, int threads, rad_roi *roi,
                             rad_error *error) {
    rad_drawn drawn = {.inside = NULL};
    uint8_t *found = NULL;
    size_t padding = 0;
    if (!image->pads) return RAD_OK;
    rad_status status = rad_prepare_initial(&image->geometry, target->mask, target->label, &drawn, error);
    if (status == RAD_OK) status = find_padding(image, &drawn.box, &found, &padding, error);
    for (size_t i = 0; status == RAD_OK && padding && i < rad_box_count(&drawn.box); i++) {
        roi->initial_count += drawn.inside[i];
        roi->padding_count += drawn.inside[i] && found[i];
    }
    rad_free(found);
    rad_free(drawn.inside);
    if (status == RAD_OK && roi->padding_count && roi->padding_count == roi->initial_count)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: all of its %zu voxels have the PixelPaddingValue (0028,0120): nothing was measured "
            "there; correct the mask",
            target->what, roi->initial_count);
    return status == RAD_OK ? drop_padding(image, threads, roi, error) : status;
}
