#include "flat_fit.h"
#include "../core/printable.h"

typedef struct fitting {
    const rad_source *picture;
    const rad_mask *from;
    rad_order back;      /* from the order of the mask's file to that of the mask */
    rad_geometry stored; /* the mask as its file has it */
    rad_mask fresh;
} fitting;

/* Frames of the picture that a slice of the mask's file belongs to: one, all, or none. */
static void find_frames(const fitting *f, size_t slice, size_t *begin, size_t *end) {
    const rad_flat *flat = &f->picture->flat;
    const size_t kept = f->picture->header.geometry.size[2];
    *begin = 0;
    *end = kept;
    if (f->stored.size[2] == 1) return;
    if (kept < flat->frames && f->stored.size[2] == flat->frames) { /* of all frames, one was chosen */
        *end = slice == flat->first;
        return;
    }
    *begin = slice;
    *end = slice + 1;
}

static rad_status put(fitting *f, const rad_run *run, size_t begin, size_t end, const size_t at[3],
                      rad_error *error) {
    size_t first = 0, last = 0;
    rad_status status = RAD_OK;
    find_frames(f, at[2], &first, &last);
    for (size_t z = first; z < last && status == RAD_OK; z++)
        status = rad_mask_add_run(&f->fresh, run->label, begin, end, at[1], z, error);
    return status;
}

/* A run of row (y, z) of the mask as runs of its file: of one row where rows stay rows, else of columns. */
static rad_status put_run(fitting *f, const rad_run *run, size_t y, size_t z, rad_error *error) {
    const rad_geometry *grid = &f->from->volume.geometry;
    const rad_order *order = &f->from->volume.order;
    size_t at[3], last[3];
    rad_status status = RAD_OK;
    if (!order->turned) return put(f, run, run->begin, run->end, (size_t[3]){0, y, z}, error);
    rad_order_index(order, grid, (size_t[3]){run->begin, y, z}, at);
    rad_order_index(order, grid, (size_t[3]){run->end - 1U, y, z}, last);
    if (at[1] == last[1] && at[2] == last[2])
        return put(f, run, at[0] < last[0] ? at[0] : last[0], (at[0] < last[0] ? last[0] : at[0]) + 1, at,
                   error);
    for (size_t x = run->begin; x < run->end && status == RAD_OK; x++) {
        rad_order_index(order, grid, (size_t[3]){x, y, z}, at);
        status = put(f, run, at[0], at[0] + 1, at, error);
    }
    return status;
}

static rad_status put_all(fitting *f, rad_error *error) {
    const rad_mask *m = f->from;
    const size_t *size = m->volume.geometry.size;
    rad_status status = rad_mask_begin(&f->fresh, error);
    for (size_t row = 0; row < size[1] * size[2] && status == RAD_OK; row++)
        for (size_t i = m->row_begin[row]; i < m->row_begin[row + 1] && status == RAD_OK; i++)
            status = put_run(f, &m->runs[i], row % size[1], row / size[1], error);
    for (size_t i = 0; i < m->label_count && status == RAD_OK; i++)
        if (m->labels[i].name || m->labels[i].fault)
            status = rad_mask_add_label(&f->fresh, m->labels[i].value, m->labels[i].name, m->labels[i].fault,
                                        error);
    return status == RAD_OK ? rad_mask_end(&f->fresh, error) : status;
}

static rad_status check_size(const fitting *f, const char *path, rad_error *error) {
    const size_t *image = f->picture->header.geometry.size, *mask = f->stored.size,
                 frames = f->picture->flat.frames;
    const bool slices = mask[2] == 1 || mask[2] == image[2] || mask[2] == frames;
    if (mask[0] == image[0] && mask[1] == image[1] && slices) return RAD_OK;
    return rad_fail(
        error, RAD_CONFIG,
        "%s: the mask has %zu x %zu pixels in %zu slice%s, the picture %zu x %zu in %zu frame%s; a mask "
        "of a picture has its pixels, once or for each frame",
        path, mask[0], mask[1], mask[2], rad_plural(mask[2]), image[0], image[1], frames, rad_plural(frames));
}

rad_status rad_flat_fit(const rad_source *picture, const char *path, rad_mask *mask, rad_warnings *warnings,
                        rad_error *error) {
    const rad_geometry *grid = &picture->header.geometry, *own = &mask->volume.geometry;
    if (rad_geometry_same(grid, own)) return RAD_OK;
    const rad_order back = rad_order_inverse(&mask->volume.order);
    fitting f = {.picture = picture, .from = mask, .stored = *own};
    if (mask->volume.order.turned) f.stored = rad_order_grid(&back, own);
    const bool lies = rad_geometry_coincides(own, grid) && own->size[2] == grid->size[2];
    if (lies) return RAD_OK;
    rad_status status = check_size(&f, path, error);
    if (status != RAD_OK) return status;
    f.fresh.volume = (rad_volume){.geometry = *grid, .type = RAD_FLOAT64, .slope = 1};
    status = put_all(&f, error);
    if (status != RAD_OK) {
        rad_mask_free(&f.fresh);
        return status;
    }
    if (grid->size[2] > 1 && f.stored.size[2] == 1)
        rad_warn(warnings,
                 "%.200s: one slice for %zu frames: its ROIs are taken in each; choose one with --frame",
                 path, grid->size[2]);
    rad_warn(
        warnings,
        "%.200s: does not lie on the picture by its own grid; it is taken pixel by pixel in the order of its "
        "file",
        path);
    rad_mask_free(mask);
    *mask = f.fresh;
    return RAD_OK;
}
