#include "even_mask.h"

#include <math.h>

static size_t nearest_plane(const rad_between *b) {
    return b->weight > 0.5 ? b->below + 1 : b->below;
}

static rad_status copy_slice(const rad_mask *from, size_t plane, size_t slice, rad_mask *to,
                             rad_error *error) {
    const size_t rows = from->volume.geometry.size[1];
    rad_status status = RAD_OK;
    for (size_t y = 0; y < rows; y++)
        for (size_t r = from->row_begin[plane * rows + y];
             r < from->row_begin[plane * rows + y + 1] && status == RAD_OK; r++)
            status = rad_mask_add_run(to, from->runs[r].label, from->runs[r].begin, from->runs[r].end, y,
                                      slice, error);
    return status;
}

rad_status rad_even_spread(const rad_even *even, bool backwards, const rad_geometry *grid, rad_mask *mask,
                           rad_error *error) {
    rad_mask fresh = {.volume = mask->volume};
    fresh.volume.geometry = *grid;
    rad_status status = rad_mask_begin(&fresh, error);
    for (size_t k = 0; k < even->slices && status == RAD_OK; k++) {
        const size_t plane = nearest_plane(&even->between[k]);
        status = copy_slice(mask, backwards ? even->planes - 1 - plane : plane,
                            backwards ? even->slices - 1 - k : k, &fresh, error);
    }
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++) {
        const rad_label *l =
            &mask->labels[i]; /* also one on planes that no slice takes, which is empty now */
        status = rad_mask_add_label(&fresh, l->value, l->name, l->fault, error);
    }
    if (status == RAD_OK) status = rad_mask_end(&fresh, error);
    rad_mask_free(status == RAD_OK ? mask : &fresh);
    if (status == RAD_OK) *mask = fresh;
    return status;
}

/* Has it the slices of the image, but for their distances? */
static bool has_its_slices(const rad_even *even, const rad_geometry *own, const rad_geometry *image) {
    double off[3], along = 0, aside = 0;
    bool same = own->size[2] == even->planes;
    for (int a = 0; a < 2; a++)
        same = same && own->size[a] == image->size[a] &&
               fabs(own->spacing[a] - image->spacing[a]) <= 1e-3 * image->spacing[a];
    for (int i = 0; i < 9; i++) same = same && fabs(own->direction[i] - image->direction[i]) <= 1e-3;
    for (int r = 0; r < 3; r++) {
        off[r] = own->origin[r] - image->origin[r];
        along += off[r] * image->direction[3 * r + 2];
    }
    for (int r = 0; r < 3; r++) aside += pow(off[r] - along * image->direction[3 * r + 2], 2);
    return same && fabs(along) < 0.05 * image->spacing[2] && sqrt(aside) < 0.05 * image->spacing[0];
}

rad_status rad_even_fit(const rad_drawing *drawing, const char *path, rad_mask *mask, rad_warnings *warnings,
                        rad_error *error) {
    const rad_even *even = drawing->even;
    const rad_geometry *own = &mask->volume.geometry;
    if (!even || rad_geometry_same(own, drawing->grid)) return RAD_OK;
    const rad_order order = rad_order_find(drawing->stored);
    const bool last = !order.turned || order.axis[2] == 2;
    if (!last || !has_its_slices(even, own, drawing->grid)) return RAD_OK;
    rad_warn(
        warnings,
        "%.300s: has a slice for each of the %zu of the series, which lie at uneven distances: each goes "
        "to the slices of the grid that are nearest to it",
        path, even->planes);
    return rad_even_spread(even, order.turned && order.backwards[2], drawing->grid, mask, error);
}
