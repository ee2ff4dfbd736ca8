#include "visit.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../io/scan/array.h"
#include "../pipeline/case_files.h"

#include <stdint.h>
#include <string.h>

static void drop(rad_scan *scan) {
    if (!scan) return;
    rad_free((void *)(uintptr_t)scan->path);
    rad_free((void *)(uintptr_t)scan->series);
    rad_free((void *)(uintptr_t)scan->volume);
    rad_free(scan);
}

void rad_scan_free(rad_scan *scan) {
    if (scan && scan->is_array && scan->array.release) scan->array.release(scan->array.context);
    drop(scan);
}

/* A scan with texts of its own. */
static rad_status make(const rad_scan *like, rad_scan **scan, rad_error *error) {
    rad_scan *s = rad_new(1, sizeof *s, error);
    if (!s) return RAD_NO_MEMORY;
    *s = *like;
    s->path = rad_text_copy(like->path, error);
    s->series = rad_text_copy(like->series, error);
    s->volume = rad_text_copy(like->volume, error);
    s->array.name = s->path;
    if (!s->path || (like->series && !s->series) || (like->volume && !s->volume)) {
        drop(s);
        return RAD_NO_MEMORY;
    }
    *scan = s;
    return RAD_OK;
}

rad_status rad_scan_from_path(const char *path, const rad_scan_options *options, rad_scan **scan,
                              rad_error *error) {
    RAD_VISIT(error);
    const rad_scan_options o = options ? *options : (rad_scan_options){.series = NULL};
    if (scan) *scan = NULL;
    RAD_NEEDS(path);
    RAD_NEEDS(scan);
    return make(&(rad_scan){.path = path,
                            .series = o.series,
                            .volume = o.volume,
                            .ignore_frame_of_reference = o.ignore_frame_of_reference,
                            .verify = o.verify},
                scan, error);
}

rad_status rad_scan_from_array(const rad_array *array, rad_scan **scan, rad_error *error) {
    RAD_VISIT(error);
    if (scan) *scan = NULL;
    RAD_NEEDS(array);
    RAD_NEEDS(scan);
    rad_array named = *array;
    if (!named.name) named.name = "image in memory";
    const rad_status status = rad_array_check(&named, error);
    return status == RAD_OK
               ? make(&(rad_scan){.path = named.name, .is_array = true, .array = named}, scan, error)
               : status;
}

rad_status rad_visit_open(const rad_scan *scan, const rad_settings *settings, int threads,
                          rad_source_options *how, rad_source *source, rad_warnings *warnings,
                          rad_error *error) {
    *how = rad_case_source_options(settings, scan->series, threads);
    how->series.volume = scan->volume;
    how->verify = true;
    how->image = scan->is_array ? &scan->array : NULL;
    return rad_source_open(scan->path, how, source, warnings, error);
}

rad_status rad_scan_grid(const rad_scan *image, rad_array *grid, rad_error *error) {
    RAD_VISIT(error);
    rad_settings settings;
    rad_source source = {.path = NULL};
    rad_source_options how;
    RAD_NEEDS(image);
    RAD_NEEDS(grid);
    rad_settings_default(&settings);
    const rad_status status =
        rad_visit_open(image, &settings, rad_parallel_processors(), &how, &source, NULL, error);
    const rad_geometry *g = &source.stored;
    *grid = (rad_array){.type = source.header.type,
                        .slope = source.header.slope,
                        .intercept = source.header.intercept,
                        .name = image->path};
    memcpy(grid->size, g->size, sizeof g->size);
    memcpy(grid->spacing, g->spacing, sizeof g->spacing);
    memcpy(grid->origin, g->origin, sizeof g->origin);
    memcpy(grid->direction, g->direction, sizeof g->direction);
    rad_source_close(&source);
    return status;
}

static rad_status read_rois(const rad_scan *mask, const rad_scan *image, rad_mask *rois, rad_error *error) {
    const rad_choice all = {.count = 0};
    rad_settings settings;
    rad_source source = {.path = NULL};
    rad_source_options how;
    rad_settings_default(&settings);
    rad_status status =
        rad_visit_open(image, &settings, rad_parallel_processors(), &how, &source, NULL, error);
    how.any_frame = mask->ignore_frame_of_reference;
    how.mask = mask->is_array ? &mask->array : NULL;
    if (status == RAD_OK) status = rad_source_read_mask(mask->path, &source, &how, &all, rois, NULL, error);
    if (status == RAD_OK) status = rad_mask_distinguish(rois, error);
    rad_source_close(&source);
    return status;
}

rad_status rad_scan_rois(const rad_scan *mask, const rad_scan *image, rad_roi_info *rois, size_t capacity,
                         size_t *count, rad_error *error) {
    RAD_VISIT(error);
    rad_mask found = {.label_count = 0};
    if (count) *count = 0;
    RAD_NEEDS(mask);
    RAD_NEEDS(image);
    RAD_NEEDS(count);
    if (capacity) RAD_NEEDS(rois);
    rad_status status = read_rois(mask, image, &found, error);
    if (status == RAD_OK) *count = found.label_count;
    for (size_t i = 0; status == RAD_OK && i < found.label_count && i < capacity; i++) {
        const rad_label *l = &found.labels[i];
        rois[i] = (rad_roi_info){.number = l->value, .voxels = l->fault ? 0 : l->voxels};
        rad_label_text(l, rois[i].name, sizeof rois[i].name);
    }
    rad_mask_free(&found);
    return status;
}
