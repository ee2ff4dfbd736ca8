#include "segmentation.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "derivation.h"
#include "element.h"
#include "even_mask.h"
#include "frames.h"
#include "instance.h"
#include "nameless.h"
#include "series.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { BINARY, FRACTIONAL, LABELMAP, KINDS } kind;
static const char *const kind_words[KINDS] = {"BINARY", "FRACTIONAL", "LABELMAP"};

/* One frame: whose it is and where. */
typedef struct place {
    int64_t segment; /* of a label map: 0 */
    size_t frame, slice;
    double height;
} place;

typedef struct set {
    const char *path;
    rad_dicom *file;
    const rad_drawing *how;
    kind kind;
    rad_segment *segments;
    size_t segment_count;
    place *places;
    rad_frame *frames;
    size_t count;                    /* of frames; those that are drawn, once it is known */
    double between, thickness, most; /* spacings, NaN where absent; MaximumFractionalValue */
    rad_pixel_format format;
    rad_pixel_data data;
    bool partial;   /* some voxels are neither 0 nor 1 */
    bool on_planes; /* slices are the planes of the image, at uneven distances */
    char frame_of_reference[65];
} set;

static void free_set(set *s) {
    rad_dicom_close(s->file);
    rad_free(s->segments);
    rad_free(s->places);
    rad_free(s->frames);
}

static rad_status open_set(set *s, rad_error *error) {
    char word[65];
    rad_status status = rad_dicom_open(s->path, &s->file, error);
    if (status != RAD_OK) return status;
    const rad_dicom_item *root = rad_dicom_root(s->file);
    rad_dicom_text(root, rad_tag_SOPClassUID, word, sizeof word);
    if (rad_nameless_find(root, word) != RAD_OBJECT_SEGMENTATION)
        return rad_fail(error, RAD_UNREADABLE, "%s: is not a segmentation: " RAD_TAG_FORMAT " is %s", s->path,
                        RAD_TAG_WORDS(rad_tag_SOPClassUID), word);
    rad_dicom_text(root, rad_tag_FrameOfReferenceUID, s->frame_of_reference, sizeof s->frame_of_reference);
    rad_dicom_text(root, rad_tag_SegmentationType, word, sizeof word);
    while (s->kind < KINDS && strcmp(kind_words[s->kind], word) != 0) s->kind++;
    if (s->kind < KINDS) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is %s; BINARY, FRACTIONAL or LABELMAP is allowed", s->path,
                    RAD_TAG_WORDS(rad_tag_SegmentationType), *word ? word : "absent");
}

static rad_status list(set *s, rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(s->file);
    s->segment_count = rad_dicom_count(root, rad_tag_SegmentSequence);
    s->segments = rad_new(s->segment_count, sizeof *s->segments, error);
    if (!s->segments) return RAD_NO_MEMORY;
    const rad_dicom_item *item = rad_dicom_first(root, rad_tag_SegmentSequence);
    for (size_t i = 0; i < s->segment_count; i++, item = rad_dicom_next(item)) {
        unsigned number = 0;
        rad_segment *segment = &s->segments[i];
        if (!rad_dicom_short(item, rad_tag_SegmentNumber, &number) || (!number && s->kind != LABELMAP))
            return rad_fail(error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " of segment %zu is missing or 0",
                            s->path, RAD_TAG_WORDS(rad_tag_SegmentNumber), i + 1);
        segment->number = number;
        rad_status status =
            rad_dicom_words(s->file, item, rad_tag_SegmentLabel, segment->name, sizeof segment->name, error);
        if (status != RAD_OK) return status;
        if (!*segment->name) snprintf(segment->name, sizeof segment->name, "%u", number);
    }
    if (s->segment_count) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the segmentation has no segments", s->path);
}

static rad_segment *find_segment(set *s, int64_t number) {
    for (size_t i = 0; i < s->segment_count; i++)
        if (s->segments[i].number == number) return &s->segments[i];
    return NULL;
}

/* Segment and place of every frame. */
static rad_status read_frames(set *s, rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(s->file);
    const rad_dicom_item *shared = rad_dicom_first(root, rad_tag_SharedFunctionalGroupsSequence);
    s->count = rad_dicom_count(root, rad_tag_PerFrameFunctionalGroupsSequence);
    s->places = rad_new(s->count, sizeof *s->places, error);
    s->frames = rad_new(s->count, sizeof *s->frames, error);
    if (!s->places || !s->frames) return RAD_NO_MEMORY;
    const rad_dicom_item *own = rad_dicom_first(root, rad_tag_PerFrameFunctionalGroupsSequence);
    for (size_t i = 0; i < s->count; i++, own = rad_dicom_next(own)) {
        const rad_dicom_item *id = rad_element_group(shared, own, rad_tag_SegmentIdentificationSequence);
        unsigned number = 0;
        rad_dicom_short(id, rad_tag_ReferencedSegmentNumber, &number);
        s->places[i] = (place){.segment = s->kind == LABELMAP ? 0 : number, .frame = i};
        rad_instance_read_groups(shared, own, &s->frames[i], &s->thickness, &s->between);
        if (s->how && s->how->flat)
            s->places[i].slice = rad_derivation_slice(shared, own, s->how->flat, s->how->grid->size[2]);
        rad_segment *segment = find_segment(s, number);
        if (segment) segment->frames++;
        if (!segment && s->kind != LABELMAP)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: frame %zu belongs to segment %u, which is not in the list", s->path, i + 1,
                            number);
    }
    if (s->count) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the segmentation has no frames", s->path);
}

rad_status rad_segmentation_list(const char *path, rad_segment **segments, size_t *count, rad_error *error) {
    set s = {.path = path};
    *segments = NULL;
    rad_status status = open_set(&s, error);
    if (status == RAD_OK) status = list(&s, error);
    if (status == RAD_OK) status = read_frames(&s, error);
    if (status == RAD_OK) {
        *segments = s.segments;
        *count = s.segment_count;
        s.segments = NULL;
    }
    free_set(&s);
    return status;
}

/* Are all heights whole numbers of steps above the lowest? */
static bool fits(const set *s, double low, double step) {
    if (!(step > 1e-3)) return false;
    for (size_t i = 0; i < s->count; i++) {
        const double at = (s->places[i].height - low) / step;
        if (fabs(at - rint(at)) > 0.05) return false;
    }
    return true;
}

static int by_height(const void *a, const void *b) {
    const place *p = a, *q = b;
    return (p->height > q->height) - (p->height < q->height);
}

static int by_segment(const void *a, const void *b) {
    const place *p = a, *q = b;
    if (p->slice != q->slice) return p->slice < q->slice ? -1 : 1;
    if (p->segment != q->segment) return p->segment < q->segment ? -1 : 1;
    return (p->frame > q->frame) - (p->frame < q->frame);
}

/* Distance of slices: what the file says, that of the image, the smallest gap. */
static double find_step(const set *s, double low) {
    double smallest = INFINITY;
    for (size_t i = 1; i < s->count; i++) {
        const double gap = s->places[i].height - s->places[i - 1].height;
        if (gap > 1e-3) smallest = fmin(smallest, gap);
    }
    const double tries[] = {fabs(s->between), s->how->grid->spacing[2], s->thickness, smallest};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        if (isfinite(tries[i]) && fits(s, low, tries[i])) return tries[i];
    return 0;
}

/* The grid of the first frame alone, with the checks of a series of one slice. */
static rad_status first_grid(const set *s, rad_geometry *grid, rad_error *error) {
    const rad_instance whole = {.path = (char *)(uintptr_t)s->path,
                                .format = s->format,
                                .frames = s->frames,
                                .frame_count = 1,
                                .between = s->between,
                                .thickness = 1};
    const rad_instance *const members[] = {&whole};
    rad_series one = {.plane_count = 0};
    rad_status status =
        rad_series_arrange(members, 1, &(rad_series_options){.tolerance = 0}, &one, NULL, error);
    *grid = one.header.geometry;
    rad_free(one.planes);
    return status;
}

/* Has the frame the axes of the first, and does it lie straight above or below it? NaN: it does not. */
static bool is_aligned(const set *s, const rad_geometry *grid, const double normal[3], size_t frame) {
    const rad_frame *first = &s->frames[0], *f = &s->frames[frame];
    double along = 0, aside = 0;
    for (int a = 0; a < 3; a++) along += (f->position[a] - first->position[a]) * normal[a];
    for (int a = 0; a < 3; a++) {
        const double d = f->position[a] - first->position[a] - along * normal[a];
        aside += d * d;
    }
    bool same = sqrt(aside) < 0.05 * grid->spacing[0];
    for (int a = 0; a < 6; a++) same = same && fabs(f->orientation[a] - first->orientation[a]) <= 1e-3;
    for (int a = 0; a < 2; a++)
        same = same && fabs(f->spacing[a] - first->spacing[a]) <= 1e-3 * first->spacing[a];
    return same;
}

static rad_status find_heights(set *s, const rad_geometry *grid, rad_error *error) {
    double normal[3];
    for (int r = 0; r < 3; r++) normal[r] = (r < 2 ? -1 : 1) * grid->direction[3 * r + 2];
    for (size_t i = 0; i < s->count; i++) {
        const double *p = s->frames[i].position;
        s->places[i].height = p[0] * normal[0] + p[1] * normal[1] + p[2] * normal[2];
        if (!is_aligned(s, grid, normal, i))
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: frame %zu is not on the grid of the first: its orientation, spacing or "
                            "position differs or is missing",
                            s->path, i + 1);
    }
    qsort(s->places, s->count, sizeof *s->places, by_height);
    return RAD_OK;
}

/* Of an image whose slices lie at uneven distances: its planes, where all frames lie on them; the mask is
 * spread over the grid when it is whole. Frames of any other place are left as they are. */
static bool find_planes(set *s, rad_geometry *grid) {
    const rad_even *even = s->how->even;
    const rad_geometry *image = s->how->stored;
    double height = 0, aside = 0, off[3];
    bool same = s->format.columns == image->size[0] && s->format.rows == image->size[1];
    const double *lowest = s->frames[s->places[0].frame].position;
    for (int r = 0; r < 3; r++) {
        off[r] = (r < 2 ? -1 : 1) * lowest[r] - image->origin[r];
        height += off[r] * image->direction[3 * r + 2];
    }
    for (int r = 0; r < 3; r++) aside += pow(off[r] - height * image->direction[3 * r + 2], 2);
    for (int i = 0; i < 9; i++) same = same && fabs(grid->direction[i] - image->direction[i]) <= 1e-3;
    for (int a = 0; a < 2; a++)
        same = same && fabs(grid->spacing[a] - image->spacing[a]) <= 1e-3 * image->spacing[a];
    same = same && sqrt(aside) < 0.05 * image->spacing[0];
    for (size_t i = 0; i < s->count && same; i++) {
        s->places[i].slice = rad_even_plane(even, height + s->places[i].height - s->places[0].height);
        same = s->places[i].slice < even->planes;
    }
    if (!same) return false;
    *grid = *image;
    grid->size[2] = even->planes;
    return s->on_planes = true;
}

/* The slices that frames lie on; there may be slices without frames. */
static rad_status find_grid(set *s, rad_geometry *grid, rad_error *error) {
    rad_status status = first_grid(s, grid, error);
    if (status == RAD_OK) status = find_heights(s, grid, error);
    if (status != RAD_OK) return status;
    if (s->how->even && find_planes(s, grid)) {
        qsort(s->places, s->count, sizeof *s->places, by_segment);
        return RAD_OK;
    }
    const double low = s->places[0].height, high = s->places[s->count - 1].height, step = find_step(s, low);
    if (!(step > 0) || (high - low) / step > 65535)
        return rad_fail(error, RAD_UNREADABLE, "%s: the frames are not evenly spaced", s->path);
    const double *lowest = s->frames[s->places[0].frame].position;
    grid->spacing[2] = step;
    grid->size[2] = (size_t)rint((high - low) / step) + 1;
    for (int a = 0; a < 3; a++) grid->origin[a] = (a < 2 ? -1 : 1) * lowest[a] + 0.0;
    for (size_t i = 0; i < s->count; i++)
        s->places[i].slice = (size_t)rint((s->places[i].height - low) / step);
    qsort(s->places, s->count, sizeof *s->places, by_segment);
    return RAD_OK;
}

/* On a picture frames lie where they refer to; those of others are left out. */
static rad_status find_picture(set *s, rad_geometry *grid, rad_warnings *warnings, rad_error *error) {
    const size_t columns = s->how->grid->size[0], rows = s->how->grid->size[1];
    *grid = *s->how->grid;
    if (s->format.columns != columns || s->format.rows != rows)
        return rad_fail(error, RAD_CONFIG, "%s: has %u x %u pixels, the picture %zu x %zu", s->path,
                        s->format.columns, s->format.rows, columns, rows);
    qsort(s->places, s->count, sizeof *s->places, by_segment);
    size_t placed = s->count;
    while (placed && s->places[placed - 1].slice == RAD_DERIVATION_OTHER) placed--;
    if (!placed)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: none of its %zu frame%s refers to the picture or the frame of it that was chosen "
            "(" RAD_TAG_FORMAT ")",
            s->path, s->count, rad_plural(s->count), RAD_TAG_WORDS(rad_tag_SourceImageSequence));
    if (s->places[placed - 1].slice == RAD_DERIVATION_UNKNOWN)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: frame %zu does not say which of the %zu frames of the picture it belongs to "
                        "(" RAD_TAG_FORMAT ")",
                        s->path, s->places[placed - 1].frame + 1, s->how->flat->frames,
                        RAD_TAG_WORDS(rad_tag_ReferencedFrameNumber));
    if (placed < s->count)
        rad_warn(warnings,
                 "%.200s: frames of other pictures, or not of the frame that was chosen, left out: %zu",
                 s->path, s->count - placed);
    s->count = placed;
    return RAD_OK;
}

/* Runs of one frame: of a label map, of each value; else of voxels from the least value on. */
static rad_status put_frame(set *s, rad_type type, const place *p, const unsigned char *voxels, double *row,
                            rad_mask *mask, rad_error *error) {
    const size_t columns = s->format.columns, rows = s->format.rows;
    const double least = s->kind == FRACTIONAL ? s->how->threshold * s->most : 1;
    const rad_volume plain = {.type = type, .slope = 1};
    const size_t length = columns * rad_type_size(type);
    rad_status status = RAD_OK;
    for (size_t y = 0; y < rows && status == RAD_OK; y++) {
        const unsigned char *at = voxels + y * length;
        if (rad_is_zero(at, length)) continue;
        rad_volume_convert(&plain, at, columns, row);
        for (size_t x = 0; x < columns && s->kind == FRACTIONAL && !s->partial; x++)
            s->partial = row[x] > 0 && row[x] < s->most;
        for (size_t x = 0, next; x < columns && status == RAD_OK; x = next) {
            const bool map = s->kind == LABELMAP, in = map ? row[x] > 0 : row[x] >= least;
            for (next = x + 1; next < columns && (map ? row[next] == row[x] : (row[next] >= least) == in);
                 next++) {
            }
            if (in)
                status =
                    rad_mask_add_run(mask, map ? (int64_t)row[x] : p->segment, x, next, y, p->slice, error);
        }
    }
    return status;
}

/* Is place i the slice of the segment of the one before, again? Both frames must then be the same. */
static rad_status find_copy(const set *s, size_t i, const unsigned char *voxels, size_t length, bool *copy,
                            rad_error *error) {
    const place *p = &s->places[i];
    *copy = i && p->slice == p[-1].slice && p->segment == p[-1].segment;
    if (!*copy || !memcmp(voxels, voxels + length, length)) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: frames %zu and %zu are the same slice of segment %" PRId64
                    ", with different voxels; export it again with one of them",
                    s->path, p[-1].frame + 1, p->frame + 1, p->segment);
}

static rad_status put_frames(set *s, size_t total, rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    rad_frames frames;
    rad_decoders decoders = {0};
    rad_status status = rad_frames_open(s->path, &s->format, &s->data, total, &decoders, &frames, error);
    if (status != RAD_OK) return status;
    const size_t end[2] = {s->format.columns, s->format.rows},
                 length = end[0] * end[1] * rad_type_size(frames.type);
    size_t copies = 0;
    unsigned char *voxels = rad_new_raw(length, 2, error); /* of a frame and of the one before */
    double *row = rad_new_raw(s->format.columns, sizeof *row, error);
    status = voxels && row ? rad_mask_begin(mask, error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < s->count && status == RAD_OK; i++) {
        const rad_segment *segment = find_segment(s, s->places[i].segment);
        if (s->kind != LABELMAP && !rad_choice_wants(s->how->choice, segment->name, segment->number))
            continue;
        bool copy = false;
        unsigned char *here = voxels + i % 2 * length;
        status = rad_frames_read(&frames, s->places[i].frame, (size_t[2]){0, 0}, end, here, error);
        if (status == RAD_OK) status = find_copy(s, i, voxels, length, &copy, error);
        copies += copy;
        if (status == RAD_OK && !copy)
            status = put_frame(s, frames.type, &s->places[i], here, row, mask, error);
    }
    if (status == RAD_OK && copies)
        rad_warn(warnings,
                 "%.300s: frames that repeat a slice of their segment, voxel by voxel, left out: %zu",
                 s->path, copies);
    for (size_t i = 0; i < s->segment_count && status == RAD_OK; i++)
        if (s->segments[i].number)
            status = rad_mask_add_label(mask, s->segments[i].number, s->segments[i].name, NULL, error);
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    rad_free(voxels);
    rad_free(row);
    rad_frames_close(&frames);
    rad_decoders_end(&decoders, s->path, warnings);
    return status;
}

/* How voxels are stored: whole numbers, and of a fractional segmentation the greatest. */
static rad_status read_format(set *s, rad_error *error) {
    unsigned most = 0;
    rad_status status = rad_dicom_pixels(s->file, s->path, &s->format, &s->data, error);
    if (status != RAD_OK) return status;
    if (s->format.is_float)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: holds FloatPixelData or DoubleFloatPixelData; a segmentation has whole numbers "
                        "in " RAD_TAG_FORMAT ": export it again",
                        s->path, RAD_TAG_WORDS(rad_tag_PixelData));
    if (s->kind == FRACTIONAL &&
        (!rad_dicom_short(rad_dicom_root(s->file), rad_tag_MaximumFractionalValue, &most) || !most))
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is missing or 0; a fractional segmentation needs it", s->path,
                        RAD_TAG_WORDS(rad_tag_MaximumFractionalValue));
    s->most = most;
    return RAD_OK;
}

rad_status rad_segmentation_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                                 rad_warnings *warnings, rad_error *error) {
    set s = {.path = path, .how = drawing, .between = NAN, .thickness = NAN};
    *mask = (rad_mask){.volume = {.type = RAD_FLOAT64, .slope = 1}};
    rad_status status = open_set(&s, error);
    if (status == RAD_OK)
        status = rad_drawing_check_frame(drawing, path, "the segmentation", s.frame_of_reference, error);
    if (status == RAD_OK) status = list(&s, error);
    if (status == RAD_OK)
        rad_drawing_warn_names(s.file, path, rad_tag_SegmentSequence, rad_tag_SegmentLabel, warnings);
    if (status == RAD_OK) status = read_frames(&s, error);
    if (status == RAD_OK) status = read_format(&s, error);
    const size_t total = s.count;
    if (status == RAD_OK)
        status = drawing->flat ? find_picture(&s, &mask->volume.geometry, warnings, error)
                               : find_grid(&s, &mask->volume.geometry, error);
    if (status == RAD_OK) status = put_frames(&s, total, mask, warnings, error);
    if (status == RAD_OK && s.partial)
        rad_warn(warnings,
                 "%.300s: segments are fractional; voxels of at least %g are in them (--fractions, setting "
                 "mask_fractions)",
                 path, drawing->threshold);
    if (status == RAD_OK && s.on_planes)
        status = rad_even_spread(drawing->even, false, drawing->stored, mask, error);
    free_set(&s);
    if (status != RAD_OK) rad_mask_free(mask);
    return status;
}
