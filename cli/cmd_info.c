#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/dicom/rtstruct.h"
#include "../io/dicom/segmentation.h"
#include "../io/scan/nifti.h"
#include "../io/scan/source.h"
#include "../io/tree.h"
#include "../pipeline/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a path holds is gathered as one JSON object; people get the same object as lines and tables. */
enum { LABELS, AS_JSON, IDENTIFIERS, THREADS };
static const rad_option options[] = {
    [LABELS] = {"--labels", 'l', NULL, "read the voxels and list the labels of a NIfTI mask"},
    [AS_JSON] = {"--json", 'j', NULL, "for programs"},
    [IDENTIFIERS] = {"--identifiers", 0, NULL,
                     "patient name, id and birth date too; never printed otherwise"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
};

static json_t *numbers_json(const double *values, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) rad_tree_add(&array, json_real(values[i]));
    return array;
}

static void put_geometry(json_t **object, const rad_volume *v) {
    const rad_geometry *g = &v->geometry;
    rad_tree_set(
        object, "size",
        json_pack("[I, I, I]", (json_int_t)g->size[0], (json_int_t)g->size[1], (json_int_t)g->size[2]));
    rad_tree_set(object, "spacing_mm", numbers_json(g->spacing, 3));
    rad_tree_set(object, "origin_mm_ras", numbers_json(g->origin, 3));
    rad_tree_set(object, "direction_ras", numbers_json(g->direction, 9));
}

static void put_voxels(json_t **object, const rad_volume *v) {
    rad_tree_set(object, "voxels", json_string(rad_type_name(v->type)));
    rad_tree_set(object, "slope", json_real(v->slope));
    rad_tree_set(object, "intercept", json_real(v->intercept));
}

static json_t *labels_json(const char *path, rad_status *status, rad_error *error) {
    rad_mask mask = {.label_count = 0};
    json_t *labels = json_array();
    *status = rad_nifti_read_mask(path, &mask, NULL, error);
    for (size_t i = 0; *status == RAD_OK && i < mask.label_count; i++) {
        const rad_label *l = &mask.labels[i];
        rad_tree_add(&labels, json_pack("{s:I, s:I, s:[I, I, I], s:[I, I, I]}", "label", (json_int_t)l->value,
                                        "voxels", (json_int_t)l->voxels, "first", (json_int_t)l->box.begin[0],
                                        (json_int_t)l->box.begin[1], (json_int_t)l->box.begin[2], "last",
                                        (json_int_t)l->box.end[0] - 1, (json_int_t)l->box.end[1] - 1,
                                        (json_int_t)l->box.end[2] - 1));
    }
    rad_mask_free(&mask);
    return labels;
}

static rad_status gather_nifti(const rad_arguments *a, json_t **all, rad_warnings *warnings,
                               rad_error *error) {
    rad_volume volume;
    const char *path = a->operand[0];
    rad_status status = rad_nifti_read_header(path, &volume, warnings, error);
    if (status != RAD_OK) return status;
    rad_tree_set(all, "format", json_string("NIfTI"));
    put_geometry(all, &volume);
    put_voxels(all, &volume);
    if (a->value[LABELS]) rad_tree_set(all, "labels", labels_json(path, &status, error));
    return status;
}

/* What is wrong with a part is said of it; want of memory is no property of a file. */
static void put_problem(json_t **object, const rad_error *problem, rad_error *error) {
    if (problem->status == RAD_NO_MEMORY)
        *error = *problem;
    else if (problem->status != RAD_OK)
        rad_tree_set(object, "problem", rad_tree_name(problem->text));
}

static json_t *series_json(const rad_instance *const *members, size_t count, rad_warnings *warnings,
                           rad_error *error) {
    rad_series series = {.plane_count = 0};
    rad_settings standard;
    rad_error problem = {0};
    rad_settings_default(&standard);
    const rad_instance *n = members[0];
    json_t *object =
        json_pack("{s:s, s:I, s:s*, s:s, s:s, s:s}", "modality", n->modality, "files", (json_int_t)count,
                  "description", n->description, "uid", n->series, "frame_of_reference",
                  n->frame_of_reference, "transfer_syntax", n->format.syntax);
    for (size_t i = 0; i < count && problem.status == RAD_OK; i++) problem = members[i]->error;
    if (problem.status == RAD_OK &&
        rad_series_arrange(members, count, standard.slice_tolerance, &series, warnings, &problem) == RAD_OK)
        put_geometry(&object, &series.header);
    put_problem(&object, &problem, error);
    rad_free(series.planes);
    return object;
}

static json_t *structures_json(const char *path, rad_error *error) {
    rad_structure *structures = NULL;
    size_t count = 0;
    json_t *rois = json_array();
    if (rad_rtstruct_list(path, &structures, &count, error) == RAD_OK)
        for (size_t i = 0; i < count; i++)
            rad_tree_add(&rois, json_pack("{s:I, s:o, s:I}", "number", (json_int_t)structures[i].number,
                                          "name", rad_tree_name(structures[i].name), "contours",
                                          (json_int_t)structures[i].contours));
    rad_free(structures);
    return rois;
}

static json_t *segments_json(const char *path, rad_error *error) {
    rad_segment *segments = NULL;
    size_t count = 0;
    json_t *rois = json_array();
    if (rad_segmentation_list(path, &segments, &count, error) == RAD_OK)
        for (size_t i = 0; i < count; i++)
            rad_tree_add(&rois, json_pack("{s:I, s:o, s:I}", "number", (json_int_t)segments[i].number,
                                          "label", rad_tree_name(segments[i].name), "frames",
                                          (json_int_t)segments[i].frames));
    rad_free(segments);
    return rois;
}

/* A structure set or segmentation and its ROIs. */
static json_t *mask_json(const rad_instance *n, rad_error *error) {
    rad_error problem = n->error;
    const bool structures = n->object == RAD_OBJECT_STRUCTURES;
    json_t *object =
        json_pack("{s:o, s:s}", "file", rad_tree_name(n->path), "frame_of_reference", n->frame_of_reference);
    rad_tree_set(&object, structures ? "rois" : "segments",
                 structures ? structures_json(n->path, &problem) : segments_json(n->path, &problem));
    put_problem(&object, &problem, error);
    return object;
}

static json_t *patient_json(const char *path, rad_error *error) {
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

static rad_status gather_folder(const rad_folder *folder, const rad_instance **members, json_t **all,
                                rad_warnings *warnings, rad_error *error) {
    json_t *series = json_array(), *structures = json_array(), *segmentations = json_array(),
           *damaged = json_array();
    json_int_t other = 0;
    size_t at = 0;
    for (size_t count; (count = rad_series_next(folder, &at, members)) > 0;)
        rad_tree_add(&series, series_json(members, count, warnings, error));
    for (size_t i = 0; i < folder->count; i++) {
        const rad_instance *n = &folder->instances[i];
        if (n->object == RAD_OBJECT_STRUCTURES) rad_tree_add(&structures, mask_json(n, error));
        if (n->object == RAD_OBJECT_SEGMENTATION) rad_tree_add(&segmentations, mask_json(n, error));
        if (n->object != RAD_OBJECT_OTHER) continue;
        if (n->error.status == RAD_OK)
            other++;
        else
            rad_tree_add(&damaged, rad_tree_name(n->error.text));
    }
    rad_tree_set(all, "series", series);
    rad_tree_set(all, "structure_sets", structures);
    rad_tree_set(all, "segmentations", segmentations);
    rad_tree_set(all, "damaged", damaged);
    rad_tree_set(all, "other_dicom_files", json_integer(other));
    rad_tree_set(all, "other_files", json_integer((json_int_t)folder->others));
    return error->status;
}

static rad_status gather_dicom(const rad_arguments *a, json_t **all, rad_warnings *warnings,
                               rad_error *error) {
    rad_folder folder = {0};
    int threads = 1;
    rad_status status = rad_argument_threads(a->value[THREADS], &threads, error);
    if (status == RAD_OK) status = rad_folder_scan(a->operand[0], threads, &folder, error);
    if (status == RAD_OK && !folder.count)
        status = rad_fail(error, RAD_UNREADABLE, "%s: no DICOM file among %zu files", a->operand[0],
                          folder.others);
    const rad_instance **members = rad_new(folder.count, sizeof(const rad_instance *), error);
    if (!members) status = RAD_NO_MEMORY;
    rad_tree_set(all, "format", json_string("DICOM"));
    if (status == RAD_OK) status = gather_folder(&folder, members, all, warnings, error);
    if (status == RAD_OK && a->value[IDENTIFIERS]) {
        rad_tree_set(all, "patient", patient_json(folder.instances[0].path, error));
        status = error->status;
    }
    rad_free(members);
    rad_folder_free(&folder);
    return status;
}

/* "512 x 512 x 60" of an array, the text of anything else. */
static void cell(const json_t *value, char *text, size_t room) {
    size_t used = 0;
    snprintf(text, room, "%s", "");
    if (json_is_string(value)) rad_printable(json_string_value(value), text, room);
    if (json_is_integer(value)) snprintf(text, room, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) snprintf(text, room, "%g", json_real_value(value));
    for (size_t i = 0; i < json_array_size(value) && used + 1 < room; i++) {
        char one[64];
        cell(json_array_get(value, i), one, sizeof one);
        used += (size_t)snprintf(text + used, room - used, "%s%s", i ? " " : "", one);
    }
}

/* Width in characters, not bytes. */
static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void print_padded(const char *text, int width) {
    printf("%s%*s", text, width - width_of(text) + 2, "");
}

/* An array of objects: a row each, a column for each of the keys that any of them has. */
static void print_table(const json_t *rows, const char *const *keys, const char *indent) {
    char text[1100];
    int widths[16] = {0};
    for (size_t k = 0; keys[k]; k++)
        for (size_t i = 0; i < json_array_size(rows); i++) {
            cell(json_object_get(json_array_get(rows, i), keys[k]), text, sizeof text);
            if (*text && width_of(keys[k]) > widths[k]) widths[k] = width_of(keys[k]);
            if (width_of(text) > widths[k]) widths[k] = width_of(text);
        }
    printf("%s", indent);
    for (size_t k = 0; keys[k]; k++)
        if (widths[k]) print_padded(keys[k], widths[k]);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        printf("\n%s", indent);
        for (size_t k = 0; keys[k]; k++) {
            cell(json_object_get(json_array_get(rows, i), keys[k]), text, sizeof text);
            if (widths[k]) print_padded(text, widths[k]);
        }
    }
    printf("\n");
}

static bool is_table(const json_t *value) {
    return json_is_object(json_array_get(value, 0));
}

/* Objects line by line, tables inside of them with the columns that people look for. */
static void print_object(json_t *object) {
    static const char *const of_series[] = {"modality",    "files", "size",    "spacing_mm",
                                            "description", "uid",   "problem", NULL},
                             *const of_labels[] = {"label", "voxels", "first", "last", NULL},
                             *const of_rois[] = {"number", "name", "label", "contours", "frames", NULL};
    const char *key;
    json_t *value;
    char text[1100];
    json_object_foreach(object, key, value) {
        cell(value, text, sizeof text);
        if (!strcmp(key, "series") && json_array_size(value) == 1)
            print_object(json_array_get(value, 0));
        else if (is_table(value) && json_object_get(json_array_get(value, 0), "file"))
            for (size_t i = 0; i < json_array_size(value); i++) {
                printf("\n");
                print_object(json_array_get(value, i));
            }
        else if (is_table(value))
            print_table(value,
                        !strcmp(key, "series")   ? of_series
                        : !strcmp(key, "labels") ? of_labels
                                                 : of_rois,
                        "");
        else if (json_is_object(value))
            print_object(value);
        else if (*text || !json_is_array(value))
            rad_show(stdout, "%-20s %s\n", key, text);
        else if (!strcmp(key, "labels"))
            rad_show(stdout, "%-20s none: all voxels are 0\n", key);
    }
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *path = a->operand[0];
    struct stat about;
    rad_warnings warnings = {0};
    json_t *all = json_object();
    rad_tree_set(&all, "file", rad_tree_name(path));
    const bool dicom = (!stat(path, &about) && S_ISDIR(about.st_mode)) || rad_dicom_is(path);
    rad_status status =
        dicom ? gather_dicom(a, &all, &warnings, error) : gather_nifti(a, &all, &warnings, error);
    rad_print_warnings(&warnings);
    if (status == RAD_OK && a->value[AS_JSON]) return rad_tree_write("-", all, error);
    if (status == RAD_OK && !all)
        status = rad_fail(error, RAD_NO_MEMORY, "out of memory: what %s holds", path);
    if (status == RAD_OK) print_object(all);
    json_decref(all);
    return status;
}

const rad_command rad_command_info = {
    "info",
    "PATH",
    1,
    1,
    "What a file or a folder of DICOM holds: series, geometry, ROIs, labels.",
    options,
    sizeof options / sizeof options[0],
    run,
};
