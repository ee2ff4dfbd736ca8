#include "source.h"

#include "../../core/memory.h"
#include "nifti.h"
#include "../dicom/rtstruct.h"
#include "../dicom/segmentation.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static rad_source_kind kind_of(rad_object object) {
    return object == RAD_OBJECT_STRUCTURES     ? RAD_SOURCE_STRUCTURES
           : object == RAD_OBJECT_SEGMENTATION ? RAD_SOURCE_SEGMENTATION
                                               : RAD_SOURCE_SERIES;
}

static bool is_folder(const char *path) {
    struct stat about;
    return !stat(path, &about) && S_ISDIR(about.st_mode);
}

/* The one structure set or segmentation of a folder, which may hold images too. */
static rad_status find_mask(const char *path, const rad_folder *folder, rad_source_kind *kind, char **file,
                            rad_error *error) {
    const rad_instance *found = NULL;
    for (size_t i = 0; i < folder->count; i++) {
        const rad_instance *n = &folder->instances[i];
        if (kind_of(n->object) == RAD_SOURCE_SERIES) continue;
        if (found)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: several structure sets or segmentations: %s, %s; give one file", path,
                            found->path, n->path);
        found = n;
    }
    if (!found) return RAD_OK;
    *kind = kind_of(found->object);
    *file = rad_text_copy(found->path, error);
    return *file ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_source_tell(const char *path, int threads, rad_source_kind *kind, char **file,
                           rad_error *error) {
    *kind = RAD_SOURCE_NIFTI;
    *file = NULL;
    rad_status status = RAD_OK;
    if (is_folder(path)) {
        rad_folder folder;
        *kind = RAD_SOURCE_SERIES;
        status = rad_folder_scan(path, threads, &folder, error);
        if (status == RAD_OK) status = find_mask(path, &folder, kind, file, error);
        rad_folder_free(&folder);
    } else if (rad_dicom_is(path)) {
        rad_instance instance = {.path = (char *)(uintptr_t)path};
        rad_instance_read(&instance);
        *kind = kind_of(instance.object);
        /* what could not be read is of no kind; what is wrong with an image is said by whoever reads it */
        if (instance.error.status == RAD_NO_MEMORY ||
            (instance.error.status != RAD_OK && instance.object == RAD_OBJECT_OTHER)) {
            if (error) *error = instance.error;
            status = instance.error.status;
        }
        instance.path = NULL;
        rad_instance_free(&instance);
    }
    return status;
}

rad_status rad_source_open(const char *path, const rad_source_options *options, rad_source *source,
                           rad_warnings *warnings, rad_error *error) {
    *source = (rad_source){.path = path};
    rad_status status = RAD_OK;
    if (!is_folder(path) && !rad_dicom_is(path)) {
        rad_facts_add(&source->facts, "format", "NIfTI");
        status = rad_nifti_read_header(path, &source->header, NULL, error);
    } else {
        source->kind = RAD_SOURCE_SERIES;
        status = rad_series_open(path, &options->series, &source->series, warnings, error);
        source->header = source->series.header;
        source->facts = source->series.facts;
    }
    if (status != RAD_OK) return status;
    rad_volume *header = &source->header;
    source->stored = header->geometry;
    header->order = rad_order_find(&source->stored);
    header->geometry = rad_order_grid(&header->order, &source->stored);
    return RAD_OK;
}

rad_status rad_source_read(const rad_source *source, const rad_source_options *options, const rad_box *box,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    if (source->kind == RAD_SOURCE_SERIES)
        return rad_series_read(&source->series, &source->header.order, box, options->series.threads, volume,
                               warnings, error);
    return rad_nifti_read_box(source->path, &source->header.order, box, options->verify, volume, warnings,
                              error);
}

rad_status rad_source_read_mask(const char *path, const rad_source *image, const rad_source_options *options,
                                const rad_choice *choice, rad_mask *mask, rad_warnings *warnings,
                                rad_error *error) {
    rad_source_kind kind;
    char *found = NULL;
    *mask = (rad_mask){.label_count = 0};
    rad_status status = rad_source_tell(path, options->series.threads, &kind, &found, error);
    if (status != RAD_OK) return status;
    const rad_drawing drawing = {
        .grid = &image->header.geometry,
        .frame_of_reference = image->kind == RAD_SOURCE_SERIES ? image->series.first->frame_of_reference : "",
        .any_frame = options->any_frame,
        .threshold = options->threshold,
        .choice = choice,
    };
    const char *file = found ? found : path;
    switch (kind) {
    case RAD_SOURCE_STRUCTURES:
        status = rad_rtstruct_read(file, &drawing, mask, warnings, error);
        break;
    case RAD_SOURCE_SEGMENTATION:
        status = rad_segmentation_read(file, &drawing, mask, warnings, error);
        break;
    case RAD_SOURCE_NIFTI:
        status = rad_nifti_read_mask(file, mask, warnings, error);
        break;
    default:
        status = rad_fail(
            error, RAD_UNREADABLE,
            "%s: holds images, not a mask; a structure set, a segmentation or a NIfTI mask is allowed", path);
    }
    rad_free(found);
    if (status == RAD_OK && kind != RAD_SOURCE_STRUCTURES) status = rad_mask_turn(mask, error);
    return status;
}

void rad_source_close(rad_source *source) {
    rad_series_free(&source->series);
    *source = (rad_source){.path = NULL};
}
