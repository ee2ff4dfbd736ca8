#include "prepare.h"

#include "../core/interpolate.h"
#include "../core/memory.h"
#include "../core/resegment.h"
#include "../features/peaks.h"
#include "response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Number and bounding box (relative to the array) of the voxels that are set. */
static size_t bounds(const uint8_t *mask, const rad_box *box, rad_box *found) {
    const size_t width = box->end[0] - box->begin[0], height = box->end[1] - box->begin[1];
    const size_t total = rad_box_count(box);
    size_t count = 0;
    *found = (rad_box){{SIZE_MAX, SIZE_MAX, SIZE_MAX}, {0, 0, 0}};
    for (size_t i = 0; i < total; i++) {
        if (!mask[i]) continue;
        count++;
        const size_t at[3] = {i % width, i / width % height, i / width / height};
        for (int a = 0; a < 3; a++) {
            if (at[a] < found->begin[a]) found->begin[a] = at[a];
            if (at[a] + 1 > found->end[a]) found->end[a] = at[a] + 1;
        }
    }
    return count;
}

/* Copies the voxels of `inner` (relative to `from`) to their place in the ROI's box. */
static void place_mask(const uint8_t *mask, const rad_box *from, rad_roi *roi) {
    const size_t width = from->end[0] - from->begin[0], height = from->end[1] - from->begin[1];
    const rad_box *in = &roi->inner;
    size_t shift[3]; /* from the ROI's box to the mask's */
    for (int a = 0; a < 3; a++)
        shift[a] = roi->box.begin[a] - from->begin[a]; /* may wrap; sums come out right */
    for (size_t z = in->begin[2]; z < in->end[2]; z++)
        for (size_t y = in->begin[1]; y < in->end[1]; y++)
            memcpy(roi->morphological + (z * roi->size[1] + y) * roi->size[0] + in->begin[0],
                   mask + ((z + shift[2]) * height + y + shift[1]) * width + in->begin[0] + shift[0],
                   in->end[0] - in->begin[0]);
}

/* Voxels around the ROI that local intensity looks at. */
static void margin_of(const rad_settings *settings, const rad_geometry *grid, size_t margin[3]) {
    memset(margin, 0, 3 * sizeof *margin);
    unsigned families = settings->features.families;
    for (size_t i = 0; i < settings->image_count; i++) families |= settings->images[i].features.families;
    if (families & 1U << RAD_FAMILY_LOC) rad_peaks_margin(grid->spacing, margin);
}

/* The ROI's box is that of its voxels and the margin that local intensity looks at. */
static rad_status shape_roi(const uint8_t *mask, const rad_box *from, const rad_settings *settings,
                            rad_roi *roi, rad_error *error) {
    rad_box tight;
    roi->morphological_count = bounds(mask, from, &tight);
    if (!roi->morphological_count) return RAD_OK;
    for (int a = 0; a < 3; a++) {
        tight.begin[a] += from->begin[a];
        tight.end[a] += from->begin[a];
    }
    size_t margin[3];
    margin_of(settings, &roi->grid, margin);
    roi->box = rad_box_grow(tight, margin, &roi->grid);
    for (int a = 0; a < 3; a++) {
        roi->size[a] = roi->box.end[a] - roi->box.begin[a];
        roi->inner.begin[a] = tight.begin[a] - roi->box.begin[a];
        roi->inner.end[a] = tight.end[a] - roi->box.begin[a];
    }
    const size_t count = rad_box_count(&roi->box);
    roi->morphological = rad_new(count, 1, error);
    roi->intensity_mask = rad_new(count, 1, error);
    roi->intensity = rad_new_raw(count, sizeof *roi->intensity, error);
    if (!roi->morphological || !roi->intensity_mask || !roi->intensity) return RAD_NO_MEMORY;
    place_mask(mask, from, roi);
    return RAD_OK;
}

rad_status rad_roi_reach(const rad_geometry *image, const rad_label *label, const rad_settings *settings,
                         rad_box *box, rad_error *error) {
    rad_geometry grid;
    rad_box support;
    size_t margin[3];
    rad_status status = rad_interpolation_grid(image, settings->spacing, &grid, error);
    if (status != RAD_OK) return status;
    margin_of(settings, &grid, margin);
    const rad_box around = rad_box_grow(rad_interpolation_box(image, &grid, &label->box), margin, &grid);
    rad_box seen = around;
    for (size_t i = 0; i < settings->image_count && status == RAD_OK; i++) {
        rad_box here;
        rad_sight sight;
        status = rad_response_box(&grid, &around, &settings->images[i], settings, &here, &sight, error);
        if (status == RAD_OK) seen = rad_box_join(&seen, &here);
    }
    if (status == RAD_OK)
        status = rad_interpolation_support(image, &grid, &seen, settings->image_method, &support, error);
    if (status == RAD_OK) *box = box->end[0] ? rad_box_join(box, &support) : support;
    return status;
}

static rad_status check_finite(const rad_roi *roi, const char *what, rad_error *error) {
    const size_t count = rad_box_count(&roi->box);
    size_t bad = 0;
    for (size_t i = 0; i < count; i++) bad += roi->morphological[i] && !isfinite(roi->intensity[i]);
    if (!bad) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: %zu of %zu voxels of the ROI are NaN or infinite; correct the image, or leave them out of "
        "the mask",
        what, bad, roi->morphological_count);
}

rad_status rad_roi_prepare(const rad_volume *image, const rad_mask *mask, const rad_label *label,
                           const rad_settings *settings, int threads, const char *what, rad_roi *roi,
                           rad_error *error) {
    *roi = (rad_roi){.range = {-INFINITY, INFINITY}};
    uint8_t *inside = NULL;
    rad_status status = rad_interpolation_grid(&image->geometry, settings->spacing, &roi->grid, error);
    if (status != RAD_OK) return status;
    const rad_box box = rad_interpolation_box(&image->geometry, &roi->grid, &label->box);
    inside = rad_new_raw(rad_box_count(&box), 1, error);
    status = inside ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK)
        status = rad_interpolate_mask(mask, label->value, &roi->grid, &box, settings->mask_method,
                                      settings->mask_threshold, threads, inside, error);
    if (status == RAD_OK) status = shape_roi(inside, &box, settings, roi, error);
    if (status != RAD_OK || !roi->morphological_count) goto done;
    status = rad_interpolate_image(image, &roi->grid, &roi->box, settings->image_method, settings->round,
                                   threads, roi->intensity, error);
    if (status == RAD_OK) status = check_finite(roi, what, error);
    if (status == RAD_OK) status = rad_resegment(roi, settings->range, settings->outliers, error);
done:
    rad_free(inside);
    if (status != RAD_OK) rad_roi_free(roi);
    return status;
}
