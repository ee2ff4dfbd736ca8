#include "pyr_resample.h"

#include "../core/itk_interpolate.h"
#include "../core/memory.h"
#include "../core/roi.h"

#include <math.h>
#include <string.h>

rad_pyr_precision rad_pyr_precision_of(const rad_volume *v) {
    if (v->type >= RAD_FLOAT32) return v->type == RAD_FLOAT32 ? RAD_PYR_SINGLE : RAD_PYR_DOUBLE;
    if (v->singles) return RAD_PYR_SINGLE;
    double ends[2];
    return rad_volume_ends(v, ends) ? RAD_PYR_WHOLE : RAD_PYR_DOUBLE;
}

const double *rad_pyr_image_part(const rad_pyr_image *image, size_t first, size_t count, double *buffer) {
    if (image->x) return image->x + first;
    const char *voxels = image->stored.voxels;
    rad_volume_convert(&image->stored, voxels + first * rad_type_size(image->stored.type), count, buffer);
    return buffer;
}

bool rad_pyr_mask_bounds(const rad_pyr_mask *mask, rad_box *box, size_t *count) {
    const size_t *n = mask->geometry.size;
    *box = (rad_box){{SIZE_MAX, SIZE_MAX, SIZE_MAX}, {0, 0, 0}};
    *count = 0;
    for (size_t row = 0; row < n[1] * n[2]; row++) {
        const uint8_t *inside = mask->inside + row * n[0];
        size_t low[3] = {0, row % n[1], row / n[1]}, end[3] = {0, low[1] + 1, low[2] + 1};
        if (!rad_mask_span(inside, n[0], &low[0], &end[0])) continue;
        for (size_t x = low[0]; x < end[0]; x++) *count += inside[x];
        for (int a = 0; a < 3; a++) {
            if (low[a] < box->begin[a]) box->begin[a] = low[a];
            if (end[a] > box->end[a]) box->end[a] = end[a];
        }
    }
    return *count > 0;
}

void rad_pyr_mask_cut(uint8_t *inside, const rad_geometry *geometry, const rad_box *box) {
    const size_t *n = geometry->size;
    for (size_t row = 0; row < n[1] * n[2]; row++) {
        const size_t y = row % n[1], z = row / n[1];
        const bool within = y >= box->begin[1] && y < box->end[1] && z >= box->begin[2] && z < box->end[2];
        memset(inside + row * n[0], 0, within ? box->begin[0] : n[0]);
        if (within) memset(inside + row * n[0] + box->end[0], 0, n[0] - box->end[0]);
    }
}

bool rad_pyr_same_grid(const rad_geometry *image, const rad_geometry *mask, double tolerance) {
    const double most = tolerance * image->spacing[0];
    for (int a = 0; a < 3; a++)
        if (image->size[a] != mask->size[a] || !(fabs(image->origin[a] - mask->origin[a]) <= most) ||
            !(fabs(image->spacing[a] - mask->spacing[a]) <= most))
            return false;
    for (int k = 0; k < 9; k++)
        if (!(fabs(image->direction[k] - mask->direction[k]) <= tolerance)) return false;
    return true;
}

bool rad_pyr_within(const rad_geometry *image, const rad_pyr_mask *mask) {
    rad_box box;
    size_t count;
    if (!rad_pyr_mask_bounds(mask, &box, &count)) return false;
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (int end = 0; end < 2; end++) { /* two corners, as there */
        double at[3], world[3];
        for (int a = 0; a < 3; a++) at[a] = (double)(end ? box.end[a] : box.begin[a]) - 0.5;
        rad_geometry_world(&mask->geometry, at, world);
        if (!rad_geometry_index(image, world, at)) return false;
        for (int a = 0; a < 3; a++) {
            low[a] = fmin(low[a], at[a]);
            high[a] = fmax(high[a], at[a]);
        }
    }
    for (int a = 0; a < 3; a++)
        if (low[a] < -0.5 - 1e-3 || high[a] > (double)image->size[a] - 0.5 + 1e-3) return false;
    return true;
}

rad_status rad_pyr_mask_to(rad_pyr_mask *mask, const rad_geometry *grid, rad_error *error) {
    uint8_t *out = rad_new_raw(rad_geometry_count(grid), 1, error);
    if (!out) return RAD_NO_MEMORY;
    rad_status status = rad_itk_nearest(mask->inside, &mask->geometry, grid, out, error);
    rad_free(mask->inside);
    mask->inside = out;
    mask->geometry = *grid;
    return status;
}

/* The part of a grid that is a box of it. */
static rad_geometry part_of(const rad_geometry *g, const rad_box *box) {
    rad_geometry part = *g;
    const double first[3] = {(double)box->begin[0], (double)box->begin[1], (double)box->begin[2]};
    rad_geometry_world(g, first, part.origin);
    for (int a = 0; a < 3; a++) part.size[a] = box->end[a] - box->begin[a];
    return part;
}

static void cut_out(const void *from, const size_t n[3], const rad_box *box, size_t bytes, void *to) {
    const size_t width = (box->end[0] - box->begin[0]) * bytes;
    char *out = to;
    for (size_t z = box->begin[2]; z < box->end[2]; z++)
        for (size_t y = box->begin[1]; y < box->end[1]; y++, out += width)
            memcpy(out, (const char *)from + ((z * n[1] + y) * n[0] + box->begin[0]) * bytes, width);
}

rad_status rad_pyr_crop(rad_pyr_image *image, rad_pyr_mask *mask, const rad_box *box, size_t pad,
                        rad_error *error) {
    const rad_box around = rad_box_grow(*box, (const size_t[]){pad, pad, pad}, &image->geometry);
    const size_t count = rad_box_count(&around);
    double *x = rad_new_raw(count, sizeof *x, error);
    uint8_t *inside = rad_new_raw(count, 1, error);
    if (!x || !inside) {
        rad_free(x);
        rad_free(inside);
        return RAD_NO_MEMORY;
    }
    cut_out(image->x, image->geometry.size, &around, sizeof *x, x);
    cut_out(mask->inside, mask->geometry.size, &around, 1, inside);
    rad_free(image->x);
    rad_free(mask->inside);
    image->x = x;
    mask->inside = inside;
    mask->geometry = part_of(&mask->geometry, &around);
    image->geometry = part_of(&image->geometry, &around);
    return RAD_OK;
}

/* numpy.allclose */
static bool are_close(const double a[3], const double b[3]) {
    for (int i = 0; i < 3; i++)
        if (!(fabs(a[i] - b[i]) <= 1e-8 + 1e-5 * fabs(b[i]))) return false;
    return true;
}

/* The grid of the mask with that spacing, around the box of the ROI. */
static rad_geometry find_grid(const rad_geometry *own, const rad_box *box, const double spacing[3],
                              double pad) {
    rad_geometry grid = *own;
    double first[3];
    for (int a = 0; a < 3; a++) {
        const double ratio = own->spacing[a] / spacing[a], begin = (double)box->begin[a],
                     size = (double)(box->end[a] - box->begin[a]);
        const double most = ceil((double)own->size[a] * ratio) - 1;
        const double low = fmax(floor((begin - 0.5) * ratio - pad), 0),
                     high = fmin(ceil((begin + size - 0.5) * ratio + pad), most);
        grid.size[a] = (size_t)fmin(fmax(high - low + 1, 1), 0x1p50);
        grid.spacing[a] = spacing[a];
        first[a] = 0.5 * (spacing[a] - own->spacing[a]) / own->spacing[a] + low / ratio;
    }
    for (int r = 0; r < 3; r++) { /* ITK's sum: the origin of a fraction of an index comes last */
        double from = 0;
        for (int a = 0; a < 3; a++) from += own->direction[3 * r + a] * own->spacing[a] * first[a];
        grid.origin[r] = from + own->origin[r];
    }
    return grid;
}

/* Back to the type of the image: what it cannot hold becomes its nearest end. */
static void cast(double *x, size_t count, const rad_pyr_image *image) {
    const double *ends = image->ends;
    for (size_t i = 0; i < count; i++) {
        if (image->precision == RAD_PYR_WHOLE)
            x[i] = trunc(x[i] < ends[0] ? ends[0] : x[i] > ends[1] ? ends[1] : x[i]);
        else if (image->precision == RAD_PYR_SINGLE)
            x[i] = (float)x[i];
    }
}

rad_status rad_pyr_resample(rad_pyr_image *image, rad_pyr_mask *mask, const rad_pyr_case *how, int threads,
                            rad_error *error) {
    const rad_geometry *own = &mask->geometry;
    double spacing[3];
    rad_box box;
    size_t count;
    if (!rad_pyr_mask_bounds(mask, &box, &count))
        return rad_fail(error, RAD_UNREADABLE, "the label is not present in the mask");
    for (int a = 0; a < 3; a++) {
        const bool keeps = how->spacing.value[a] == 0 || box.end[a] - box.begin[a] == 1;
        spacing[a] = keeps ? own->spacing[a] : how->spacing.value[a];
    }
    if (are_close(image->geometry.spacing, spacing)) {
        rad_status status = rad_pyr_mask_to(mask, &image->geometry, error);
        if (status != RAD_OK) return status;
        if (!rad_pyr_mask_bounds(mask, &box, &count))
            return rad_fail(error, RAD_UNREADABLE, "no voxel is left of the ROI on the grid of the image");
        return rad_pyr_crop(image, mask, &box, (size_t)how->pad, error);
    }
    const rad_geometry grid = find_grid(own, &box, spacing, how->pad);
    const double all = (double)grid.size[0] * (double)grid.size[1] * (double)grid.size[2];
    if (!(all <= 0x1p40))
        return rad_fail(
            error, RAD_CONFIG,
            "resampledPixelSpacing %gx%gx%g mm gives a grid of %g voxels; choose a coarser spacing",
            spacing[0], spacing[1], spacing[2], all);
    count = rad_geometry_count(&grid);
    double *x = rad_new_raw(count, sizeof *x, error);
    rad_status status = x ? rad_itk_interpolate(image->x, &image->geometry, &grid,
                                                (rad_itk_interpolator)how->interpolator, threads, x, error)
                          : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_pyr_mask_to(mask, &grid, error);
    if (status != RAD_OK) {
        rad_free(x);
        return status;
    }
    cast(x, count, image);
    rad_free(image->x);
    image->x = x;
    image->geometry = grid;
    return RAD_OK;
}
