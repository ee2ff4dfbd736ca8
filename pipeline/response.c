#include "response.h"

#include "../core/interpolate.h"
#include "../core/memory.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

rad_volume rad_response_seen(const rad_volume *image, double instead_of_nan) {
    rad_volume seen = *image;
    seen.fills = !isnan(instead_of_nan) && rad_volume_may_lack(image);
    seen.fill = instead_of_nan;
    return seen;
}

/* The first voxel in the file, of those that are NaN or infinite. */
typedef struct first {
    const rad_volume *image;
    bool found;
    size_t at[3];
    double value;
} first;

static bool see_voxel(const size_t voxel[3], double value, void *context) {
    first *f = context;
    size_t at[3];
    rad_order_index(&f->image->order, &f->image->geometry, voxel, at);
    const bool earlier = at[2] != f->at[2]   ? at[2] < f->at[2]
                         : at[1] != f->at[1] ? at[1] < f->at[1]
                                             : at[0] < f->at[0];
    if (!f->found || earlier) {
        memcpy(f->at, at, sizeof at);
        f->value = value;
    }
    f->found = true;
    return f->image->order.turned;
}

rad_status rad_response_check(const rad_volume *image, const rad_box *box, const char *what, const char *who,
                              rad_error *error) {
    first f = {.image = image};
    rad_volume_find_lacking(image, box, see_voxel, &f);
    if (!f.found) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: voxel (%zu, %zu, %zu) is %g; %s needs finite intensities: correct the image, or use "
                    "--nan to give a number that takes its place",
                    what, f.at[0], f.at[1], f.at[2], f.value, who);
}

rad_status rad_response_field(const rad_volume *image, const rad_sampling *sampling, const rad_box *box,
                              const char *what, int threads, rad_field *field, rad_error *error) {
    rad_geometry grid;
    const rad_box held = rad_volume_held(image);
    const rad_volume seen = rad_response_seen(image, sampling->instead_of_nan);
    *field = (rad_field){.data = NULL};
    rad_status status = rad_interpolation_grid(&image->geometry, sampling->spacing, &grid, error);
    if (status == RAD_OK && what) status = rad_response_check(&seen, &held, what, "a filter", error);
    if (status != RAD_OK) return status;
    for (int a = 0; a < 3; a++) {
        field->size[a] = box->end[a] - box->begin[a];
        field->spacing[a] = grid.spacing[a];
    }
    field->single = image->type == RAD_FLOAT32;
    field->whole = rad_volume_ends(image, field->ends);
    field->data = rad_new_raw(rad_box_count(box), sizeof *field->data, error);
    const rad_interpolating to = {&grid, box, sampling->method, threads};
    status =
        field->data ? rad_interpolate_image(&seen, &to, sampling->round, field->data, error) : RAD_NO_MEMORY;
    if (status != RAD_OK) {
        rad_free(field->data);
        field->data = NULL;
    }
    return status;
}

rad_status rad_response_make(const rad_volume *image, const char *what, const rad_filter_options *options,
                             double instead_of_nan, int threads, rad_volume *map, rad_error *error) {
    const rad_sampling as_it_is = {.method = RAD_LINEAR, .instead_of_nan = instead_of_nan};
    rad_field field;
    const rad_box all = rad_geometry_box(&image->geometry);
    *map = (rad_volume){.geometry = image->geometry, .order = image->order, .type = RAD_FLOAT64, .slope = 1};
    rad_status status = rad_response_field(image, &as_it_is, &all, what, threads, &field, error);
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
                            const rad_settings *settings, rad_box *box, rad_visible *visible,
                            rad_error *error) {
    size_t reach[3] = {0};
    rad_status status = rad_filter_reach(&image->options, grid->spacing, reach, error);
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
    *visible = all ? RAD_SEES_ALL : cut ? RAD_SEES_CUT : RAD_SEES_BOX;
    return RAD_OK;
}

void rad_response_place(rad_roi *roi, const rad_box *box, const double *map) {
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
