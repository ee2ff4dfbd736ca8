#include "rtstruct.h"

#include "../../core/memory.h"
#include "../../core/polygon.h"
#include "../../core/printable.h"
#include "../../core/sort.h"
#include "contours.h"
#include "nameless.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Voxels by which points of one plane may differ along its normal: without a word, and with a warning. */
static const double flat = 0.1, nearly_flat = 0.5;

/* One ROI while it is drawn. */
typedef struct sketch {
    const rad_drawing *how;
    const rad_structure *structure;
    const char *path;
    rad_contour *contours;
    size_t count, ignored, gaps;
    size_t beyond, sideways, repeated, wavy; /* contours that are left out, cut, counted once, flattened */
    int normal;                              /* axis of the grid that the planes are across */
    int u, v;                                /* axes in the plane */
    size_t begin[2], size[2];                /* of the box around all contours, along them */
    uint8_t *plane, *slice;                  /* of the box */
    char fault[400];
} sketch;

static rad_status open_set(const char *path, rad_dicom **file, rad_error *error) {
    char class[65];
    rad_status status = rad_dicom_open(path, file, error);
    if (status != RAD_OK) return status;
    rad_dicom_text(rad_dicom_root(*file), rad_tag_SOPClassUID, class, sizeof class);
    if (rad_nameless_find(rad_dicom_root(*file), class) == RAD_OBJECT_STRUCTURES) return RAD_OK;
    rad_dicom_close(*file);
    *file = NULL;
    return rad_fail(error, RAD_UNREADABLE, "%s: is not an RT structure set: " RAD_TAG_FORMAT " is %s", path,
                    RAD_TAG_WORDS(rad_tag_SOPClassUID), class);
}

/* The item of ROIContourSequence that belongs to the ROI, the first or the one after `last`, or NULL. */
static const rad_dicom_item *contours_of(const rad_dicom *file, int64_t number, const rad_dicom_item *last) {
    const rad_dicom_item *item =
        last ? rad_dicom_next(last) : rad_dicom_first(rad_dicom_root(file), rad_tag_ROIContourSequence);
    for (; item; item = rad_dicom_next(item)) {
        double value = NAN;
        if (rad_dicom_numbers(item, rad_tag_ReferencedROINumber, &value, 1) == 1 && value == (double)number)
            return item;
    }
    return NULL;
}

static rad_status list(const rad_dicom *file, const char *path, rad_structure **structures, size_t *count,
                       rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(file);
    *count = rad_dicom_count(root, rad_tag_StructureSetROISequence);
    *structures = rad_new(*count, sizeof **structures, error);
    if (!*structures) return RAD_NO_MEMORY;
    const rad_dicom_item *item = rad_dicom_first(root, rad_tag_StructureSetROISequence);
    for (size_t i = 0; i < *count; i++, item = rad_dicom_next(item)) {
        rad_structure *s = &(*structures)[i];
        double number = NAN;
        rad_dicom_numbers(item, rad_tag_ROINumber, &number, 1);
        if (!(fabs(number) < 0x1p31) || number != rint(number))
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: " RAD_TAG_FORMAT " of ROI %zu is missing or not a whole number", path,
                            RAD_TAG_WORDS(rad_tag_ROINumber), i + 1);
        s->number = (int64_t)number;
        for (size_t k = 0; k < i; k++)
            if ((*structures)[k].number == s->number)
                return rad_fail(error, RAD_UNREADABLE, "%s: two ROIs have " RAD_TAG_FORMAT " %" PRId64, path,
                                RAD_TAG_WORDS(rad_tag_ROINumber), s->number);
        rad_status status = rad_dicom_words(file, item, rad_tag_ROIName, s->name, sizeof s->name, error);
        if (status != RAD_OK) return status;
        if (!*s->name) snprintf(s->name, sizeof s->name, "%" PRId64, s->number);
        rad_dicom_text(item, rad_tag_ReferencedFrameOfReferenceUID, s->frame_of_reference,
                       sizeof s->frame_of_reference);
        const rad_dicom_item *part = NULL;
        while ((part = contours_of(file, s->number, part)))
            s->contours += rad_dicom_count(part, rad_tag_ContourSequence);
    }
    if (*count) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the structure set has no ROIs", path);
}

rad_status rad_rtstruct_list(const char *path, rad_structure **structures, size_t *count, rad_error *error) {
    rad_dicom *file = NULL;
    *structures = NULL;
    rad_status status = open_set(path, &file, error);
    if (status == RAD_OK) status = list(file, path, structures, count, error);
    rad_dicom_close(file);
    if (status != RAD_OK) {
        rad_free(*structures);
        *structures = NULL;
    }
    return status;
}

/* ContourData: x\y\z in mm (LPS), point after point, into voxel indices. */
static rad_status read_points(sketch *d, const rad_dicom_item *item, size_t index, rad_error *error) {
    const size_t values = rad_dicom_numbers(item, rad_tag_ContourData, NULL, 0);
    rad_contour *c = &d->contours[d->count];
    if (!values || values % 3) {
        snprintf(d->fault, sizeof d->fault,
                 "contour %zu has %zu coordinate%s; three numbers per point are needed", index + 1, values,
                 rad_plural(values));
        return RAD_OK;
    }
    c->count = values / 3;
    c->points = rad_new_raw(c->count, sizeof *c->points, error);
    if (!c->points) return RAD_NO_MEMORY;
    d->count++;
    if (rad_dicom_numbers(item, rad_tag_ContourData, c->points[0], values) != values) {
        snprintf(d->fault, sizeof d->fault, "contour %zu has coordinates that are not numbers", index + 1);
        return RAD_OK;
    }
    for (size_t i = 0; i < c->count; i++) {
        double *p = c->points[i];
        const double world[3] = {-p[0], -p[1], p[2]};
        if (!rad_geometry_index(d->how->grid, world, p) || !(fabs(p[0]) + fabs(p[1]) + fabs(p[2]) < 1e9))
            snprintf(d->fault, sizeof d->fault, "point %zu of contour %zu is not a place in the image", i + 1,
                     index + 1);
    }
    rad_contour_tidy(c);
    return RAD_OK;
}

/* One item of ContourSequence. */
static rad_status read_contour(sketch *d, const rad_dicom_item *item, size_t index, char type[33],
                               rad_error *error) {
    bool exclusive = false;
    rad_dicom_text(item, rad_tag_ContourGeometricType, type, 33);
    if (!rad_contour_type(type, &exclusive) || rad_dicom_numbers(item, rad_tag_ContourData, NULL, 0) <= 6) {
        d->ignored++; /* a mark, a line */
        return RAD_OK;
    }
    d->contours[d->count].exclusive = exclusive;
    return read_points(d, item, index, error);
}

static rad_status read_contours(sketch *d, const rad_dicom *file, rad_error *error) {
    const size_t count = d->structure->contours;
    char type[33] = "";
    size_t index = 0;
    rad_status status = RAD_OK;
    d->contours = rad_new(count, sizeof *d->contours, error);
    if (!d->contours) return RAD_NO_MEMORY;
    for (const rad_dicom_item *part = NULL; (part = contours_of(file, d->structure->number, part));) {
        const rad_dicom_item *item = rad_dicom_first(part, rad_tag_ContourSequence);
        for (; item && status == RAD_OK; item = rad_dicom_next(item))
            status = read_contour(d, item, index++, type, error);
    }
    if (status != RAD_OK || *d->fault || d->count) return status;
    if (count)
        snprintf(d->fault, sizeof d->fault, "none of its %zu contour%s is a closed polygon (the last is %s)",
                 count, rad_plural(count), *type ? type : "of no type");
    else
        snprintf(d->fault, sizeof d->fault, "it has no contours");
    return RAD_OK;
}

static double thickest(const sketch *d, int axis) {
    double most = 0;
    for (size_t i = 0; i < d->count; i++) most = fmax(most, rad_contour_spread(&d->contours[i], axis));
    return most;
}

/* The axis of the grid that all contours are across: that of the slices, if they are. */
static void find_normal(sketch *d) {
    d->normal = -1;
    for (int a = 2; a >= 0 && d->normal < 0; a--)
        if (thickest(d, a) <= flat) d->normal = a;
    for (int a = 2; a >= 0 && d->normal < 0; a--)
        if (thickest(d, a) <= nearly_flat) d->normal = a;
    if (d->normal < 0) {
        snprintf(d->fault, sizeof d->fault,
                 "its contours are not parallel to the slices of the image; draw them on this image, or "
                 "resample the image to their planes");
        return;
    }
    d->u = d->normal == 0 ? 1 : 0;
    d->v = d->normal == 2 ? 1 : 2;
    for (size_t i = 0; i < d->count; i++) {
        rad_contour *c = &d->contours[i];
        c->at = 0;
        for (size_t k = 0; k < c->count; k++) c->at += c->points[k][d->normal] / (double)c->count;
        d->wavy += rad_contour_spread(c, d->normal) > flat;
    }
}

/* Contours beyond the first and the last slice: a fault, or left out where that was asked for. */
static void cut_beyond(sketch *d) {
    const double last = (double)d->how->grid->size[d->normal] - 0.5;
    double furthest = 0;
    size_t kept = 0;
    for (size_t i = 0; i < d->count; i++) {
        const rad_contour c = d->contours[i];
        const double off = fmax(-0.5 - c.at, c.at - last);
        d->sideways += rad_contour_beyond(&c, d->u, d->how->grid->size[d->u]) ||
                       rad_contour_beyond(&c, d->v, d->how->grid->size[d->v]);
        furthest = fmax(furthest, off);
        d->beyond += off > 0;
        if (off > 0 && d->how->clip && !d->how->slabs)
            rad_free(c.points);
        else
            d->contours[kept++] = c;
    }
    if (!kept || (d->beyond && !d->how->clip))
        snprintf(d->fault, sizeof d->fault,
                 "%zu of its %zu contour%s lie%s beyond the image, up to %.3g slice%s%s", d->beyond, d->count,
                 rad_plural(d->count), d->beyond == 1 ? "s" : "", furthest, furthest == 1 ? "" : "s",
                 kept ? "; only contours within half a slice of it are allowed; leave out what lies beyond "
                        "with --clip"
                      : "");
    d->count = kept;
}

static int by_plane(const void *a, const void *b) {
    const rad_contour *c = a, *d = b;
    if (c->at != d->at) return c->at < d->at ? -1 : 1;
    return (c->count > d->count) - (c->count < d->count);
}

static size_t slice_of(const sketch *d, const rad_contour *c) {
    const double nearest = floor(c->at + 0.5), last = (double)d->how->grid->size[d->normal] - 1;
    return (size_t)fmin(fmax(nearest, 0), last);
}

/* The contour after the last one of a plane. */
static size_t plane_end(const sketch *d, size_t first) {
    const rad_contour *c = &d->contours[first];
    size_t end = first + 1;
    while (end < d->count && d->contours[end].at - c->at <= flat &&
           (d->how->slabs || slice_of(d, &d->contours[end]) == slice_of(d, c)))
        end++;
    return end;
}

/* Is it a copy of one before it in the plane? */
static bool is_repeated(const sketch *d, size_t first, size_t at) {
    const rad_contour *c = &d->contours[at];
    for (size_t i = first; i < at && !c->exclusive; i++)
        if (!d->contours[i].exclusive && rad_contour_same(&d->contours[i], c, d->u, d->v)) return true;
    return false;
}

/* Contours in the order of their planes, each once. */
static void sort_contours(sketch *d) {
    size_t kept = 0;
    qsort(d->contours, d->count, sizeof *d->contours, by_plane);
    for (size_t first = 0, end; first < d->count; first = end) {
        const size_t begin = kept;
        end = plane_end(d, first);
        for (size_t i = first; i < end; i++) {
            rad_contour c = d->contours[i];
            d->contours[i] = (rad_contour){.count = 0};
            d->contours[kept] = c;
            if (!is_repeated(d, begin, kept)) {
                kept++;
                continue;
            }
            d->repeated++;
            rad_free(c.points);
        }
    }
    d->count = kept;
}

static rad_status trace(sketch *d, const rad_contour *c, rad_error *error) {
    double(*flat_points)[2] = rad_new_raw(c->count, sizeof *flat_points, error);
    if (!flat_points) return RAD_NO_MEMORY;
    for (size_t i = 0; i < c->count; i++) {
        flat_points[i][0] = c->points[i][d->u] - (double)d->begin[0];
        flat_points[i][1] = c->points[i][d->v] - (double)d->begin[1];
    }
    rad_polygon_trace((const double(*)[2])flat_points, c->count, d->size, d->plane);
    rad_free(flat_points);
    return RAD_OK;
}

/* Adds the contours of one plane, first to end - 1, to the slice. */
static rad_status draw_plane(sketch *d, size_t first, size_t end, rad_error *error) {
    const size_t pixels = (d->size[0] + 1) * d->size[1];
    rad_status status = RAD_OK;
    memset(d->plane, 0, pixels);
    for (size_t i = first; i < end && status == RAD_OK; i++) status = trace(d, &d->contours[i], error);
    rad_polygon_fill(d->size, d->plane);
    for (size_t i = 0; i < pixels; i++) d->slice[i] |= d->plane[i];
    return status;
}

/* Runs of the slice into the mask, along x. */
static rad_status put_slice(const sketch *d, size_t slice, rad_mask *mask, rad_error *error) {
    const size_t pitch = d->size[0] + 1;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < d->size[1]; v++)
        for (size_t u = 0, end; u < d->size[0] && status == RAD_OK; u = end) {
            for (end = u; end < d->size[0] && d->slice[v * pitch + end]; end++) {
            }
            const size_t first = u + d->begin[0], line = v + d->begin[1];
            const size_t y = d->normal == 1 ? slice : line, z = d->normal == 2 ? slice : line;
            if (d->normal != 0 && end > u)
                status = rad_mask_add_run(mask, d->structure->number, first, first + end - u, y, z, error);
            for (size_t i = 0; d->normal == 0 && i < end - u && status == RAD_OK; i++)
                status =
                    rad_mask_add_run(mask, d->structure->number, slice, slice + 1, first + i, line, error);
            if (end == u) end++;
        }
    return status;
}

/* The pixels that contours can reach, along one axis. */
static void find_extent(sketch *d, int axis, size_t *begin, size_t *size) {
    const double last = (double)d->how->grid->size[axis];
    double low = last, high = 0;
    for (size_t i = 0; i < d->count; i++)
        for (size_t k = 0; k < d->contours[i].count; k++) {
            low = fmin(low, d->contours[i].points[k][axis]);
            high = fmax(high, d->contours[i].points[k][axis]);
        }
    *begin = (size_t)fmax(floor(low), 0);
    *size = (size_t)fmin(ceil(high) + 1, last) - *begin;
}

/* What was assumed or left out, a line each. */
static void warn(const sketch *d, rad_warnings *warnings) {
    const struct {
        size_t count;
        const char *text;
    } rows[] = {
        {d->gaps, "slices between its contours without one, left empty"},
        {d->ignored, "contours that are points or lines, left out"},
        {d->repeated, "contours that repeat another one of their plane, counted once"},
        {d->wavy, "contours with points up to half a slice off their plane, taken as flat"},
        {d->beyond, "contours beyond the first or the last slice of the image, left out (--clip)"},
        {d->sideways, "contours that reach beyond the sides of the image, cut there"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].count)
            rad_warn(warnings, "%.200s: ROI %.100s: %s: %zu", d->path, d->structure->name, rows[i].text,
                     rows[i].count);
}

/* Each plane goes to the nearest slice. */
static rad_status draw_slices(sketch *d, rad_mask *mask, rad_error *error) {
    size_t last = 0;
    rad_status status = RAD_OK;
    for (size_t at = 0; at < d->count && status == RAD_OK;) {
        const size_t slice = slice_of(d, &d->contours[at]);
        d->gaps += at && slice > last + 1 ? slice - last - 1 : 0;
        memset(d->slice, 0, (d->size[0] + 1) * d->size[1]);
        while (at < d->count && status == RAD_OK && slice_of(d, &d->contours[at]) == slice) {
            const size_t end = plane_end(d, at);
            status = draw_plane(d, at, end, error);
            at = end;
        }
        if (status == RAD_OK) status = put_slice(d, slice, mask, error);
        last = slice;
    }
    return status;
}

/* The usual distance of planes, in slices; 1 for one plane. */
static rad_status find_distance(sketch *d, double *distance, rad_error *error) {
    double *gaps = rad_new_raw(d->count, sizeof *gaps, error);
    size_t count = 0;
    if (!gaps) return RAD_NO_MEMORY;
    for (size_t at = 0, end; (end = plane_end(d, at)) < d->count; at = end)
        gaps[count++] = d->contours[end].at - d->contours[at].at;
    rad_status status = rad_sort(gaps, count, error);
    *distance = count ? gaps[(count - 1) / 2] : 1;
    for (size_t i = 0; i < count; i++) d->gaps += (size_t)fmin(fmax(rint(gaps[i] / *distance) - 1, 0), 1e6);
    rad_free(gaps);
    return status;
}

/* Each plane reaches half way to the next, and belongs to a slice whose centre it is the nearest to; where a
 * centre lies on the border of a slab, the lower border is inside. */
static rad_status draw_slabs(sketch *d, rad_mask *mask, rad_error *error) {
    static const double rounding = 1e-6;
    double distance = 1;
    rad_status status = find_distance(d, &distance, error);
    if (d->how->widest > 0) { /* contours are on slices of their own distances */
        distance = d->how->widest;
        d->gaps = 0;
    }
    size_t at = 0, next = 0;
    for (size_t slice = 0; slice < d->how->grid->size[d->normal] && status == RAD_OK; slice++) {
        const double here = (double)slice;
        while ((next = plane_end(d, at)) < d->count &&
               d->contours[next].at - here <= here - d->contours[at].at + rounding)
            at = next;
        const double off = here - d->contours[at].at;
        if (off < -distance / 2 - rounding || off >= distance / 2 - rounding) continue;
        memset(d->slice, 0, (d->size[0] + 1) * d->size[1]);
        status = draw_plane(d, at, next, error);
        if (status == RAD_OK) status = put_slice(d, slice, mask, error);
    }
    return status;
}

static rad_status draw(sketch *d, rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    find_extent(d, d->u, &d->begin[0], &d->size[0]);
    find_extent(d, d->v, &d->begin[1], &d->size[1]);
    const size_t pixels = (d->size[0] + 1) * d->size[1];
    sort_contours(d);
    d->plane = rad_new_raw(pixels, 1, error);
    d->slice = rad_new_raw(pixels, 1, error);
    rad_status status = d->plane && d->slice ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = d->how->slabs ? draw_slabs(d, mask, error) : draw_slices(d, mask, error);
    warn(d, warnings);
    rad_free(d->plane);
    rad_free(d->slice);
    return status;
}

static rad_status read_roi(const rad_dicom *file, const char *path, const rad_drawing *how,
                           const rad_structure *structure, rad_mask *mask, rad_warnings *warnings,
                           rad_error *error) {
    sketch d = {.how = how, .structure = structure, .path = path};
    rad_status status = read_contours(&d, file, error);
    if (status == RAD_OK && !*d.fault) find_normal(&d);
    if (status == RAD_OK && !*d.fault) cut_beyond(&d);
    if (status == RAD_OK && !*d.fault) status = draw(&d, mask, warnings, error);
    for (size_t i = 0; i < d.count; i++) rad_free(d.contours[i].points);
    rad_free(d.contours);
    if (status == RAD_OK)
        status =
            rad_mask_add_label(mask, structure->number, structure->name, *d.fault ? d.fault : NULL, error);
    return status;
}

rad_status rad_drawing_check_frame(const rad_drawing *drawing, const char *path, const char *what,
                                   const char *frame, rad_error *error) {
    const char *image = drawing->frame_of_reference;
    if (drawing->any_frame || !image || !*image || !*frame || !strcmp(image, frame)) return RAD_OK;
    return rad_fail(
        error, RAD_CONFIG,
        "%.200s: %.100s is in frame of reference %s, the image in %s: they may not lie on each other; give "
        "the image that it was made on, or --ignore-frame-of-reference",
        path, what, frame, image);
}

void rad_drawing_warn_names(const rad_dicom *file, const char *path, rad_tag sequence, rad_tag name,
                            rad_warnings *warnings) {
    const rad_dicom_item *item = rad_dicom_first(rad_dicom_root(file), sequence);
    while (item && !rad_dicom_guesses(file, item, name)) item = rad_dicom_next(item);
    if (item)
        rad_warn(warnings,
                 "%.300s: ROI names have bytes beyond ASCII, but " RAD_TAG_FORMAT
                 " names no set: they are taken as UTF-8 or, where they cannot be, Latin-1",
                 path, RAD_TAG_WORDS(rad_tag_SpecificCharacterSet));
}

rad_status rad_rtstruct_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                             rad_warnings *warnings, rad_error *error) {
    rad_dicom *file = NULL;
    rad_structure *structures = NULL;
    size_t count = 0;
    *mask = (rad_mask){.volume = {.geometry = *drawing->grid, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = open_set(path, &file, error);
    if (status == RAD_OK && drawing->flat)
        status = rad_fail(
            error, RAD_UNREADABLE,
            "%s: contours have a place in the patient, the image has none; give a mask of its pixels", path);
    if (status == RAD_OK) status = list(file, path, &structures, &count, error);
    if (status == RAD_OK)
        rad_drawing_warn_names(file, path, rad_tag_StructureSetROISequence, rad_tag_ROIName, warnings);
    if (status == RAD_OK) status = rad_mask_begin(mask, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const rad_structure *s = &structures[i];
        const bool wanted = rad_choice_wants(drawing->choice, s->name, s->number);
        if (wanted) status = rad_drawing_check_frame(drawing, path, s->name, s->frame_of_reference, error);
        if (status == RAD_OK)
            status = wanted ? read_roi(file, path, drawing, s, mask, warnings, error)
                            : rad_mask_add_label(mask, s->number, s->name, NULL, error);
    }
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    rad_free(structures);
    rad_dicom_close(file);
    if (status != RAD_OK) rad_mask_free(mask);
    return status;
}
