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
    if (path[length] == '/') return path + length + 1;
    return length && folder[length - 1] == '/' ? path + length : path;
}

static json_t *numbers(const rad_geometry *g, bool spacing) {
    json_t *list = json_array();
    for (int a = 0; a < 3; a++)
        rad_tree_add(&list, spacing ? json_real(g->spacing[a]) : json_integer((json_int_t)g->size[a]));
    return list;
}

static json_t *tell_pair(const char *folder, const rad_pair *pair, const rad_source_options *how) {
    rad_source source = {0};
    rad_error why = {0};
    json_t *one = json_object();
    rad_tree_set(&one, "case", rad_tree_name(pair->name));
    rad_tree_set(&one, "image", rad_tree_name(below(folder, pair->image)));
    rad_tree_set(&one, "mask", rad_tree_name(below(folder, pair->mask)));
    if (rad_source_open(pair->image, how, &source, NULL, &why) == RAD_OK) {
        rad_tree_set(&one, "size", numbers(&source.header.geometry, false));
        rad_tree_set(&one, "spacing_mm", numbers(&source.header.geometry, true));
    } else {
        rad_tree_set(&one, "problem", rad_tree_name(why.text));
    }
    rad_source_close(&source);
    return one;
}

bool rad_info_pairs(const char *folder, int threads, json_t **all) {
    rad_discovery found = {.pairs = NULL};
    rad_error why = {0};
    struct stat there;
    if (stat(folder, &there) || !S_ISDIR(there.st_mode)) return false;
    if (rad_discover(folder, &(rad_discover_options){.threads = threads}, &found, &why) == RAD_OK &&
        found.count) {
        rad_settings usual;
        rad_settings_default(&usual);
        const rad_source_options how = rad_case_source_options(&usual, NULL, 1);
        json_t *pairs = json_array(), *alone = json_array();
        for (size_t i = 0; i < found.count; i++)
            rad_tree_add(&pairs, tell_pair(folder, &found.pairs[i], &how));
        for (size_t i = 0; i < found.alone_count; i++)
            rad_tree_add(&alone, rad_tree_name(below(folder, found.alone[i])));
        if (*all) json_object_del(*all, "format");
        rad_tree_set(all, "pairs", pairs);
        if (found.alone_count)
            rad_tree_set(all, "masks_without_image", alone);
        else
            json_decref(alone);
        rad_settings_clear(&usual);
    }
    const bool any = found.count > 0;
    rad_discovery_free(&found);
    return any;
}
