#include "runs_below.h"

#include "../../core/memory.h"
#include "../../io/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct search {
    const char *folder;
    rad_runs_below *out;
} search;

bool rad_runs_below_is_run(const char *folder) {
    char path[4400];
    struct stat there;
    snprintf(path, sizeof path, "%.4200s/provenance.json", folder);
    return !stat(path, &there);
}

static rad_status add(const char *name, void *context, rad_error *error) {
    const search *s = context;
    rad_runs_below *out = s->out;
    char path[4400];
    snprintf(path, sizeof path, "%.4000s/%.255s", s->folder, name);
    if (!rad_runs_below_is_run(path)) return RAD_OK;
    rad_status status = rad_grow(&out->path, out->count, &out->room, sizeof *out->path, error);
    if (status != RAD_OK) return status;
    out->path[out->count] = rad_text_copy(path, error);
    return out->path[out->count] ? (out->count++, RAD_OK) : RAD_NO_MEMORY;
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

rad_status rad_runs_below_find(const char *folder, rad_runs_below *out, rad_error *error) {
    search s = {folder, out};
    *out = (rad_runs_below){.path = NULL};
    const rad_status status = rad_walk_names(folder, NULL, add, &s, error);
    if (out->count) qsort(out->path, out->count, sizeof *out->path, compare);
    if (status != RAD_OK) rad_runs_below_free(out);
    return status;
}

void rad_runs_below_free(rad_runs_below *runs) {
    for (size_t i = 0; i < runs->count; i++) rad_free(runs->path[i]);
    rad_free(runs->path);
    *runs = (rad_runs_below){.path = NULL};
}
