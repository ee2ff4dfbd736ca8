#include "sidecar.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../sheet.h"
#include "../tree.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* MASK.nii.gz -> MASK.tsv; false where the name has no ending of a format. */
static bool name_beside(const char *path, const char *ending, char out[PATH_MAX]) {
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const size_t stem = rad_source_stem(base), folder = (size_t)(base - path);
    return stem && (size_t)snprintf(out, PATH_MAX, "%.*s%s", (int)(folder + stem), path, ending) < PATH_MAX;
}

/* FOLDER/labelsTr/MASK -> FOLDER/dataset.json, where nnU-Net and Medical Decathlon name the labels of all
 * masks. */
static bool name_list(const char *path, char out[PATH_MAX]) {
    const char *slash = strrchr(path, '/'), *from = slash;
    while (from && from > path && from[-1] != '/') from--;
    if (!from || slash - from < 6 || strncasecmp(from, "labels", 6) != 0) return false;
    return (size_t)snprintf(out, PATH_MAX, "%.*sdataset.json", (int)(from - path), path) < PATH_MAX;
}

static bool is_there(const char *path) {
    struct stat about;
    return !stat(path, &about) && S_ISREG(about.st_mode);
}

static int by_value(const void *key, const void *label) {
    const int64_t value = *(const int64_t *)key, other = ((const rad_label *)label)->value;
    return (value > other) - (value < other);
}

rad_status rad_sidecar_name(rad_mask *mask, const char *number, const char *name, size_t *named,
                            rad_error *error) {
    double value = NAN;
    if (!number || !name || !*name || !rad_number_read(number, &value) || value != rint(value) ||
        !(fabs(value) < 0x1p53))
        return RAD_OK;
    const int64_t wanted = (int64_t)value;
    rad_label *l =
        mask->label_count ? bsearch(&wanted, mask->labels, mask->label_count, sizeof *l, by_value) : NULL;
    if (!l || l->name) return RAD_OK;
    l->name = rad_text_copy(name, error);
    if (!l->name) return RAD_NO_MEMORY;
    ++*named;
    return RAD_OK;
}

static rad_status read_table(const char *path, rad_mask *mask, size_t *named, rad_error *error) {
    rad_sheet sheet;
    bool more = true;
    rad_status status = rad_sheet_open(path, &sheet, error);
    if (status != RAD_OK) return status;
    const size_t index = rad_sheet_column(&sheet, "index"), name = rad_sheet_column(&sheet, "name");
    while (status == RAD_OK && more && index < sheet.columns && name < sheet.columns) {
        status = rad_sheet_next(&sheet, &more, error);
        if (status == RAD_OK && more)
            status = rad_sidecar_name(mask, sheet.field[index], sheet.field[name], named, error);
    }
    rad_sheet_close(&sheet);
    return status;
}

/* Numbers to names, or names to numbers. */
static rad_status put_names(const json_t *map, rad_mask *mask, size_t *named, rad_error *error) {
    rad_status status = RAD_OK;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)map, key, value) {
        char number[32];
        if (status != RAD_OK) break;
        if (json_is_string(value)) {
            status = rad_sidecar_name(mask, key, json_string_value(value), named, error);
        } else if (json_is_integer(value)) {
            snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            status = rad_sidecar_name(mask, number, key, named, error);
        }
    }
    return status;
}

/* Of a list only its member `labels`. */
static rad_status read_list(const char *path, rad_mask *mask, size_t *named, rad_error *error) {
    json_t *root = NULL;
    rad_status status = rad_tree_read(path, &root, error);
    if (status == RAD_OK) status = put_names(json_object_get(root, "labels"), mask, named, error);
    json_decref(root);
    return status;
}

static rad_status read_json(const char *path, rad_mask *mask, size_t *named, rad_error *error) {
    static const char *const members[] = {"labels", "Labels", "LabelMap", "label_map", "label_names"};
    json_t *root = NULL, *map = NULL;
    rad_status status = rad_tree_read(path, &root, error);
    for (size_t i = 0; i < sizeof members / sizeof members[0] && !map; i++)
        map = json_object_get(root, members[i]);
    bool whole = !map && json_is_object(root); /* the whole, where it has nothing but numbers and names */
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value) {
        double number;
        whole = whole && json_is_string(value) && rad_number_read(key, &number);
    }
    if (status == RAD_OK && (map || whole)) status = put_names(map ? map : root, mask, named, error);
    json_decref(root);
    return status;
}

rad_status rad_sidecar_read(const char *path, rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    char beside[PATH_MAX];
    size_t named = 0;
    rad_error why = {0};
    rad_status status = RAD_OK;
    if (name_beside(path, ".tsv", beside) && is_there(beside))
        status = read_table(beside, mask, &named, &why);
    if (status == RAD_OK && !named && name_beside(path, ".json", beside) && is_there(beside))
        status = read_json(beside, mask, &named, &why);
    if (status == RAD_OK && !named && mask->label_count && name_list(path, beside) && is_there(beside))
        status = read_list(beside, mask, &named, &why);
    if (status == RAD_NO_MEMORY) {
        if (error) *error = why;
        return status;
    }
    if (status != RAD_OK) rad_warn(warnings, "%.400s; from there on labels have no names of it", why.text);
    return RAD_OK;
}

rad_status rad_sidecar_parts(const char *path, rad_source_part *part, void *context, rad_error *error) {
    static const char *const endings[] = {".tsv", ".json"};
    char beside[PATH_MAX];
    rad_status status = RAD_OK;
    for (size_t i = 0; i < 2 && status == RAD_OK; i++)
        if (name_beside(path, endings[i], beside) && is_there(beside)) status = part(beside, context, error);
    if (status == RAD_OK && name_list(path, beside) && is_there(beside))
        status = part(beside, context, error);
    return status;
}
