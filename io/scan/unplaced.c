#include "unplaced.h"

#include <math.h>
#include <string.h>

/* Stored axis of axis a of x, y, z, and the other way round. */
static int axis_of(int reversed, int a) {
    return a < reversed ? reversed - 1 - a : a;
}

/* The grid with its axes in the other order. */
static rad_geometry reverse(const rad_geometry *g, int reversed) {
    rad_geometry out = *g;
    for (int a = 0; a < 3; a++) {
        const int from = axis_of(reversed, a);
        out.size[a] = g->size[from];
        out.spacing[a] = g->spacing[from];
        for (int r = 0; r < 3; r++) out.direction[3 * r + a] = g->direction[3 * r + from];
    }
    return out;
}

void rad_unplaced_put(rad_raster *raster, const double spacing[3]) {
    static const double directions[3] = {-1, -1, 1};
    rad_geometry *g = &raster->header.geometry;
    raster->no_place = true;
    memset(g->direction, 0, sizeof g->direction);
    for (int a = 0; a < 3; a++) {
        const int stored = axis_of(raster->reversed, a);
        g->origin[a] = 0;
        g->spacing[stored] = spacing[a];
        g->direction[3 * a + stored] = directions[a];
    }
}

rad_status rad_unplaced_image(const char *path, const rad_source_options *options, rad_raster *raster,
                              rad_warnings *warnings, rad_error *error) {
    rad_geometry *g = &raster->header.geometry;
    bool given = false, other = false;
    for (int a = 0; a < 3; a++) {
        double *spacing = &g->spacing[axis_of(raster->reversed, a)];
        if (!(options->spacing[a] > 0)) continue;
        given = true;
        other = other || fabs(*spacing - options->spacing[a]) > 0.01 * options->spacing[a];
        *spacing = options->spacing[a];
    }
    if (!given && raster->no_spacing)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: the file says no spacing; give it by the setting image_spacing: [x, y, z], in mm", path);
    if (given && other && !raster->no_spacing)
        rad_warn(warnings, "%.300s: image_spacing is another than that of the file, and is used", path);
    return RAD_OK;
}

rad_status rad_unplaced_mask(const char *path, const rad_drawing *drawing, rad_raster *raster,
                             rad_error *error) {
    rad_geometry *g = &raster->header.geometry;
    const rad_geometry own = reverse(g, raster->reversed);
    rad_geometry image = reverse(drawing->stored, drawing->reversed);
    if (drawing->flat && own.size[2] == 1) image.size[2] = 1; /* for every frame (pipeline/flat_fit.h) */
    for (int a = 0; a < 3; a++)
        if (own.size[a] != image.size[a])
            return rad_fail(error, RAD_CONFIG,
                            "%.300s: the mask has %zu x %zu x %zu voxels and says no place; the image has "
                            "%zu x %zu x %zu",
                            path, own.size[0], own.size[1], own.size[2], image.size[0], image.size[1],
                            image.size[2]);
    *g = reverse(&image, raster->reversed);
    return RAD_OK;
}
