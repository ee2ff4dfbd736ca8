#include "normalise.h"

#include "../core/memory.h"
#include "../core/sort.h"
#include "../core/sum.h"

#include <math.h>
#include <string.h>

static bool is_padding(const rad_volume *image, double x) {
    return image->pads && x >= image->pad[0] && x <= image->pad[1];
}

/* The intensities that say something, above `least`; how many there are. */
static size_t gather(const rad_volume *image, const double *x, size_t count, double least, double *out) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(x[i]) && x[i] > least && !is_padding(image, x[i])) out[n++] = x[i];
    return n;
}

/* Those of a ROI. */
static size_t gather_within(const rad_volume *image, const double *x, const rad_drawn *within, double *out) {
    const size_t *size = image->geometry.size;
    const rad_box *b = &within->box;
    size_t n = 0, i = 0;
    for (size_t z = b->begin[2]; z < b->end[2]; z++)
        for (size_t y = b->begin[1]; y < b->end[1]; y++) {
            const double *row = x + (z * size[1] + y) * size[0];
            for (size_t at = b->begin[0]; at < b->end[0]; at++, i++)
                if (within->inside[i] && isfinite(row[at]) && !is_padding(image, row[at])) out[n++] = row[at];
        }
    return n;
}

/* What becomes 0, and what is one unit above it. */
typedef struct ruler {
    double zero, unit;
} ruler;

static ruler find_ruler(double *x, size_t n, const rad_normalisation *how) {
    double powers[4];
    const double mean = rad_sum(x, n) / (double)n;
    if (how->method == RAD_NORMALISE_Z) {
        rad_sum_powers(x, n, mean, powers);
        return (ruler){mean, n > 1 ? sqrt(powers[1] / (double)(n - 1)) : 0};
    }
    const bool cut = how->method == RAD_NORMALISE_PERCENTILE;
    const double low = rad_sorted_percentile(x, n, cut ? how->percentiles[0] / 100 : 0);
    return (ruler){low, rad_sorted_percentile(x, n, cut ? how->percentiles[1] / 100 : 1) - low};
}

static double measure(double x, ruler r, const rad_normalisation *how) {
    double y = (x - r.zero) / r.unit;
    if (how->clip > 0 && how->method == RAD_NORMALISE_Z) y = fmax(-how->clip, fmin(how->clip, y));
    if (how->clip > 0 && how->method != RAD_NORMALISE_Z) y = fmax(0, fmin(1, y));
    return how->scale * y;
}

static void apply(rad_volume *image, double *x, size_t count, ruler r, const rad_normalisation *how) {
    const rad_normalisation plain = {.method = how->method, .scale = how->scale};
    for (size_t i = 0; i < count; i++)
        if (isfinite(x[i])) x[i] = measure(x[i], r, is_padding(image, x[i]) ? &plain : how);
    for (int end = 0; end < 2 && image->pads; end++) image->pad[end] = measure(image->pad[end], r, &plain);
    if (!image->borrowed) rad_free(image->voxels);
    image->voxels = x;
    image->borrowed = false;
    image->type = RAD_FLOAT64;
    image->slope = 1;
    image->intercept = 0;
}

rad_status rad_normalise(rad_volume *image, const rad_normalisation *how, const rad_drawn *within,
                         const char *what, rad_error *error) {
    if (how->method == RAD_NORMALISE_NONE) return RAD_OK;
    const rad_box all = rad_geometry_box(&image->geometry);
    const size_t count = rad_geometry_count(&image->geometry);
    double *x = rad_new_raw(count, sizeof *x, error), *own = rad_new_raw(count, sizeof *own, error);
    rad_status status = x && own ? RAD_OK : RAD_NO_MEMORY;
    ruler r = {0, 0};
    if (status == RAD_OK) {
        rad_volume_crop(image, &all, x);
        size_t n = within ? gather_within(image, x, within, own) : gather(image, x, count, -INFINITY, own);
        if (n && how->by == RAD_NORMALISED_BY_FOREGROUND)
            n = gather(image, x, count, rad_sum(own, n) / (double)n, own);
        if (n && how->method != RAD_NORMALISE_Z) status = rad_sort(own, n, error);
        if (n && status == RAD_OK) r = find_ruler(own, n, how);
        if (status == RAD_OK && !(r.unit > 0 && isfinite(r.unit)))
            status = rad_fail(
                error, RAD_UNREADABLE,
                "%.300s: normalisation needs intensities that differ; here they are alike, or none is a "
                "number",
                what);
    }
    if (status == RAD_OK)
        apply(image, x, count, r, how);
    else
        rad_free(x);
    rad_free(own);
    return status;
}
