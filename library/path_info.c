#include "visit.h"

#include "../io/tree.h"

rad_status rad_path_info(const char *path, bool labels, bool identifiers, const rad_control *control,
                         char **json, rad_error *error) {
    RAD_VISIT();
    rad_error own;
    rad_warnings warnings = {.count = 0};
    rad_bytes text = {.data = NULL};
    rad_settings standard;
    if (json) *json = NULL;
    if (!error) error = &own;
    rad_status status = RAD_NEEDS(error, path, json);
    if (status != RAD_OK) return status;
    rad_settings_default(&standard);
    const rad_source_wants wants = {.threads = rad_visit_threads(control),
                                    .tolerance = standard.slice_tolerance,
                                    .labels = labels,
                                    .identifiers = identifiers};
    json_t *all = json_object();
    rad_tree_set(&all, "file", rad_tree_name(path));
    status = rad_source_info(path, &wants, &all, &warnings, error);
    rad_visit_warn(control, &warnings);
    if (status != RAD_OK)
        json_decref(all);
    else
        status = rad_tree_text(all, JSON_INDENT(1), &text, error);
    if (status == RAD_OK) status = rad_visit_text(text.data, text.length, json, error);
    rad_bytes_free(&text);
    return status;
}
