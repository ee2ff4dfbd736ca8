#include "extraction.h"

#include "../../io/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4096 };

/* How many cases of a run have no row, and why. */
static rad_status read_failures(rad_extraction *e, const char *path, rad_error *error) {
    rad_sheet cases;
    bool more = true;
    rad_status status = rad_sheet_open(path, &cases, error);
    if (status != RAD_OK) return status;
    const size_t state = rad_sheet_column(&cases, "status"), code = rad_sheet_column(&cases, "code");
    if (state == cases.columns || code == cases.columns)
        status = rad_fail(error, RAD_CONFIG,
                          "%s: has no columns status and code; run `radiomill collect` again", path);
    while (status == RAD_OK) {
        status = rad_sheet_next(&cases, &more, error);
        if (status != RAD_OK || !more) break;
        const long number = strtol(cases.field[code], NULL, 10);
        const bool known = number > 0 && number < RAD_CODES;
        if (strcmp(cases.field[state], "done") != 0) e->failures[known ? number : RAD_UNREADABLE]++;
    }
    rad_sheet_close(&cases);
    return status;
}

static rad_status read_columns(rad_extraction *e, const char *path, rad_error *error) {
    json_t *list, *entry;
    size_t i;
    rad_status status = rad_tree_read(path, &list, error);
    if (status == RAD_OK && !json_is_array(list))
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not a list of columns", path);
    e->columns = json_object();
    json_array_foreach(list, i, entry) {
        const char *name = json_string_value(json_object_get(entry, "name"));
        if (name) rad_tree_set(&e->columns, name, json_incref(entry));
    }
    json_decref(list);
    if (status == RAD_OK && !e->columns)
        status = rad_fail(error, RAD_NO_MEMORY, "out of memory: the columns of %s", path);
    return status;
}

rad_status rad_extraction_read(const char *run, rad_extraction *e, rad_error *error) {
    char path[PATH];
    json_t *provenance;
    *e = (rad_extraction){.columns = NULL};
    snprintf(path, sizeof path, "%s/columns.json", run);
    rad_status status = read_columns(e, path, error);
    if (status != RAD_OK) return status;
    snprintf(path, sizeof path, "%s/provenance.json", run);
    status = rad_tree_read(path, &provenance, error);
    if (status != RAD_OK) return status;
    const char *id = json_string_value(json_object_get(provenance, "settings_id"));
    const bool whole = id && strlen(id) < sizeof e->settings;
    if (whole) memcpy(e->settings, id, strlen(id) + 1);
    json_decref(provenance);
    if (!whole)
        return rad_fail(error, RAD_UNREADABLE, "%s: has no settings_id, or one of more than %zu characters",
                        path, sizeof e->settings - 1);
    snprintf(path, sizeof path, "%s/cases.csv", run);
    return read_failures(e, path, error);
}

void rad_extraction_free(rad_extraction *e) {
    json_decref(e->columns);
    e->columns = NULL;
}
