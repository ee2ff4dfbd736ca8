#include "stale.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../../io/file_name.h"
#include "../../io/walk.h"
#include "../roi_save.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const folders[] = {"masks", "images"};

static bool has_form(const char *name) {
    const size_t length = strlen(name);
    for (size_t k = 0; rad_roi_save_forms[k]; k++) {
        const size_t end = strlen(rad_roi_save_forms[k]);
        if (length > end + 1 && name[length - end - 1] == '.' &&
            !strcmp(name + length - end, rad_roi_save_forms[k]))
            return true;
    }
    return false;
}

typedef struct listing {
    const char *folder;
    rad_stale *stale;
} listing;

static rad_status add_file(const char *entry, void *context, rad_error *error) {
    const listing *l = context;
    rad_stale *s = l->stale;
    char name[400];
    if (*entry == '.' || !has_form(entry)) return RAD_OK;
    snprintf(name, sizeof name, "%s/%.300s", l->folder, entry);
    rad_status status = rad_grow(&s->name, s->count, &s->capacity, sizeof *s->name, error);
    if (status == RAD_OK && !(s->name[s->count] = rad_text_copy(name, error))) status = RAD_NO_MEMORY;
    s->count += status == RAD_OK;
    return status;
}

static rad_status list_folder(const char *run, const char *folder, rad_stale *s, rad_error *error) {
    char path[4400];
    snprintf(path, sizeof path, "%.4000s/%s", run, folder);
    if (access(path, F_OK) && errno == ENOENT) return RAD_OK;
    return rad_walk_names(path,
                          "so that files of no row of this run are not known; make it readable, and run the "
                          "same command again",
                          add_file, &(listing){folder, s}, error);
}

rad_status rad_stale_list(const char *run, rad_stale *s, rad_error *error) {
    *s = (rad_stale){.name = NULL};
    rad_status status = RAD_OK;
    for (size_t f = 0; f < sizeof folders / sizeof folders[0] && status == RAD_OK; f++)
        status = list_folder(run, folders[f], s, error);
    if (status == RAD_OK) status = rad_names_allocate(&s->index, s->count, error);
    if (status == RAD_OK && s->count && !(s->kept = rad_new(s->count, sizeof *s->kept, error)))
        status = RAD_NO_MEMORY;
    for (size_t i = 0; i < s->count && status == RAD_OK; i++) s->index.row[i] = (rad_name){s->name[i], i};
    if (status == RAD_OK) rad_names_sort(&s->index);
    return status;
}

void rad_stale_keep(rad_stale *s, const char *name, const char *roi) {
    char file[RAD_FILE_NAME], text[RAD_FILE_NAME + 32];
    if (!s->count) return;
    rad_file_name(name, roi, file);
    for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++)
        for (size_t k = 0; rad_roi_save_forms[k]; k++) {
            snprintf(text, sizeof text, "%s/%s.%s", folders[f], file, rad_roi_save_forms[k]);
            const size_t place = rad_names_find(&s->index, text);
            if (place != SIZE_MAX) s->kept[place] = true;
        }
}

void rad_stale_tell(const rad_stale *s, const char *run, rad_warnings *warnings) {
    size_t left = 0, first = SIZE_MAX;
    for (size_t i = 0; i < s->count; i++) {
        const size_t place = s->index.row[i].place;
        if (s->kept[place]) continue;
        if (!left++) first = place;
    }
    if (left)
        rad_warn(
            warnings,
            "%.300s: %zu file%s in masks/ and images/ %s of no row of this run, such as %.200s: left from "
            "cases or ROIs that had other names or are not in the table any more; remove what you do not "
            "need",
            run, left, rad_plural(left), left == 1 ? "is" : "are", s->name[first]);
}

void rad_stale_free(rad_stale *s) {
    for (size_t i = 0; i < s->count; i++) rad_free(s->name[i]);
    rad_free(s->name);
    rad_free(s->kept);
    rad_names_free(&s->index);
    *s = (rad_stale){.name = NULL};
}
