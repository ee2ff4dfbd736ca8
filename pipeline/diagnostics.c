#include "diagnostics.h"

#include "../core/interpolate.h"
#include "../core/memory.h"
#include "../core/sum.h"
#include "prepare.h"

#include <math.h>
#include <stdlib.h>

#define IMAGE_ROWS(stage)                                                                                    \
    {"img_dim_x_" stage, "voxel", "Image dimension x"}, {"img_dim_y_" stage, "voxel", "Image dimension y"},  \
        {"img_dim_z_" stage, "voxel", "Image dimension z"}, {"vox_dim_x_" stage, "mm", "Voxel dimension x"}, \
        {"vox_dim_y_" stage, "mm", "Voxel dimension y"}, {"vox_dim_z_" stage, "mm", "Voxel dimension z"},    \
        {"mean_int_" stage, "intensity", "Mean intensity"},                                                  \
        {"min_int_" stage, "intensity", "Minimum intensity"}, {                                              \
        "max_int_" stage, "intensity", "Maximum intensity"                                                   \
    }
#define ROI_ROWS(stage)                                                                                      \
    {"int_mask_dim_x_" stage, "voxel", "Int. mask dimension x"},                                             \
        {"int_mask_dim_y_" stage, "voxel", "Int. mask dimension y"},                                         \
        {"int_mask_dim_z_" stage, "voxel", "Int. mask dimension z"},                                         \
        {"int_mask_bb_dim_x_" stage, "voxel", "Int. mask bounding box dimension x"},                         \
        {"int_mask_bb_dim_y_" stage, "voxel", "Int. mask bounding box dimension y"},                         \
        {"int_mask_bb_dim_z_" stage, "voxel", "Int. mask bounding box dimension z"},                         \
        {"morph_mask_bb_dim_x_" stage, "voxel", "Morph. mask bounding box dimension x"},                     \
        {"morph_mask_bb_dim_y_" stage, "voxel", "Morph. mask bounding box dimension y"},                     \
        {"morph_mask_bb_dim_z_" stage, "voxel", "Morph. mask bounding box dimension z"},                     \
        {"int_mask_vox_count_" stage, "voxel", "Int. mask voxel count"},                                     \
        {"morph_mask_vox_count_" stage, "voxel", "Morph. mask voxel count"},                                 \
        {"int_mask_mean_int_" stage, "intensity", "Int. mask mean intensity"},                               \
        {"int_mask_min_int_" stage, "intensity", "Int. mask minimum intensity"}, {                           \
        "int_mask_max_int_" stage, "intensity", "Int. mask maximum intensity"                                \
    }

const rad_diagnostic rad_diagnostics[RAD_DIAGNOSTIC_COUNT] = {
    IMAGE_ROWS("init_img"), IMAGE_ROWS("interp_img"), ROI_ROWS("init_roi"),
    ROI_ROWS("interp_roi"), ROI_ROWS("reseg_roi"),
};

/* Mean and extremes, gathered in pieces of fixed size so that the order of the sum is fixed. */
typedef struct spread {
    double sum, minimum, maximum;
    size_t count;
} spread;

static void spread_add(spread *s, const double *x, size_t count) {
    if (!s->count) {
        s->minimum = INFINITY;
        s->maximum = -INFINITY;
    }
    s->sum += rad_sum(x, count);
    s->count += count;
    for (size_t i = 0; i < count; i++) {
        s->minimum = fmin(s->minimum, x[i]);
        s->maximum = fmax(s->maximum, x[i]);
    }
}

/* Slices that are interpolated at a time. */
enum { SLAB = 32 };

rad_status rad_diagnostics_image(const rad_volume *image, const rad_sampling *sampling, int threads,
                                 rad_image_diagnostics *out, rad_error *error) {
    spread s = {0};
    rad_status status = rad_interpolation_grid(&image->geometry, sampling->spacing, &out->geometry, error);
    if (status != RAD_OK) return status;
    const size_t *size = out->geometry.size, plane = size[0] * size[1];
    double *x = rad_new_raw(plane, SLAB * sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    for (size_t z = 0; z < size[2] && status == RAD_OK; z += SLAB) {
        rad_box slab = rad_geometry_box(&out->geometry);
        slab.begin[2] = z;
        if (z + SLAB < size[2]) slab.end[2] = z + SLAB;
        const rad_interpolating to = {&out->geometry, &slab, sampling->method, threads};
        status = rad_interpolate_image(image, &to, sampling->round, x, error);
        if (status == RAD_OK) spread_add(&s, x, rad_box_count(&slab));
    }
    rad_free(x);
    out->mean = s.sum / (double)s.count;
    out->minimum = s.minimum;
    out->maximum = s.maximum;
    return status;
}

/* One box of voxels with its two masks; `size` is that of the whole grid. */
typedef struct stage {
    const size_t *size;
    rad_box box;
    const double *intensity;
    const uint8_t *morphological, *intensity_mask;
} stage;

/* Extents of the bounding box of the set voxels, and their number. */
static size_t extents(const stage *s, const uint8_t *mask, double extent[3]) {
    const size_t width = s->box.end[0] - s->box.begin[0], height = s->box.end[1] - s->box.begin[1];
    const size_t total = rad_box_count(&s->box);
    size_t low[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX}, high[3] = {0}, count = 0;
    for (size_t i = 0; i < total; i++) {
        if (!mask[i]) continue;
        count++;
        const size_t at[3] = {i % width, i / width % height, i / width / height};
        for (int a = 0; a < 3; a++) {
            if (at[a] < low[a]) low[a] = at[a];
            if (at[a] + 1 > high[a]) high[a] = at[a] + 1;
        }
    }
    for (int a = 0; a < 3; a++) extent[a] = count ? (double)(high[a] - low[a]) : 0;
    return count;
}

static rad_value *put(rad_value *out, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) *out++ = rad_defined(values[i]);
    return out;
}

static rad_value *put_image(rad_value *out, const rad_image_diagnostics *d) {
    const rad_geometry *g = &d->geometry;
    const double values[] = {(double)g->size[0],
                             (double)g->size[1],
                             (double)g->size[2],
                             g->spacing[0],
                             g->spacing[1],
                             g->spacing[2],
                             d->mean,
                             d->minimum,
                             d->maximum};
    return put(out, values, sizeof values / sizeof values[0]);
}

static rad_value *put_stage(rad_value *out, const stage *s, double *x) {
    double box[3], outer[3];
    const size_t count = extents(s, s->intensity_mask, box), all = extents(s, s->morphological, outer);
    const size_t total = rad_box_count(&s->box);
    for (size_t i = 0, n = 0; i < total; i++)
        if (s->intensity_mask[i]) x[n++] = s->intensity[i];
    spread seen = {0};
    spread_add(&seen, x, count);
    const double values[] = {
        (double)s->size[0], (double)s->size[1], (double)s->size[2], box[0],        box[1],     box[2],
        outer[0],           outer[1],           outer[2],           (double)count, (double)all};
    out = put(out, values, sizeof values / sizeof values[0]);
    const double intensities[] = {seen.sum / (double)count, seen.minimum, seen.maximum};
    for (int i = 0; i < 3; i++)
        *out++ = count ? rad_defined(intensities[i]) : rad_undefined(RAD_EMPTY_INTENSITY);
    return out;
}

rad_status rad_diagnostics_roi(const rad_volume *image, const rad_mask *mask, const rad_label *label,
                               const rad_roi *roi, const rad_whole_diagnostics *whole,
                               rad_value out[RAD_DIAGNOSTIC_COUNT], rad_error *error) {
    out = put_image(out, &whole->initial);
    out = put_image(out, &whole->interpolated);
    rad_drawn first;
    double *x = NULL, *seen = NULL;
    rad_status status = rad_prepare_initial(&image->geometry, mask, label, &first, error);
    if (status != RAD_OK) goto done;
    const size_t before = rad_box_count(&first.box), after = rad_box_count(&roi->box);
    x = rad_new_raw(before, sizeof *x, error);
    seen = rad_new_raw(before > after ? before : after, sizeof *seen, error);
    status = x && seen ? RAD_OK : RAD_NO_MEMORY;
    if (status != RAD_OK) goto done;
    rad_volume_crop(image, &first.box, x);
    out = put_stage(out, &(stage){image->geometry.size, first.box, x, first.inside, first.inside}, seen);
    out = put_stage(
        out, &(stage){roi->grid.size, roi->box, roi->intensity, roi->morphological, roi->morphological},
        seen);
    put_stage(out,
              &(stage){roi->grid.size, roi->box, roi->intensity, roi->morphological, roi->intensity_mask},
              seen);
done:
    rad_free(x);
    rad_free(seen);
    rad_free(first.inside);
    return status;
}
