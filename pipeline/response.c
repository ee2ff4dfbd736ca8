#include "response.h"

#include "../core/memory.h"

#include <math.h>

rad_status rad_field_make(const rad_volume *image, const char *what, rad_field *field, rad_error *error) {
    const rad_geometry *g = &image->geometry;
    const rad_box all = rad_geometry_box(g);
    *field = (rad_field){{g->size[0], g->size[1], g->size[2]},
                         {g->spacing[0], g->spacing[1], g->spacing[2]},
                         rad_new_raw(rad_geometry_count(g), sizeof *field->data, error)};
    if (!field->data) return RAD_NO_MEMORY;
    rad_volume_crop(image, &all, field->data);
    for (size_t i = 0; i < rad_field_count(field); i++) {
        if (isfinite(field->data[i])) continue;
        const double value = field->data[i];
        rad_free(field->data);
        field->data = NULL;
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: voxel (%zu, %zu, %zu) is %g; a filter needs finite intensities: correct the image", what,
            i % g->size[0], i / g->size[0] % g->size[1], i / g->size[0] / g->size[1], value);
    }
    return RAD_OK;
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
