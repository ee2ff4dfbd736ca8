#include "info_pairs.h"

#include "../io/scan/source.h"
#include "../io/tree.h"
#include "../pipeline/batch/discover.h"
#include "../pipeline/case_files.h"

#include <string.h>
#include <sys/stat.h>

/* Below the folder, if it is. */
static const char *below(const char *folder, const char *path) {
    const size_t length = strlen(folder);
    if (strncmp(path, folder, length) != 0) return path;
    if (!path[length]) return ".";
    if (path[length] == '/') return path + length + 1;
    return length && folder[length - 1] == '/' ? path + length : path;
}

static json_t *numbers(const rad_geometry *g, bool spacing) {
    json_t *list = json_array();
    for (int a = 0; a < 3; a++)
        rad_tree_add(&list, spacing ? json_real(g->spacing[a]) : json_integer((json_int_t)g->size[a]));
    return list;
}

/* An image that cannot be read is a problem of its pair, but for want of memory. */
static rad_status tell_pair(const char *folder, const rad_pair *pair, const rad_source_options *how,
                            json_t **pairs, rad_error *error) {
    rad_source source = {0};
    rad_error why = {0};
    json_t *one = json_object();
    rad_tree_set(&one, "case", rad_tree_name(pair->name));
    rad_tree_set(&one, "image", rad_tree_name(below(folder, pair->image)));
    rad_tree_set(&one, "mask", rad_tree_name(below(folder, pair->mask)));
    const rad_status status = rad_source_open(pair->image, how, &source, NULL, &why);
    if (status == RAD_OK) {
        rad_tree_set(&one, "size", numbers(&source.header.geometry, false));
        rad_tree_set(&one, "spacing_mm", numbers(&source.header.geometry, true));
    } else {
        rad_tree_set(&one, "problem", rad_tree_name(why.text));
    }
    rad_source_close(&source);
    rad_tree_add(pairs, one);
    return status == RAD_NO_MEMORY ? rad_fail(error, status, "%s", why.text) : RAD_OK;
}

/* Of DICOM that is told series by series, pairs are no news. */
static bool is_news(const rad_pair *pair, const json_t *all) {
    return !json_object_get(all, "series") || !pair->member || rad_source_stem(pair->mask);
}

static rad_status tell_pairs(const char *folder, const rad_discovery *found, json_t **all, bool *any,
                             rad_error *error) {
    rad_settings usual;
    rad_settings_default(&usual);
    const rad_source_options how = rad_case_source_options(&usual, NULL, 1);
    json_t *pairs = json_array();
    rad_status status = RAD_OK;
    for (size_t i = 0; i < found->count && status == RAD_OK; i++)
        if (is_news(&found->pairs[i], *all)) {
            *any = true;
            status = tell_pair(folder, &found->pairs[i], &how, &pairs, error);
        }
    rad_settings_clear(&usual);
    if (*any)
        rad_tree_set(all, "pairs", pairs);
    else
        json_decref(pairs);
    return status;
}

/* What lies there beside pairs, and beside DICOM or masks that are told. */
static void tell_rest(const char *folder, const rad_discovery *found, bool any, json_t **all) {
    const bool series = json_object_get(*all, "series"), masks = json_object_get(*all, "rois") && !series;
    json_t *alone = json_array();
    for (size_t i = 0; i < found->alone_count; i++)
        rad_tree_add(&alone, rad_tree_name(below(folder, found->alone[i])));
    if (found->alone_count && (any || series))
        rad_tree_set(all, "masks_without_image", alone);
    else
        json_decref(alone);
    if (series && found->spare_count)
        rad_tree_set(all, "images_without_mask", json_integer((json_int_t)found->spare_count));
    if (series && found->files)
        rad_tree_set(all, "format", json_string("DICOM, and images or masks of other formats"));
    else if (any && masks)
        rad_tree_set(all, "format", json_string("images and masks, or a folder of masks"));
    else if (any && *all)
        json_object_del(*all, "format");
    if (!series && found->dicom) rad_tree_set(all, "dicom_files", json_integer((json_int_t)found->dicom));
    if (!found->unread || json_object_get(*all, "damaged")) return;
    json_t *damaged = json_array(); /* that was not, or not seen, when the folder was looked at before */
    rad_tree_add(&damaged, rad_tree_name(found->unread));
    rad_tree_set(all, "damaged", damaged);
}

rad_status rad_info_pairs(const char *folder, int threads, json_t **all, bool *any, rad_error *error) {
    rad_discovery found = {.pairs = NULL};
    rad_error why = {0};
    struct stat there;
    *any = false;
    if (stat(folder, &there) || !S_ISDIR(there.st_mode)) return RAD_OK;
    rad_status status = rad_discover(folder, &(rad_discover_options){.threads = threads}, &found, &why);
    if (status == RAD_NO_MEMORY) return rad_fail(error, status, "%s", why.text);
    if (status != RAD_OK) return RAD_OK;
    status = tell_pairs(folder, &found, all, any, error);
    if (status == RAD_OK) tell_rest(folder, &found, *any, all);
    rad_discovery_free(&found);
    return status;
}
