/* What a path of DICOM holds: one series of images, structure sets, segmentations. */
#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../dicom/others.h"
#include "../tree.h"
#include "dicom_masks.h"
#include "source.h"

#include <math.h>
#include <string.h>

static bool sniff(const rad_glance *glance) {
    return glance->folder || rad_dicom_is(glance->path);
}

static rad_status open_series(rad_source *source, const rad_source_options *options, rad_warnings *warnings,
                              rad_error *error) {
    rad_series *series = rad_new(1, sizeof *series, error);
    if (!series) return RAD_NO_MEMORY;
    rad_status status = rad_series_open(source->path, &options->series, series, warnings, error);
    if (status != RAD_OK) {
        rad_free(series);
        return status;
    }
    source->state = series;
    source->header = series->header;
    source->facts = series->facts;
    source->frame_of_reference = series->first->frame_of_reference;
    source->series = series->first->series;
    source->flat = series->flat;
    source->slabs = series->first->object == RAD_OBJECT_DOSE || series->between;
    source->widest = rad_series_widest(series);
    source->even = series->between ? &series->even : NULL;
    return RAD_OK;
}

static rad_status read_series(const rad_source *source, const rad_source_options *options, const rad_box *box,
                              rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    return rad_series_read(source->state, &source->header.order, box, options->series.threads, volume,
                           warnings, error);
}

static void close_series(rad_source *source) {
    if (source->state) rad_series_free(source->state);
    rad_free(source->state);
}

static rad_status read_mask(const char *path, int threads, const rad_drawing *drawing, rad_mask *mask,
                            rad_warnings *warnings, rad_error *error) {
    rad_folder folder;
    rad_status status = rad_folder_scan(path, threads, &folder, error);
    if (status != RAD_OK) return status;
    const rad_instance *n = folder.instances;
    /* a file that could not be read is of no kind; what is wrong with an image is said by whoever reads it */
    const bool unread = folder.count == 1 && !strcmp(n->path, path) && n->object == RAD_OBJECT_OTHER &&
                        n->error.status != RAD_OK;
    if (unread) status = rad_folder_check(&folder, error);
    if (status == RAD_OK) status = rad_dicom_masks_read(path, &folder, drawing, mask, warnings, error);
    rad_folder_free(&folder);
    return status;
}

/* What is wrong with a part is said of it; want of memory is no property of a file. */
static void put_problem(json_t **object, const rad_error *problem, rad_error *error) {
    if (problem->status == RAD_NO_MEMORY)
        *error = *problem;
    else if (problem->status != RAD_OK)
        rad_tree_set(object, "problem", rad_tree_name(problem->text));
}

/* Where a picture of ultrasound has which scale. */
static json_t *tell_regions(const rad_instance *n) {
    json_t *regions = json_array();
    for (size_t i = 0; i < n->region_count; i++) {
        const rad_region *r = &n->regions[i];
        json_t *one =
            json_pack("{s:[I, I], s:[I, I]}", "first", (json_int_t)r->begin[0], (json_int_t)r->begin[1],
                      "last", (json_int_t)r->end[0] - 1, (json_int_t)r->end[1] - 1);
        if (!isnan(r->spacing[0]))
            rad_tree_set(&one, "spacing_mm", json_pack("[f, f]", r->spacing[0], r->spacing[1]));
        rad_tree_add(&regions, one);
    }
    return regions;
}

static json_t *tell_volumes(const rad_volumes *volumes) {
    json_t *rows = json_array();
    for (size_t i = 0; i < volumes->count; i++)
        rad_tree_add(&rows, json_pack("{s:I, s:o, s:I}", "volume", (json_int_t)i + 1, "values",
                                      rad_tree_name(volumes->row[i].words), "slices",
                                      (json_int_t)volumes->row[i].slices));
    return rows;
}

/* Grid and problems are those of the first volume, where there are several. */
static json_t *tell_series(const rad_instance **members, size_t count, double tolerance,
                           rad_warnings *warnings, rad_error *error) {
    rad_series series = {.plane_count = 0};
    rad_error problem = {0};
    const rad_instance *n = members[0];
    const rad_series_options options = {.tolerance = tolerance, .volume = "1"};
    char words[128];
    json_t *object = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "modality", n->modality, "object",
                               rad_instance_words(n, words, sizeof words), "files", (json_int_t)count,
                               "description", n->description, "uid", n->series, "frame_of_reference",
                               n->frame_of_reference, "transfer_syntax", n->format.syntax);
    const rad_flat_options any = {.frame = 0};
    const bool picture = n->object == RAD_OBJECT_FLAT && !n->placed;
    if (picture) rad_tree_set(&object, "frames", json_integer((json_int_t)n->frame_count));
    if (picture) rad_tree_set(&object, "regions", tell_regions(n));
    if (rad_members_clean(members, &count, warnings, &problem) == RAD_OK &&
        rad_flat_prepare(members, count, &any, warnings, &problem) == RAD_OK &&
        rad_series_arrange(members, count, &options, &series, warnings, &problem) == RAD_OK)
        rad_source_tell_grid(&object, &series.header);
    if (series.volumes.count) rad_tree_set(&object, "volumes", tell_volumes(&series.volumes));
    put_problem(&object, &problem, error);
    rad_series_free(&series);
    return object;
}

/* A structure set or segmentation and its ROIs. */
static json_t *tell_mask(const rad_instance *n, const rad_mask_object *o, rad_error *error) {
    rad_error problem = n->error;
    json_t *object =
        json_pack("{s:o, s:s}", "file", rad_tree_name(n->path), "frame_of_reference", n->frame_of_reference);
    rad_tree_set(&object, o->rois, o->list(n->path, &problem));
    put_problem(&object, &problem, error);
    return object;
}

static json_t *tell_patient(const char *path, rad_error *error) {
    static const rad_tag tags[] = {rad_tag_PatientName, rad_tag_PatientID, rad_tag_PatientBirthDate};
    rad_dicom *file = NULL;
    json_t *object = json_object();
    rad_status status = rad_dicom_open(path, &file, error);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0] && status == RAD_OK; i++) {
        char text[256];
        status = rad_dicom_words(file, rad_dicom_root(file), tags[i], text, sizeof text, error);
        rad_tree_set(&object, rad_tag_keyword(tags[i]), rad_tree_name(text));
    }
    rad_dicom_close(file);
    return object;
}

/* What a file that is neither image nor mask is. */
static json_t *tell_other(const rad_instance *n, size_t count) {
    char words[128];
    return json_pack("{s:s, s:s, s:s, s:I}", "object", rad_instance_words(n, words, sizeof words), "modality",
                     n->modality, "sop_class", n->sop_class, "files", (json_int_t)count);
}

/* Files that are neither images nor masks: damaged, or of no use here. */
static void tell_rest(const rad_folder *folder, json_t **all) {
    json_t *damaged = json_array(), *objects = json_array();
    size_t at = 0, count = 0;
    for (const rad_instance *n; (n = rad_others_next(folder, &at, &count));)
        if (n->object == RAD_OBJECT_OTHER) rad_tree_add(&objects, tell_other(n, count));
    if (json_array_size(objects))
        rad_tree_set(all, "other_objects", objects);
    else
        json_decref(objects);
    json_int_t other = 0;
    for (size_t i = 0; i < folder->count; i++) {
        const rad_instance *n = &folder->instances[i];
        if (n->object != RAD_OBJECT_OTHER) continue;
        if (n->error.status == RAD_OK)
            other++;
        else
            rad_tree_add(&damaged, rad_tree_name(n->error.text));
    }
    rad_tree_set(all, "damaged", damaged);
    rad_tree_set(all, "other_dicom_files", json_integer(other));
    rad_tree_set(all, "other_files", json_integer((json_int_t)folder->others));
}

static rad_status tell_folder(const rad_folder *folder, const rad_source_wants *wants, json_t **all,
                              rad_warnings *warnings, rad_error *error) {
    size_t at = 0;
    const rad_instance **members = rad_new(folder->count, sizeof(const rad_instance *), error);
    if (!members) return RAD_NO_MEMORY;
    json_t *series = json_array();
    size_t number = 0;
    for (size_t count; (count = rad_series_next(folder, &at, members)) > 0;) {
        json_t *one = tell_series(members, count, wants->tolerance, warnings, error);
        rad_tree_set(&one, "number", json_integer((json_int_t)++number));
        rad_tree_add(&series, one);
    }
    rad_tree_set(all, "series", series);
    rad_free(members);
    for (size_t o = 0; o < RAD_MASK_OBJECTS; o++) {
        json_t *masks = json_array();
        for (size_t i = 0; i < folder->count; i++)
            if (folder->instances[i].object == rad_mask_objects[o].object)
                rad_tree_add(&masks, tell_mask(&folder->instances[i], &rad_mask_objects[o], error));
        rad_tree_set(all, rad_mask_objects[o].files, masks);
    }
    tell_rest(folder, all);
    if (error->status == RAD_OK && wants->identifiers)
        rad_tree_set(all, "patient", tell_patient(folder->instances[0].path, error));
    return error->status;
}

static rad_status info(const char *path, const rad_source_wants *wants, json_t **all, rad_warnings *warnings,
                       rad_error *error) {
    rad_folder folder = {0};
    rad_error why = {0};
    rad_status status = rad_folder_scan(path, wants->threads, &folder, error);
    if (status == RAD_OK && !folder.count)
        status = rad_fail(error, RAD_UNREADABLE, "%s: no DICOM file among %zu file%s", path, folder.others,
                          rad_plural(folder.others));
    rad_tree_set(all, "format", json_string("DICOM"));
    if (status == RAD_OK) {
        status = tell_folder(&folder, wants, all, warnings, &why);
        if (status != RAD_OK && error) *error = why;
    }
    rad_folder_free(&folder);
    return status;
}

const rad_reader rad_reader_dicom = {
    .name = "DICOM",
    .sniff = sniff,
    .open = open_series,
    .read = read_series,
    .close = close_series,
    .read_mask = read_mask,
    .info = info,
};
