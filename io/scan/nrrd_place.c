#include "affine.h"
#include "nrrd.h"

#include <math.h>
#include <string.h>

/* Axes of the grid: those that are neither a list nor without a step in space. */
static size_t find_axes(const rad_nrrd *n, size_t axes[RAD_NRRD_AXES]) {
    size_t count = 0;
    for (size_t a = 0; a < n->axes; a++) {
        const bool list = n->steps ? n->is_none[a] : n->is_list[a];
        if (!list) axes[count++] = a;
    }
    return count > 3 ? 3 : count; /* more, and nothing says which: frames come last */
}

/* What is beside the grid becomes channels, which come before the grid or after it. */
static rad_status find_channels(const rad_nrrd *n, const size_t *axes, size_t count, rad_raster *raster,
                                rad_error *error) {
    size_t before = 1, after = 1;
    raster->channels = 1;
    for (size_t a = 0, g = 0; a < n->axes; a++) {
        const bool grid = g < count && axes[g] == a;
        g += grid;
        if (grid || n->size[a] == 1) continue;
        const bool between = g > 0 && g < count;
        if (between || !n->size[a] || raster->channels > SIZE_MAX / n->size[a])
            return rad_fail(
                error, RAD_UNREADABLE,
                "%s: axis %zu of the NRRD file, of size %zu, is no axis of space and lies between two that "
                "are: put it first or last",
                n->path, a, n->size[a]);
        raster->channels *= n->size[a];
        *(g ? &after : &before) *= n->size[a];
    }
    if (before > 1 && after > 1)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: holds %zu frames of %zu values a voxel; only one of both is allowed: save the one "
            "to analyse as a separate image",
            n->path, after, before);
    raster->planar = after > 1;
    return RAD_OK;
}

/* Signs of the first two coordinates, to right and front. */
static bool find_signs(const rad_nrrd *n, double sign[2]) {
    static const struct {
        const char *words[4];
        double sign[2];
    } spaces[] = {
        {{"right-anterior-superior", "ras", "right-anterior-superior-time", "rast"}, {1, 1}},
        {{"left-anterior-superior", "las", "left-anterior-superior-time", "last"}, {-1, 1}},
        {{"left-posterior-superior", "lps", "left-posterior-superior-time", "lpst"}, {-1, -1}},
    };
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        for (size_t w = 0; w < 4; w++)
            if (!strcmp(n->space, spaces[i].words[w])) {
                memcpy(sign, spaces[i].sign, sizeof spaces[i].sign);
                return true;
            }
    sign[0] = sign[1] = -1;
    return false;
}

/* Without steps: spacings along the axes, and where the axes begin. */
static void place_by_spacing(const rad_nrrd *n, const size_t *axes, size_t count, rad_affine *affine) {
    for (size_t a = 0; a < count; a++) {
        const size_t axis = axes[a];
        const double spacing = isnan(n->spacing[axis]) ? 1 : n->spacing[axis];
        affine->m[a][a] = spacing;
        if (!isnan(n->least[axis])) affine->m[a][3] = n->least[axis] + (n->at_nodes[axis] ? 0 : spacing / 2);
    }
}

static void place_by_steps(const rad_nrrd *n, const size_t *axes, size_t count, rad_affine *affine) {
    for (size_t r = 0; r < 3 && r < n->space_axes; r++)
        for (size_t a = 0; a < count; a++) affine->m[r][a] = n->step[axes[a]][r];
}

static void warn_of_space(const rad_nrrd *n, bool known, const size_t *axes, size_t count,
                          rad_warnings *warnings) {
    bool spacing = n->steps;
    if (n->scale != 1)
        rad_warn(warnings, "%s: lengths of the header are in units of %g mm; some programs take them for mm",
                 n->path, n->scale);
    for (size_t a = 0; a < count; a++) spacing = spacing || !isnan(n->spacing[axes[a]]);
    if (!spacing)
        rad_warn(warnings, "%s: the header says no spacing; voxels of 1 mm are assumed", n->path);
    else if (!known && count == 3)
        rad_warn(warnings,
                 "%s: the header says no axes of a patient (space%s%s); left, back, head are assumed",
                 n->path, *n->space ? ": " : "", n->space);
}

rad_status rad_nrrd_place(const rad_nrrd *nrrd, rad_raster *raster, rad_warnings *warnings,
                          rad_error *error) {
    size_t axes[RAD_NRRD_AXES];
    const size_t count = find_axes(nrrd, axes);
    rad_geometry *g = &raster->header.geometry;
    rad_affine affine = {{{0}}};
    double sign[2];
    if (!count || nrrd->space_axes > 4)
        return rad_fail(error, RAD_UNREADABLE, "%s: the NRRD header has no axis of space", nrrd->path);
    rad_status status = find_channels(nrrd, axes, count, raster, error);
    if (status != RAD_OK) return status;
    for (size_t a = 0; a < 3; a++) g->size[a] = a < count ? nrrd->size[axes[a]] : 1;
    if (nrrd->steps)
        place_by_steps(nrrd, axes, count, &affine);
    else
        place_by_spacing(nrrd, axes, count, &affine);
    for (size_t r = 0; r < 3 && nrrd->has_origin; r++) affine.m[r][3] = nrrd->origin[r];
    const bool known = find_signs(nrrd, sign);
    for (size_t a = 0; a < 4; a++)
        for (size_t r = 0; r < 2; r++)
            if (sign[r] < 0) affine.m[r][a] = 0 - affine.m[r][a]; /* never -0 */
    for (size_t a = count; a < 3; a++)
        if (a == 1) affine.m[1][1] = sign[1];
    if (g->size[2] == 1) rad_affine_complete(&affine);
    const char *fault = rad_affine_geometry(&affine, nrrd->scale, g);
    if (fault)
        return rad_fail(error, RAD_UNREADABLE, "%s: the %s %s", nrrd->path,
                        nrrd->steps ? "space directions and origin" : "voxel spacing", fault);
    for (int k = 0; k < 9; k++) /* to the bit what ITK has */
        g->direction[k] = affine.m[k / 3][k % 3] * (1 / (g->spacing[k % 3] / nrrd->scale));
    warn_of_space(nrrd, known, axes, count, warnings);
    return RAD_OK;
}
