#include "even.h"

#include "../../core/memory.h"

#include <math.h>

rad_status rad_even_find(const rad_plane *planes, size_t count, double gap, rad_between **between,
                         size_t *slices, double *spacing, rad_error *error) {
    static const double most = 65535, near = 1e-9;
    const double extent = planes[count - 1].height - planes[0].height, steps = fmax(rint(extent / gap), 1);
    *between = NULL;
    if (!(steps < most))
        return rad_fail(error, RAD_UNREADABLE, "%.300s: slices over %g mm at distances of %g mm are too many",
                        planes[0].instance->path, extent, gap);
    *slices = (size_t)steps + 1;
    *spacing = extent / steps;
    rad_between *b = rad_new(*slices, sizeof *b, error);
    if (!b) return RAD_NO_MEMORY;
    for (size_t k = 0, below = 0; k < *slices; k++) {
        const double height = planes[0].height + (double)k * *spacing;
        while (below + 2 < count && planes[below + 1].height <= height) below++;
        const double here = planes[below].height,
                     weight = (height - here) / (planes[below + 1].height - here);
        b[k] = (rad_between){below, weight < near ? 0 : weight > 1 - near ? 1 : weight};
    }
    *between = b;
    return RAD_OK;
}

rad_status rad_even_keep(const rad_plane *planes, size_t count, const rad_between *between, size_t slices,
                         rad_even *even, rad_error *error) {
    *even = (rad_even){.planes = count, .slices = slices, .between = between};
    even->height = rad_new(count, sizeof *even->height, error);
    if (!even->height) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) even->height[i] = planes[i].height - planes[0].height;
    return RAD_OK;
}

size_t rad_even_plane(const rad_even *even, double height) {
    double least = INFINITY;
    size_t nearest = 0;
    for (size_t i = 0; i < even->planes; i++) {
        if (i) least = fmin(least, even->height[i] - even->height[i - 1]);
        if (fabs(even->height[i] - height) < fabs(even->height[nearest] - height)) nearest = i;
    }
    return fabs(even->height[nearest] - height) <= least / 20 ? nearest : even->planes;
}

void rad_even_blend(const double *below, double weight, size_t count, double nothing, double *above) {
    for (size_t i = 0; i < count; i++) {
        const bool lacks = (below[i] == nothing && weight < 1) || (above[i] == nothing && weight > 0);
        above[i] = lacks ? nothing : (1 - weight) * below[i] + weight * above[i];
    }
}
