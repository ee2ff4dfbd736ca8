#include "rtstruct.h"

#include "../../core/memory.h"
#include "../../core/polygon.h"
#include "dicom.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Voxels by which points of one plane may differ along its normal. */
static const double flat = 0.1;

/* One closed contour in voxel indices of the image. */
typedef struct contour {
    double (*points)[3];
    size_t count;
    double at; /* along the normal of its plane */
} contour;

/* One ROI while it is drawn. */
typedef struct sketch {
    const rad_drawing *how;
    const rad_structure *structure;
    const char *path;
    contour *contours;
    size_t count, ignored;
    int normal;               /* axis of the grid that the planes are across */
    int u, v;                 /* axes in the plane */
    size_t begin[2], size[2]; /* of the box around all contours, along them */
    uint8_t *plane, *slice;   /* of the box */
    char fault[400];
} sketch;

static rad_status open_set(const char *path, rad_dicom **file, rad_error *error) {
    char class[65];
    rad_status status = rad_dicom_open(path, file, error);
    if (status != RAD_OK) return status;
    rad_dicom_text(rad_dicom_root(*file), rad_tag_SOPClassUID, class, sizeof class);
    if (!strcmp(class, "1.2.840.10008.5.1.4.1.1.481.3")) return RAD_OK;
    rad_dicom_close(*file);
    *file = NULL;
    return rad_fail(error, RAD_UNREADABLE, "%s: is not an RT structure set: " RAD_TAG_FORMAT " is %s", path,
                    RAD_TAG_WORDS(rad_tag_SOPClassUID), class);
}

/* The item of ROIContourSequence that belongs to the ROI, or NULL. */
static const rad_dicom_item *contours_of(const rad_dicom *file, int64_t number) {
    const rad_dicom_item *item = rad_dicom_first(rad_dicom_root(file), rad_tag_ROIContourSequence);
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
        s->contours = rad_dicom_count(contours_of(file, s->number), rad_tag_ContourSequence);
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
    contour *c = &d->contours[d->count];
    if (!values || values % 3) {
        snprintf(d->fault, sizeof d->fault,
                 "contour %zu has %zu coordinates; three numbers per point are needed", index + 1, values);
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
    return RAD_OK;
}

static rad_status read_contours(sketch *d, const rad_dicom *file, rad_error *error) {
    const rad_dicom_item *roi = contours_of(file, d->structure->number);
    const size_t count = d->structure->contours;
    char type[33] = "";
    rad_status status = RAD_OK;
    d->contours = rad_new(count, sizeof *d->contours, error);
    if (!d->contours) return RAD_NO_MEMORY;
    const rad_dicom_item *item = rad_dicom_first(roi, rad_tag_ContourSequence);
    for (size_t i = 0; i < count && status == RAD_OK; i++, item = rad_dicom_next(item)) {
        rad_dicom_text(item, rad_tag_ContourGeometricType, type, sizeof type);
        const bool closed = !strcmp(type, "CLOSED_PLANAR") || !strcmp(type, "CLOSEDPLANAR_XOR");
        if (closed && rad_dicom_numbers(item, rad_tag_ContourData, NULL, 0) > 6)
            status = read_points(d, item, i, error);
        else
            d->ignored++; /* a mark, a line */
    }
    if (status != RAD_OK || *d->fault || d->count) return status;
    if (count)
        snprintf(d->fault, sizeof d->fault, "none of its %zu contours is a closed polygon (the last is %s)",
                 count, type);
    else
        snprintf(d->fault, sizeof d->fault, "it has no contours");
    return RAD_OK;
}

static double spread(const contour *c, int axis) {
    double low = c->points[0][axis], high = low;
    for (size_t i = 1; i < c->count; i++) {
        low = fmin(low, c->points[i][axis]);
        high = fmax(high, c->points[i][axis]);
    }
    return high - low;
}

/* The axis of the grid that all contours are across: that of the slices, if they are. */
static void find_normal(sketch *d) {
    double thickest = 0;
    for (d->normal = 2; d->normal >= 0; d->normal--) {
        thickest = 0;
        for (size_t i = 0; i < d->count; i++) thickest = fmax(thickest, spread(&d->contours[i], d->normal));
        if (thickest <= flat) break;
        if (d->normal == 0)
            snprintf(d->fault, sizeof d->fault,
                     "its contours are not parallel to the slices of the image; draw them on this image, or "
                     "resample "
                     "the image to their planes");
    }
    if (*d->fault) return;
    d->u = d->normal == 0 ? 1 : 0;
    d->v = d->normal == 2 ? 1 : 2;
    for (size_t i = 0; i < d->count; i++) {
        contour *c = &d->contours[i];
        c->at = 0;
        for (size_t k = 0; k < c->count; k++) c->at += c->points[k][d->normal] / (double)c->count;
        const double last = (double)d->how->grid->size[d->normal] - 0.5;
        if (c->at < -0.5 || c->at > last)
            snprintf(d->fault, sizeof d->fault,
                     "a contour lies %.3g slices beyond the image; only contours within half a slice of it "
                     "are allowed",
                     c->at < 0 ? -0.5 - c->at : c->at - last);
    }
}

static int by_plane(const void *a, const void *b) {
    const contour *c = a, *d = b;
    return (c->at > d->at) - (c->at < d->at);
}

static size_t slice_of(const sketch *d, const contour *c) {
    const double nearest = floor(c->at + 0.5), last = (double)d->how->grid->size[d->normal] - 1;
    return (size_t)fmin(fmax(nearest, 0), last);
}

/* Adds the contours of one plane to the slice. Returns the contour after the last one. */
static rad_status draw_plane(sketch *d, size_t *at, rad_error *error) {
    const size_t pixels = (d->size[0] + 1) * d->size[1];
    const double here = d->contours[*at].at;
    const size_t slice = slice_of(d, &d->contours[*at]);
    memset(d->plane, 0, pixels);
    for (; *at < d->count && d->contours[*at].at - here <= flat && slice_of(d, &d->contours[*at]) == slice;
         ++*at) {
        const contour *c = &d->contours[*at];
        double(*flat_points)[2] = rad_new_raw(c->count, sizeof *flat_points, error);
        if (!flat_points) return RAD_NO_MEMORY;
        for (size_t i = 0; i < c->count; i++) {
            flat_points[i][0] = c->points[i][d->u] - (double)d->begin[0];
            flat_points[i][1] = c->points[i][d->v] - (double)d->begin[1];
        }
        rad_polygon_trace((const double(*)[2])flat_points, c->count, d->size, d->plane);
        rad_free(flat_points);
    }
    rad_polygon_fill(d->size, d->plane);
    for (size_t i = 0; i < pixels; i++) d->slice[i] |= d->plane[i];
    return RAD_OK;
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

static rad_status draw(sketch *d, rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    find_extent(d, d->u, &d->begin[0], &d->size[0]);
    find_extent(d, d->v, &d->begin[1], &d->size[1]);
    const size_t pixels = (d->size[0] + 1) * d->size[1];
    qsort(d->contours, d->count, sizeof *d->contours, by_plane);
    d->plane = rad_new_raw(pixels, 1, error);
    d->slice = rad_new_raw(pixels, 1, error);
    rad_status status = d->plane && d->slice ? RAD_OK : RAD_NO_MEMORY;
    size_t gaps = 0, last = 0;
    for (size_t at = 0; at < d->count && status == RAD_OK;) {
        const size_t slice = slice_of(d, &d->contours[at]);
        gaps += at && slice > last + 1 ? slice - last - 1 : 0;
        memset(d->slice, 0, pixels);
        while (at < d->count && status == RAD_OK && slice_of(d, &d->contours[at]) == slice)
            status = draw_plane(d, &at, error);
        if (status == RAD_OK) status = put_slice(d, slice, mask, error);
        last = slice;
    }
    if (gaps)
        rad_warn(warnings, "%.200s: ROI %.100s: %zu slices between its contours have none and stay empty",
                 d->path, d->structure->name, gaps);
    if (d->ignored)
        rad_warn(warnings, "%.200s: ROI %.100s: %zu contours that are points or lines are left out", d->path,
                 d->structure->name, d->ignored);
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

rad_status rad_rtstruct_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                             rad_warnings *warnings, rad_error *error) {
    rad_dicom *file = NULL;
    rad_structure *structures = NULL;
    size_t count = 0;
    *mask = (rad_mask){.volume = {.geometry = *drawing->grid, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = open_set(path, &file, error);
    if (status == RAD_OK) status = list(file, path, &structures, &count, error);
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
