#include "response.h"

#include "../core/interpolate.h"
#include "../core/memory.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The first voxel in the file, of those that the volume holds, that is NaN or infinite; false when there is
 * none. */
static bool find_bad(const rad_volume *image, size_t voxel[3], double *value) {
    enum { PIECE = 4096 };
    const rad_box held = rad_volume_held(image);
    const size_t count = rad_box_count(&held), size = rad_type_size(image->type);
    const size_t width = held.end[0] - held.begin[0], height = held.end[1] - held.begin[1];
    double piece[PIECE];
    bool found = false;
    if (image->type != RAD_FLOAT32 && image->type != RAD_FLOAT64 && isfinite(image->slope)) return false;
    for (size_t begin = 0; begin < count; begin += PIECE) {
        const size_t length = count - begin < PIECE ? count - begin : PIECE;
        rad_volume_convert(image, (const char *)image->voxels + begin * size, length, piece);
        for (size_t i = 0; i < length; i++) {
            if (isfinite(piece[i])) continue;
            const size_t v = begin + i;
            size_t at[3] = {held.begin[0] + v % width, held.begin[1] + v / width % height,
                            held.begin[2] + v / width / height};
            rad_order_index(&image->order, &image->geometry, at, at);
            const bool earlier = at[2] != voxel[2]   ? at[2] < voxel[2]
                                 : at[1] != voxel[1] ? at[1] < voxel[1]
                                                     : at[0] < voxel[0];
            if (found && !earlier) continue;
            memcpy(voxel, at, sizeof at);
            *value = piece[i];
            if (!image->order.turned) return true;
            found = true;
        }
    }
    return found;
}

static rad_status refuse(const char *what, const size_t voxel[3], double value, rad_error *error) {
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: voxel (%zu, %zu, %zu) is %g; a filter needs finite intensities: correct the image, or give "
        "--nan a number that filters see in its place",
        what, voxel[0], voxel[1], voxel[2], value);
}

/* The image, or where it holds NaN or infinity a copy without (copy->voxels, to be freed). */
static rad_status without_nan(const rad_volume *image, const char *what, double instead,
                              const rad_volume **clean, rad_volume *copy, rad_error *error) {
    size_t voxel[3] = {0};
    double value;
    *copy = (rad_volume){0};
    *clean = image;
    if (!find_bad(image, voxel, &value)) return RAD_OK;
    if (isnan(instead)) return refuse(what, voxel, value, error);
    const rad_box held = rad_volume_held(image);
    const size_t count = rad_box_count(&held);
    *copy = *image;
    copy->type = RAD_FLOAT64;
    copy->slope = 1;
    copy->intercept = 0;
    double *voxels = copy->voxels = rad_new_raw(count, sizeof *voxels, error);
    if (!voxels) return RAD_NO_MEMORY;
    rad_volume_convert(image, image->voxels, count, voxels);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(voxels[i])) voxels[i] = instead;
    *clean = copy;
    return RAD_OK;
}

rad_status rad_field_interpolate(const rad_volume *image, const rad_settings *settings, const rad_box *box,
                                 const char *what, int threads, rad_field *field, rad_error *error) {
    rad_geometry grid;
    const rad_volume *clean;
    rad_volume copy;
    *field = (rad_field){.data = NULL};
    rad_status status = rad_interpolation_grid(&image->geometry, settings->spacing, &grid, error);
    if (status == RAD_OK) status = without_nan(image, what, settings->filter_nan, &clean, &copy, error);
    if (status != RAD_OK) return status;
    for (int a = 0; a < 3; a++) {
        field->size[a] = box->end[a] - box->begin[a];
        field->spacing[a] = grid.spacing[a];
    }
    field->data = rad_new_raw(rad_box_count(box), sizeof *field->data, error);
    status = field->data ? rad_interpolate_image(clean, &grid, box, settings->image_method, settings->round,
                                                 threads, field->data, error)
                         : RAD_NO_MEMORY;
    rad_volume_free(&copy);
    if (status != RAD_OK) {
        rad_free(field->data);
        field->data = NULL;
    }
    return status;
}

rad_status rad_response_make(const rad_volume *image, const char *what, const rad_filter_options *options,
                             double instead_of_nan, int threads, rad_volume *map, rad_error *error) {
    rad_settings as_it_is;
    rad_field field;
    const rad_box all = rad_geometry_box(&image->geometry);
    *map = (rad_volume){.geometry = image->geometry, .order = image->order, .type = RAD_FLOAT64, .slope = 1};
    rad_settings_default(&as_it_is);
    as_it_is.filter_nan = instead_of_nan;
    rad_status status = rad_field_interpolate(image, &as_it_is, &all, what, threads, &field, error);
    if (status != RAD_OK) return status;
    const size_t count = rad_field_count(&field);
    double *out = map->voxels = rad_new_raw(count, sizeof *out, error);
    status = out ? rad_filter_run(&field, options, threads, out, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && !isnan(instead_of_nan)) {
        rad_volume_crop(image, &all, field.data);
        for (size_t i = 0; i < count; i++)
            if (!isfinite(field.data[i])) out[i] = NAN;
    }
    rad_free(field.data);
    if (status != RAD_OK) rad_volume_free(map);
    return status;
}

rad_status rad_response_box(const rad_geometry *grid, const rad_box *roi, const rad_image *image,
                            const rad_settings *settings, rad_box *box, rad_sight *sight, rad_error *error) {
    size_t reach[3] = {0};
    rad_status status =
        rad_filters[image->options.filter].reach(&image->options, grid->spacing, reach, error);
    if (status != RAD_OK) return status;
    bool all = true, cut = false;
    for (int a = 0; a < 3; a++) {
        const double margin = floor(settings->filter_margin / grid->spacing[a] + 1e-9);
        if (reach[a] > 0 && margin < (double)grid->size[a] && margin < (double)reach[a]) {
            reach[a] = (size_t)margin;
            cut = true;
        }
        const bool before = reach[a] > roi->begin[a], after = reach[a] > grid->size[a] - roi->end[a];
        box->begin[a] = before ? 0 : roi->begin[a] - reach[a];
        box->end[a] = after ? grid->size[a] : roi->end[a] + reach[a];
        if ((before || after) && !cut && image->options.boundary == RAD_PERIODIC) {
            box->begin[a] = 0;
            box->end[a] = grid->size[a];
        }
        all = all && box->begin[a] == 0 && box->end[a] == grid->size[a];
    }
    *sight = all ? RAD_SEES_ALL : cut ? RAD_SEES_CUT : RAD_SEES_BOX;
    return RAD_OK;
}

void rad_roi_take_map(rad_roi *roi, const rad_box *box, const double *map) {
    const size_t width = box->end[0] - box->begin[0], height = box->end[1] - box->begin[1];
    const size_t x = roi->box.begin[0] - box->begin[0];
    for (size_t k = 0; k < roi->size[2]; k++)
        for (size_t i = 0; i < roi->size[1]; i++) {
            const size_t z = k + roi->box.begin[2] - box->begin[2], y = i + roi->box.begin[1] - box->begin[1];
            memcpy(roi->intensity + (k * roi->size[1] + i) * roi->size[0], map + (z * height + y) * width + x,
                   roi->size[0] * sizeof *map);
        }
    roi->range[0] = -INFINITY; /* the range was that of the image */
    roi->range[1] = INFINITY;
}
