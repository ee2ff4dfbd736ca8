#include "response.h"

#include "../core/interpolate.h"
#include "../core/memory.h"

#include <math.h>
#include <string.h>

static rad_status check_finite(const rad_field *field, const char *what, rad_error *error) {
    const size_t *n = field->size;
    for (size_t i = 0; i < rad_field_count(field); i++)
        if (!isfinite(field->data[i]))
            return rad_fail(
                error, RAD_UNREADABLE,
                "%s: voxel (%zu, %zu, %zu) is %g; a filter needs finite intensities: correct the image", what,
                i % n[0], i / n[0] % n[1], i / n[0] / n[1], field->data[i]);
    return RAD_OK;
}

static rad_status allocate(const rad_geometry *g, rad_field *field, rad_error *error) {
    *field = (rad_field){{g->size[0], g->size[1], g->size[2]},
                         {g->spacing[0], g->spacing[1], g->spacing[2]},
                         rad_new_raw(rad_geometry_count(g), sizeof *field->data, error)};
    return field->data ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status keep(rad_field *field, rad_status status) {
    if (status != RAD_OK) {
        rad_free(field->data);
        field->data = NULL;
    }
    return status;
}

rad_status rad_field_make(const rad_volume *image, const char *what, rad_field *field, rad_error *error) {
    const rad_box all = rad_geometry_box(&image->geometry);
    rad_status status = allocate(&image->geometry, field, error);
    if (status != RAD_OK) return status;
    rad_volume_crop(image, &all, field->data);
    return keep(field, check_finite(field, what, error));
}

rad_status rad_field_interpolate(const rad_volume *image, const rad_settings *settings, const char *what,
                                 int threads, rad_field *field, rad_error *error) {
    rad_geometry grid;
    *field = (rad_field){{0}, {0}, NULL};
    rad_status status = rad_interpolation_grid(&image->geometry, settings->spacing, &grid, error);
    if (status == RAD_OK) status = allocate(&grid, field, error);
    if (status != RAD_OK) return status;
    const rad_box all = rad_geometry_box(&grid);
    status = rad_interpolate_image(image, &grid, &all, settings->image_method, settings->round, threads,
                                   field->data, error);
    return keep(field, status == RAD_OK ? check_finite(field, what, error) : status);
}

void rad_roi_take_map(rad_roi *roi, const double *map) {
    const rad_box *box = &roi->box;
    const size_t *grid = roi->grid.size;
    for (size_t z = 0; z < roi->size[2]; z++)
        for (size_t y = 0; y < roi->size[1]; y++)
            memcpy(roi->intensity + (z * roi->size[1] + y) * roi->size[0],
                   map + ((z + box->begin[2]) * grid[1] + y + box->begin[1]) * grid[0] + box->begin[0],
                   roi->size[0] * sizeof *map);
}

rad_status rad_response_make(const rad_volume *image, const char *what, const rad_filter *filter,
                             const rad_filter_options *options, int threads, rad_volume *map,
                             rad_error *error) {
    rad_field field;
    *map = (rad_volume){.geometry = image->geometry, .type = RAD_FLOAT64, .slope = 1};
    rad_status status = rad_field_make(image, what, &field, error);
    if (status != RAD_OK) return status;
    map->voxels = rad_new_raw(rad_field_count(&field), sizeof(double), error);
    status = map->voxels ? filter->run(&field, options, threads, map->voxels, error) : RAD_NO_MEMORY;
    rad_free(field.data);
    if (status != RAD_OK) rad_volume_free(map);
    return status;
}
