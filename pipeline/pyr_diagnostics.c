#include "pyr_diagnostics.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../core/roi.h"
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
static rad_status add_spread(rad_pyr_report *r, const char *of, const char *step, const rad_pyr_image *image,
                             size_t count, rad_error *error) {
    enum { BLOCK = 4096 }; /* that of rad_sum: the sum is the same bits */
    char text[RAD_NUMBER_TEXT + 2];
    double low = INFINITY, high = -INFINITY, sum = 0, buffer[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t n = count - first < BLOCK ? count - first : BLOCK;
        const double *x = rad_pyr_image_part(image, first, n, buffer);
        sum += rad_sum(x, n);
        for (size_t i = 0; i < n; i++) { /* NaN is neither */
            low = x[i] < low ? x[i] : low;
            high = x[i] > high ? x[i] : high;
        }
    }
    rad_status status = add(r, of, step, "Mean", error, "%s", rad_pyr_number(sum / (double)count, text));
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
    return status == RAD_OK ? add_spread(r, "Image", step, image, rad_geometry_count(&image->geometry), error)
                            : status;
}

static uint32_t find_root(uint32_t *parent, uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
}

/* Voxels side by side in a row; parts are told apart by the index of a run. */
typedef struct run {
    size_t begin, end;
} run;

typedef struct runs {
    run *run;
    uint32_t *parent;
    size_t count, room, parts;
} runs;

/* Joins the runs from `first` on with those of an earlier row that touch them, at corners too. */
static void join_rows(runs *r, size_t first, size_t other, size_t other_end) {
    for (size_t k = first; k < r->count; k++) {
        while (other < other_end && r->run[other].end < r->run[k].begin) other++;
        for (size_t o = other; o < other_end && r->run[o].begin <= r->run[k].end; o++) {
            const uint32_t mine = find_root(r->parent, (uint32_t)k), its = find_root(r->parent, (uint32_t)o);
            if (mine == its) continue;
            r->parent[mine] = its;
            r->parts--;
        }
    }
}

static rad_status add_run(runs *r, size_t begin, size_t end, rad_error *error) {
    size_t room = r->room;
    if (r->count == UINT32_MAX) return rad_fail(error, RAD_NO_MEMORY, "a ROI of more than 2^32 runs");
    rad_status status = rad_grow(&r->run, r->count, &room, sizeof *r->run, error);
    if (status == RAD_OK) status = rad_grow(&r->parent, r->count, &r->room, sizeof *r->parent, error);
    if (status != RAD_OK) return status;
    r->run[r->count] = (run){begin, end};
    r->parent[r->count] = (uint32_t)r->count;
    r->count++;
    r->parts++;
    return RAD_OK;
}

static rad_status add_row(runs *r, const uint8_t *inside, size_t width, rad_error *error) {
    rad_status status = RAD_OK;
    size_t begin, last;
    if (!rad_mask_span(inside, width, &begin, &last)) return RAD_OK;
    for (size_t end; begin < last && status == RAD_OK; begin = end + 1) {
        for (end = begin; end < last && inside[end]; end++) {
        }
        if (end > begin) status = add_run(r, begin, end, error);
    }
    return status;
}

/* Parts of the ROI that touch, at corners too. */
static rad_status count_parts(const rad_pyr_mask *mask, const rad_box *b, size_t *parts, rad_error *error) {
    const size_t *n = mask->geometry.size, h = b->end[1] - b->begin[1], rows = h * (b->end[2] - b->begin[2]);
    runs r = {0};
    size_t *first = rad_new(rows + 1, sizeof *first, error); /* the first run of each row of the box */
    rad_status status = first ? RAD_OK : RAD_NO_MEMORY;
    for (size_t k = 0, y = 0, z = 0; k < rows && status == RAD_OK;
         k++, z += y + 1 == h, y = y + 1 < h ? y + 1 : 0) {
        first[k] = r.count;
        status = add_row(&r, mask->inside + ((b->begin[2] + z) * n[1] + b->begin[1] + y) * n[0], n[0], error);
        first[k + 1] = r.count;
        if (status != RAD_OK) break;
        if (y) join_rows(&r, first[k], first[k - 1], first[k]);
        for (size_t beside = y ? y - 1 : 0; z && beside <= y + 1 && beside < h; beside++)
            join_rows(&r, first[k], first[(z - 1) * h + beside], first[(z - 1) * h + beside + 1]);
    }
    *parts = r.parts;
    rad_free(first);
    rad_free(r.run);
    rad_free(r.parent);
    return status;
}

static rad_status add_roi(rad_pyr_report *r, const char *step, const rad_pyr_mask *mask, const rad_box *b,
                          size_t count, rad_error *error) {
    const rad_geometry *g = &mask->geometry;
    double centre[3] = {0}, world[3];
    size_t parts = 0;
    for (size_t row = b->begin[2] * g->size[1]; row < b->end[2] * g->size[1]; row++)
        for (size_t x = b->begin[0]; x < b->end[0]; x++) {
            const size_t y = row % g->size[1], z = row / g->size[1];
            if (!mask->inside[row * g->size[0] + x]) continue;
            centre[0] += (double)x;
            centre[1] += (double)y;
            centre[2] += (double)z;
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
    const size_t width = mask->geometry.size[0], *size = mask->geometry.size;
    rad_pyr_image part = {.x = rad_new_raw(count, sizeof *part.x, error)};
    double *buffer = part.x ? rad_new_raw(width, sizeof *buffer, error) : NULL;
    for (size_t row = 0; buffer && row < size[1] * size[2]; row++) {
        const uint8_t *inside = mask->inside + row * width;
        size_t begin, end;
        if (!rad_mask_span(inside, width, &begin, &end)) continue;
        const double *x = rad_pyr_image_part(image, row * width, width, buffer);
        for (size_t i = begin; i < end; i++)
            if (inside[i]) part.x[n++] = x[i];
    }
    status = buffer ? add_spread(r, "Mask", step, &part, count, error) : RAD_NO_MEMORY;
    rad_free(buffer);
    rad_free(part.x);
    return status;
}
