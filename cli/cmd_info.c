#include "command.h"
#include "info_pairs.h"
#include "info_table.h"
#include "screen.h"

#include "../core/printable.h"
#include "../io/scan/mask_folder.h"
#include "../io/scan/source.h"
#include "../io/tree.h"
#include "../pipeline/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What a path holds is gathered as one JSON object; people get the same object as lines and tables. */
enum { LABELS, AS_JSON, IDENTIFIERS, THREADS };
static const rad_option options[] = {
    [LABELS] = {"--labels", 'l', NULL, "read the voxels and list the labels of a mask"},
    [AS_JSON] = {"--json", 'j', NULL, "for programs"},
    [IDENTIFIERS] = {"--identifiers", 0, NULL,
                     "patient name, id and birth date too; never printed otherwise"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
};

static bool is_table(const json_t *value) {
    return json_is_object(json_array_get(value, 0));
}

/* The columns of each table that people look for; the last row is for all others. */
static const struct {
    const char *table, *columns[9];
} tables[] = {
    {"series", {"number", "modality", "files", "size", "spacing_mm", "description", "uid", "problem"}},
    {"volumes", {"volume", "values", "slices"}},
    {"labels", {"label", "name", "voxels", "first", "last"}},
    {"other_objects", {"object", "modality", "sop_class", "files"}},
    {"regions", {"first", "last", "spacing_mm"}},
    {"pairs", {"case", "image", "size", "spacing_mm", "mask", "problem"}},
    {NULL, {"number", "name", "label", "contours", "frames", "layer"}},
};

static const char *const *columns_of(const char *table) {
    size_t t = 0;
    while (tables[t].table && strcmp(tables[t].table, table) != 0) t++;
    return tables[t].columns;
}

/* The volumes of each series of several. */
static void print_volumes(const json_t *series) {
    for (size_t i = 0; i < json_array_size(series); i++) {
        const json_t *one = json_array_get(series, i), *volumes = json_object_get(one, "volumes");
        if (!json_array_size(volumes)) continue;
        rad_show(stdout, "volumes of %s\n", json_string_value(json_object_get(one, "uid")));
        rad_info_table(volumes, columns_of("volumes"), "  ");
    }
}

enum { INDENT = 21 };

/* Objects line by line, tables inside of them. */
static void print_object(json_t *object) {
    const char *key;
    json_t *value;
    char text[1100];
    json_object_foreach(object, key, value) {
        rad_info_cell(value, text, sizeof text);
        if (!strcmp(key, "series") && json_array_size(value) == 1)
            print_object(json_array_get(value, 0));
        else if (is_table(value) && json_object_get(json_array_get(value, 0), "file"))
            for (size_t i = 0; i < json_array_size(value); i++) {
                printf("\n");
                print_object(json_array_get(value, i));
            }
        else if (is_table(value))
            rad_info_table(value, columns_of(key), "");
        else if (json_is_object(value))
            print_object(value);
        else if (*text || !json_is_array(value))
            rad_screen_put(INDENT, "%-20s %s", key, text);
        else if (!strcmp(key, "labels"))
            rad_show(stdout, "%-20s none: all voxels are 0\n", key);
        if (!strcmp(key, "series") && json_array_size(value) > 1) print_volumes(value);
    }
}

/* Is there anything to look for beside what is told: all of a folder of which nothing is, images beside their
 * masks, files of other formats beside DICOM? */
static rad_status has_more(const char *path, rad_status status, const json_t *all, bool *more,
                           rad_error *error) {
    *more = status == RAD_UNREADABLE || json_integer_value(json_object_get(all, "other_files"));
    if (status != RAD_OK || *more) return RAD_OK;
    return rad_mask_folder_is(path, more, error);
}

static rad_status add_pairs(const char *path, const rad_source_wants *wants, rad_status status, json_t **all,
                            rad_warnings *warnings, rad_error *error) {
    bool any = false, more = false;
    rad_error why = {0};
    if (status != RAD_OK && status != RAD_UNREADABLE) return status;
    const rad_status looked = has_more(path, status, *all, &more, &why);
    if (looked != RAD_OK) return rad_fail(error, looked, "%s", why.text);
    if (!more) return status;
    const rad_status pairs = rad_info_pairs(path, wants->threads, all, &any, &why);
    if (pairs != RAD_OK) return rad_fail(error, pairs, "%s", why.text);
    if (status == RAD_OK || !any) return status;
    warnings->count = 0; /* of DICOM that is not there */
    return RAD_OK;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *path = a->operand[0];
    rad_warnings warnings = {0};
    rad_settings standard;
    rad_settings_default(&standard);
    rad_source_wants wants = {.tolerance = standard.slice_tolerance,
                              .labels = a->value[LABELS] != NULL,
                              .identifiers = a->value[IDENTIFIERS] != NULL};
    rad_status status = rad_argument_threads(a->value[THREADS], &wants.threads, error);
    if (status != RAD_OK) return status;
    json_t *all = json_object();
    rad_tree_set(&all, "file", rad_tree_name(path));
    status = rad_source_info(path, &wants, &all, &warnings, error);
    status = add_pairs(path, &wants, status, &all, &warnings, error);
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
    "What a file or a folder holds: series of DICOM or pairs of images and masks, geometry, ROIs, labels.",
    options,
    sizeof options / sizeof options[0],
    run,
};
