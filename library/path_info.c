#include "visit.h"

#include "../io/tree.h"

rad_status rad_path_info(const char *path, bool labels, bool identifiers, const rad_control *control,
                         char **json, rad_error *error) {
    RAD_VISIT(error);
    rad_warnings warnings = {.count = 0};
    rad_bytes text = {.data = NULL};
    rad_settings standard;
    if (json) *json = NULL;
    RAD_NEEDS(path);
    RAD_NEEDS(json);
    rad_settings_default(&standard);
    const rad_source_wants wants = {.threads = rad_visit_threads(control),
                                    .tolerance = standard.slice_tolerance,
                                    .labels = labels,
                                    .identifiers = identifiers};
    json_t *all = json_object();
    rad_tree_set(&all, "file", rad_tree_name(path));
    rad_status status = rad_source_info(path, &wants, &all, &warnings, error);
    rad_visit_warn(control, &warnings);
    if (status != RAD_OK)
        json_decref(all);
    else
        status = rad_tree_text(all, JSON_INDENT(1), &text, error);
    if (status == RAD_OK) status = rad_visit_text(text.data, text.length, json, error);
    rad_bytes_free(&text);
    return status;
}
