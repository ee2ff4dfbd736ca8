#include "pyr_diagnostics.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../core/sum.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void rad_pyr_report_free(rad_pyr_report *report) {
    rad_free(report->row);
    *report = (rad_pyr_report){0};
}

const char *rad_pyr_number(double x, char text[RAD_NUMBER_TEXT + 2]) {
    if (!isfinite(x)) {
        snprintf(text, RAD_NUMBER_TEXT, "%s", isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
        return text;
    }
    rad_number_write(x, text);
    if (text[strspn(text, "-0123456789")] == '\0') memcpy(text + strlen(text), ".0", sizeof ".0");
    return text;
}

static rad_status add(rad_pyr_report *r, const char *of, const char *step, const char *what, rad_error *error,
                      const char *format, ...) RAD_PRINTF(6, 7);
static rad_status add(rad_pyr_report *r, const char *of, const char *step, const char *what, rad_error *error,
                      const char *format, ...) {
    rad_status status = rad_grow(&r->row, r->count, &r->room, sizeof *r->row, error);
    if (status != RAD_OK) return status;
    rad_pyr_line *line = &r->row[r->count++];
    snprintf(line->name, sizeof line->name, "diagnostics_%s-%s_%s", of, step, what);
    va_list args;
    va_start(args, format);
    vsnprintf(line->text, sizeof line->text, format, args);
    va_end(args);
    return RAD_OK;
}

/* "(1.0, 2.0, 3.0)" */
static rad_status add_floats(rad_pyr_report *r, const char *of, const char *step, const char *what,
                             const double x[3], rad_error *error) {
    char text[3][RAD_NUMBER_TEXT + 2];
    return add(r, of, step, what, error, "(%s, %s, %s)", rad_pyr_number(x[0], text[0]),
               rad_pyr_number(x[1], text[1]), rad_pyr_number(x[2], text[2]));
}

/* Mean and extremes. */
static rad_status add_spread(rad_pyr_report *r, const char *of, const char *step, const double *x,
                             size_t count, rad_error *error) {
    char text[RAD_NUMBER_TEXT + 2];
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    rad_status status =
        add(r, of, step, "Mean", error, "%s", rad_pyr_number(rad_sum(x, count) / (double)count, text));
    if (status == RAD_OK) status = add(r, of, step, "Minimum", error, "%s", rad_pyr_number(low, text));
    return status == RAD_OK ? add(r, of, step, "Maximum", error, "%s", rad_pyr_number(high, text)) : status;
}

static rad_status add_grid(rad_pyr_report *r, const char *of, const char *step, const rad_geometry *g,
                           rad_error *error) {
    rad_status status = add_floats(r, of, step, "Spacing", g->spacing, error);
    return status == RAD_OK
               ? add(r, of, step, "Size", error, "(%zu, %zu, %zu)", g->size[0], g->size[1], g->size[2])
               : status;
}

rad_status rad_pyr_report_image(rad_pyr_report *r, const char *step, const rad_pyr_image *image,
                                rad_error *error) {
    rad_status status = RAD_OK;
    if (!r) return RAD_OK;
    if (!strcmp(step, "original")) {
        status = add(r, "Image", step, "Hash", error, "%s", r->image_hash);
        if (status == RAD_OK) status = add(r, "Image", step, "Dimensionality", error, "3D");
    }
    if (status == RAD_OK) status = add_grid(r, "Image", step, &image->geometry, error);
    return status == RAD_OK
               ? add_spread(r, "Image", step, image->x, rad_geometry_count(&image->geometry), error)
               : status;
}

static uint32_t find_root(uint32_t *parent, uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
}

static bool is_inside(const rad_pyr_mask *mask, const rad_box *b, const size_t at[3], const int step[3]) {
    size_t v = 0;
    for (int a = 2; a >= 0; a--) {
        const size_t x = at[a] + (size_t)step[a]; /* below 0 wraps beyond the end */
        if (x < b->begin[a] || x >= b->end[a]) return false;
        v = v * mask->geometry.size[a] + x;
    }
    return mask->inside[v];
}

/* Parts of the ROI that touch, at corners too. */
static rad_status count_parts(const rad_pyr_mask *mask, const rad_box *b, size_t *parts, rad_error *error) {
    const size_t w = b->end[0] - b->begin[0], h = b->end[1] - b->begin[1], size = rad_box_count(b);
    uint32_t *parent = size <= UINT32_MAX ? rad_new_raw(size, sizeof *parent, error) : NULL;
    if (!parent) return rad_fail(error, RAD_NO_MEMORY, "out of memory: parts of a ROI of %zu voxels", size);
    *parts = 0;
    for (size_t v = 0; v < size; v++) {
        const size_t at[3] = {b->begin[0] + v % w, b->begin[1] + v / w % h, b->begin[2] + v / w / h};
        if (!is_inside(mask, b, at, (const int[3]){0, 0, 0})) continue;
        parent[v] = (uint32_t)v;
        ++*parts;
        for (int k = 0; k < 13; k++) { /* the earlier half of the 26 */
            const int step[3] = {k % 3 - 1, k / 3 % 3 - 1, k / 9 - 1};
            if (!is_inside(mask, b, at, step)) continue;
            const ptrdiff_t jump = step[0] + (ptrdiff_t)w * (step[1] + (ptrdiff_t)h * step[2]);
            const uint32_t mine = find_root(parent, (uint32_t)v),
                           other = find_root(parent, (uint32_t)((ptrdiff_t)v + jump));
            if (mine == other) continue;
            parent[mine] = other;
            --*parts;
        }
    }
    rad_free(parent);
    return RAD_OK;
}

static rad_status add_roi(rad_pyr_report *r, const char *step, const rad_pyr_mask *mask, const rad_box *b,
                          size_t count, rad_error *error) {
    const rad_geometry *g = &mask->geometry;
    double centre[3] = {0}, world[3];
    size_t parts = 0;
    for (size_t i = 0, n = rad_geometry_count(g); i < n; i++) {
        if (!mask->inside[i]) continue;
        const size_t row = i / g->size[0], slice = row / g->size[1];
        centre[0] += (double)(i % g->size[0]);
        centre[1] += (double)(row % g->size[1]);
        centre[2] += (double)slice;
    }
    for (int a = 0; a < 3; a++) centre[a] /= (double)count;
    rad_geometry_world(g, centre, world);
    for (int a = 0; a < 2; a++) world[a] = 0 - world[a]; /* LPS */
    rad_status status = count_parts(mask, b, &parts, error);
    if (status == RAD_OK)
        status = add(r, "Mask", step, "BoundingBox", error, "(%zu, %zu, %zu, %zu, %zu, %zu)", b->begin[0],
                     b->begin[1], b->begin[2], b->end[0] - b->begin[0], b->end[1] - b->begin[1],
                     b->end[2] - b->begin[2]);
    if (status == RAD_OK) status = add(r, "Mask", step, "VoxelNum", error, "%zu", count);
    if (status == RAD_OK) status = add(r, "Mask", step, "VolumeNum", error, "%zu", parts);
    if (status == RAD_OK) status = add_floats(r, "Mask", step, "CenterOfMassIndex", centre, error);
    return status == RAD_OK ? add_floats(r, "Mask", step, "CenterOfMass", world, error) : status;
}

rad_status rad_pyr_report_mask(rad_pyr_report *r, const char *step, const rad_pyr_image *image,
                               const rad_pyr_mask *mask, rad_error *error) {
    rad_box box;
    size_t count = 0, n = 0;
    if (!r || !rad_pyr_mask_bounds(mask, &box, &count)) return RAD_OK;
    rad_status status =
        strcmp(step, "original") ? RAD_OK : add(r, "Mask", step, "Hash", error, "%s", r->mask_hash);
    if (status == RAD_OK) status = add_grid(r, "Mask", step, &mask->geometry, error);
    if (status == RAD_OK) status = add_roi(r, step, mask, &box, count, error);
    if (status != RAD_OK || !image) return status;
    double *x = rad_new_raw(count, sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    for (size_t i = 0, all = rad_geometry_count(&mask->geometry); i < all; i++)
        if (mask->inside[i]) x[n++] = image->x[i];
    status = add_spread(r, "Mask", step, x, count, error);
    rad_free(x);
    return status;
}
