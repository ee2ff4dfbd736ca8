#include "prepare.h"

#include "../core/interpolate.h"
#include "../core/memory.h"
#include "../core/printable.h"
#include "../core/regrid.h"
#include "../core/resegment.h"
#include "../features/families.h"
#include "padding.h"
#include "response.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

rad_status rad_prepare_check(const rad_label *label, const char *what, rad_error *error) {
    if (label->fault) return rad_fail(error, RAD_UNREADABLE, "%s: %s", what, label->fault);
    if (label->voxels) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: no voxel centre of the image lies inside it", what);
}

/* Number and bounding box (relative to the array) of the voxels that are set. */
static size_t bounds(const uint8_t *mask, const rad_box *box, rad_box *found) {
    const size_t width = box->end[0] - box->begin[0], height = box->end[1] - box->begin[1];
    size_t count = 0, row = 0, span[2];
    *found = (rad_box){{SIZE_MAX, SIZE_MAX, SIZE_MAX}, {0, 0, 0}};
    for (size_t z = 0; z < box->end[2] - box->begin[2]; z++)
        for (size_t y = 0; y < height; y++, row += width) {
            if (!rad_mask_span(mask + row, width, &span[0], &span[1])) continue;
            uint32_t here = (uint32_t)(span[1] - span[0]);
            if (memchr(mask + row + span[0], 0, here)) { /* most have no gap */
                here = 0;
                for (size_t x = span[0]; x < span[1]; x++) here += mask[row + x];
            }
            count += here;
            const size_t low[3] = {span[0], y, z}, end[3] = {span[1], y + 1, z + 1};
            for (int a = 0; a < 3; a++) {
                found->begin[a] = low[a] < found->begin[a] ? low[a] : found->begin[a];
                found->end[a] = end[a] > found->end[a] ? end[a] : found->end[a];
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

/* Voxels around the ROI that its families look at. */
static void margin_of(const rad_settings *settings, const rad_geometry *grid, size_t margin[3]) {
    unsigned families = settings->features.families;
    for (size_t i = 0; i < settings->image_count; i++) families |= settings->images[i].features.families;
    rad_families_margin(families, grid->spacing, margin);
}

/* The ROI's box is that of its voxels and the margin that families look at; where that is what was drawn, the
 * drawing becomes the ROI's.
 */
static rad_status shape_roi(rad_drawn *drawn, const rad_settings *settings, rad_roi *roi, rad_error *error) {
    rad_box tight;
    const rad_box *from = &drawn->box;
    roi->morphological_count = bounds(drawn->inside, from, &tight);
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
    const bool same = !memcmp(&roi->box, from, sizeof *from);
    roi->morphological = same ? drawn->inside : rad_new(count, 1, error);
    roi->intensity_mask = rad_new(count, 1, error);
    roi->intensity = rad_new_raw(count, sizeof *roi->intensity, error);
    if (same) drawn->inside = NULL;
    if (!roi->morphological || !roi->intensity_mask || !roi->intensity) return RAD_NO_MEMORY;
    if (!same) place_mask(drawn->inside, from, roi);
    return RAD_OK;
}

/* The box of the grid that can hold voxels of the label; false where there is none. */
static bool find_box(const rad_geometry *image, const rad_geometry *mask, const rad_label *label,
                     const rad_geometry *grid, rad_box *box) {
    if (!rad_geometry_same(image, mask)) return rad_regrid_box(mask, label, grid, box);
    *box = rad_interpolation_box(image, grid, &label->box);
    return true;
}

rad_status rad_prepare_reach(const rad_geometry *image, const rad_geometry *mask, const rad_label *label,
                             const rad_settings *settings, rad_box *box, rad_error *error) {
    rad_geometry grid;
    rad_box support, drawn, own = label->box;
    size_t margin[3];
    rad_status status = rad_interpolation_grid(image, settings->sampling.spacing, &grid, error);
    if (status != RAD_OK || !find_box(image, mask, label, &grid, &drawn)) return status;
    if (!rad_geometry_same(image, mask) && !rad_regrid_box(mask, label, image, &own)) own = *box;
    margin_of(settings, &grid, margin);
    const rad_box around = rad_box_grow(drawn, margin, &grid);
    rad_box seen = around;
    for (size_t i = 0; i < settings->image_count && status == RAD_OK; i++) {
        rad_box here;
        rad_visible visible;
        status = rad_response_box(&grid, &around, &settings->images[i], settings, &here, &visible, error);
        if (status == RAD_OK) seen = rad_box_join(&seen, &here);
    }
    if (status == RAD_OK)
        status = rad_interpolation_support(image, &grid, &seen, settings->sampling.method, &support, error);
    if (status == RAD_OK && own.end[0]) support = rad_box_join(&support, &own); /* what it holds is checked */
    if (status == RAD_OK) *box = box->end[0] ? rad_box_join(box, &support) : support;
    return status;
}

/* From the grid of an image to that of the features. */
typedef struct way {
    const rad_geometry *image, *grid;
    const rad_settings *settings;
    int threads;
} way;

/* The label over the box of the grid that can hold it. */
static rad_status draw(const way *w, const rad_mask *mask, const rad_label *label, rad_drawn *out,
                       rad_error *error) {
    const rad_geometry *image = w->image, *grid = w->grid;
    const rad_settings *settings = w->settings;
    const double *s = settings->sampling.spacing;
    const bool interpolates = s[0] > 0 || s[1] > 0 || s[2] > 0;
    if (!rad_geometry_same(image, &mask->volume.geometry))
        return rad_regrid_draw(
            mask, label, grid,
            (rad_regrid_way){interpolates ? settings->mask_method : RAD_NEAREST, settings->mask_threshold},
            w->threads, out, error);
    *out = (rad_drawn){.box = rad_interpolation_box(image, grid, &label->box)};
    out->inside = rad_new_raw(rad_box_count(&out->box), 1, error);
    if (!out->inside) return RAD_NO_MEMORY;
    const rad_interpolating to = {grid, &out->box, settings->mask_method, w->threads};
    return rad_interpolate_mask(mask, label->value, &to, settings->mask_threshold, out->inside, error);
}

rad_status rad_prepare_shape(const rad_geometry *image, const rad_mask *mask, const rad_label *label,
                             const rad_settings *settings, int threads, rad_roi *roi, rad_error *error) {
    rad_drawn drawn = {.inside = NULL};
    *roi = (rad_roi){.range = {-INFINITY, INFINITY}};
    rad_status status = rad_interpolation_grid(image, settings->sampling.spacing, &roi->grid, error);
    if (status == RAD_OK)
        status = draw(&(way){image, &roi->grid, settings, threads}, mask, label, &drawn, error);
    if (status == RAD_OK) status = shape_roi(&drawn, settings, roi, error);
    rad_free(drawn.inside);
    if (status != RAD_OK) rad_roi_free(roi);
    return status;
}

const char *rad_prepare_grid_text(const rad_roi *roi, char *text, size_t length) {
    const double *s = roi->grid.spacing;
    if (s[0] == s[1] && s[1] == s[2])
        snprintf(text, length, "%g mm", s[0]);
    else
        snprintf(text, length, "%g x %g x %g mm", s[0], s[1], s[2]);
    return text;
}

rad_status rad_prepare_lost(const rad_roi *roi, const char *what, rad_error *error) {
    char grid[80];
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: no voxel is left on the grid of %s; choose a finer interpolation.spacing or a lower "
                    "interpolation.mask_threshold",
                    what, rad_prepare_grid_text(roi, grid, sizeof grid));
}

rad_status rad_prepare_initial(const rad_geometry *image, const rad_mask *mask, const rad_label *label,
                               rad_drawn *out, rad_error *error) {
    if (!rad_geometry_same(image, &mask->volume.geometry))
        return rad_regrid_draw(mask, label, image, (rad_regrid_way){RAD_NEAREST, 0}, 1, out, error);
    *out = (rad_drawn){.box = label->box, .inside = rad_new_raw(rad_box_count(&label->box), 1, error)};
    if (!out->inside) return RAD_NO_MEMORY;
    rad_mask_crop(mask, label->value, &label->box, out->inside);
    return RAD_OK;
}

/* Voxels of a drawn ROI that the image has no intensity for. */
typedef struct lacking {
    rad_drawn drawn;
    size_t count;
} lacking;

static bool count_lacking(const size_t voxel[3], double value, void *context) {
    lacking *l = context;
    const rad_box *b = &l->drawn.box;
    size_t place = 0;
    (void)value;
    for (int a = 2; a >= 0; a--) place = place * (b->end[a] - b->begin[a]) + voxel[a] - b->begin[a];
    l->count += l->drawn.inside[place];
    return true;
}

/* The image has an intensity for every voxel of the ROI. */
static rad_status check_own(const rad_volume *image, const rad_mask *mask, const rad_label *label,
                            const char *what, rad_error *error) {
    lacking l = {.count = 0};
    if (!rad_volume_may_lack(image)) return RAD_OK;
    rad_status status = rad_prepare_initial(&image->geometry, mask, label, &l.drawn, error);
    if (status != RAD_OK) return status;
    rad_volume_find_lacking(image, &l.drawn.box, count_lacking, &l);
    size_t all = 0;
    for (size_t i = 0; l.count && i < rad_box_count(&l.drawn.box); i++) all += l.drawn.inside[i];
    rad_free(l.drawn.inside);
    if (!l.count) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: %zu of %zu voxels of the ROI are NaN or infinite; correct the image, or leave them out of "
        "the mask",
        what, l.count, all);
}

/* Around the ROI nothing was measured where the image itself has no intensity, whatever stood for it. */
static rad_status mark_lacking(const rad_volume *image, int threads, rad_roi *roi, rad_error *error) {
    const size_t count = rad_box_count(&roi->box);
    double *own = rad_new_raw(count, sizeof *own, error);
    if (!own) return RAD_NO_MEMORY;
    const rad_interpolating to = {&roi->grid, &roi->box, RAD_NEAREST, threads};
    rad_status status = rad_interpolate_image(image, &to, false, own, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        if (!roi->morphological[i] && !isfinite(own[i])) roi->intensity[i] = NAN;
    rad_free(own);
    return status;
}

/* Can an interpolated intensity be infinite or NaN? Of whole numbers of a moderate scale none can. */
static bool may_exceed(const rad_volume *seen) {
    static const double moderate = 1e200;
    return rad_volume_may_lack(seen) || fabs(seen->slope) > moderate || fabs(seen->intercept) > moderate;
}

/* Interpolation needs no voxel that is not finite: the first one that it does is named. */
static rad_status check_finite(const rad_volume *seen, rad_interpolation method, const char *what,
                               const rad_roi *roi, rad_error *error) {
    static const char *const who[] = {[RAD_NEAREST] = "nearest interpolation",
                                      [RAD_LINEAR] = "linear interpolation",
                                      [RAD_CUBIC] = "cubic interpolation"};
    const size_t count = rad_box_count(&roi->box);
    size_t i = 0;
    while (i < count && !(roi->morphological[i] && !isfinite(roi->intensity[i]))) i++;
    if (i == count) return RAD_OK;
    size_t at[3] = {i % roi->size[0], i / roi->size[0] % roi->size[1], i / roi->size[0] / roi->size[1]};
    rad_box voxel, support;
    for (int a = 0; a < 3; a++) {
        voxel.begin[a] = roi->box.begin[a] + at[a];
        voxel.end[a] = voxel.begin[a] + 1;
    }
    rad_status status =
        rad_interpolation_support(&seen->geometry, &roi->grid, &voxel, method, &support, error);
    if (status == RAD_OK) status = rad_response_check(seen, &support, what, who[method], error);
    if (status != RAD_OK) return status;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: interpolated intensities exceed the range of double precision", what);
}

static rad_status read_intensities(const rad_volume *image, const rad_settings *settings, int threads,
                                   const char *what, rad_roi *roi, rad_error *error) {
    const rad_volume seen = rad_response_seen(image, settings->sampling.instead_of_nan);
    const rad_interpolating to = {&roi->grid, &roi->box, settings->sampling.method, threads};
    rad_status status = rad_interpolate_image(&seen, &to, settings->sampling.round, roi->intensity, error);
    if (status == RAD_OK && seen.fills) status = mark_lacking(image, threads, roi, error);
    if (status != RAD_OK || !may_exceed(&seen)) return status;
    return check_finite(&seen, settings->sampling.method, what, roi, error);
}

/* " and within 3 standard deviations ...": what beside the range is asked of intensities. */
static const char *tell_bounds(const rad_settings *settings, double largest, char *text, size_t length) {
    *text = '\0';
    if (settings->outliers > 0)
        snprintf(text, length, " and within %g standard deviations of the mean (outliers)",
                 settings->outliers);
    if (settings->percentiles[0] > 0 || settings->percentiles[1] < 100)
        snprintf(text + strlen(text), length - strlen(text), " and between percentiles %g and %g",
                 settings->percentiles[0], settings->percentiles[1]);
    const size_t used = strlen(text);
    if (settings->relative > 0)
        snprintf(text + used, length - used, " and at least %g, %g of the largest (relative)",
                 settings->relative * largest, settings->relative);
    return text;
}

/* An intensity mask without a voxel has no value of any kind. */
static rad_status check_kept(const rad_roi *roi, const rad_settings *settings, const char *what,
                             rad_error *error) {
    char bounds_text[240];
    double low = INFINITY;
    if (roi->intensity_count) return RAD_OK;
    const double high = rad_resegment_largest(roi);
    for (size_t i = 0; i < rad_box_count(&roi->box); i++)
        if (roi->morphological[i]) low = fmin(low, roi->intensity[i]);
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: re-segmentation leaves none of its %zu voxel%s, with intensities %g..%g: none is in "
                    "the range %g..%g%s; correct resegmentation or the mask",
                    what, roi->morphological_count, rad_plural(roi->morphological_count), low, high,
                    settings->range[0], settings->range[1],
                    tell_bounds(settings, high, bounds_text, sizeof bounds_text));
}

/* A part of the largest intensity is above it where that is below 0. */
static rad_status check_relative(const rad_roi *roi, const rad_settings *settings, const char *what,
                                 rad_error *error) {
    const double largest = settings->relative > 0 ? rad_resegment_largest(roi) : 1;
    if (largest > 0) return RAD_OK;
    return rad_fail(
        error, RAD_CONFIG,
        "%s: its largest intensity is %g; resegmentation.relative is a part of the largest, which "
        "must be above 0: give resegmentation.range",
        what, largest);
}

static rad_status resegment(rad_roi *roi, const rad_settings *settings, const char *what, rad_error *error) {
    const rad_resegmenting how = {.range = {settings->range[0], settings->range[1]},
                                  .outliers = settings->outliers,
                                  .relative = settings->relative,
                                  .percentiles = {settings->percentiles[0], settings->percentiles[1]},
                                  .shape = settings->reshape};
    roi->drawn_count = roi->morphological_count;
    rad_status status = check_relative(roi, settings, what, error);
    if (status == RAD_OK) status = rad_resegment(roi, &how, error);
    return status == RAD_OK ? check_kept(roi, settings, what, error) : status;
}

rad_status rad_prepare_roi(const rad_volume *image, const rad_target *target, const rad_settings *settings,
                           int threads, rad_roi *roi, rad_error *error) {
    const rad_mask *mask = target->mask;
    const rad_label *label = target->label;
    const char *what = target->what;
    rad_status status = rad_prepare_shape(&image->geometry, mask, label, settings, threads, roi, error);
    if (status == RAD_OK && !roi->morphological_count) status = rad_prepare_lost(roi, what, error);
    if (status == RAD_OK) status = check_own(image, mask, label, what, error);
    roi->single = image->type == RAD_FLOAT32;
    if (status == RAD_OK) status = read_intensities(image, settings, threads, what, roi, error);
    if (status == RAD_OK) status = rad_padding_leave(image, target, threads, roi, error);
    if (status == RAD_OK) status = resegment(roi, settings, what, error);
    if (status != RAD_OK) rad_roi_free(roi);
    return status;
}
