#include "mask_folder.h"

#include "../../core/memory.h"
#include "../dicom/dicom.h"
#include "../tree.h"
#include "../walk.h"
#include "mask_join.h"
#include "raster_source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ROIs of a file with several labels are numbered from here on, by file. */
static const int64_t many = 1000000;

/* Names of the files of masks, sorted. */
typedef struct listing {
    const char *folder;
    char **name; /* owned */
    size_t count, room;
    bool dicom; /* one of the others is DICOM */
} listing;

static void free_listing(listing *l) {
    for (size_t i = 0; i < l->count; i++) rad_free(l->name[i]);
    rad_free(l->name);
    *l = (listing){.count = 0};
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool join(const char *folder, const char *name, char path[PATH_MAX]) {
    return (size_t)snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

static rad_status add_name(const char *name, void *context, rad_error *error) {
    listing *l = context;
    char path[PATH_MAX];
    struct stat about;
    if (*name == '.' || !join(l->folder, name, path) || stat(path, &about) || !S_ISREG(about.st_mode))
        return RAD_OK;
    if (!rad_source_stem(name)) return l->dicom ? RAD_OK : rad_dicom_look(path, &l->dicom, error);
    rad_status status = rad_grow(&l->name, l->count, &l->room, sizeof *l->name, error);
    char *copy = status == RAD_OK ? rad_text_copy(name, error) : NULL;
    if (!copy) return RAD_NO_MEMORY;
    l->name[l->count++] = copy;
    return RAD_OK;
}

static rad_status list_names(const char *path, listing *l, rad_error *error) {
    *l = (listing){.folder = path};
    const rad_status status = rad_walk_names(path, NULL, add_name, l, error);
    if (l->count > 1) qsort(l->name, l->count, sizeof *l->name, by_name);
    return status;
}

rad_status rad_mask_folder_is(const char *path, bool *is, rad_error *error) {
    listing l = {.count = 0};
    struct stat about;
    *is = false;
    if (stat(path, &about) || !S_ISDIR(about.st_mode)) return RAD_OK;
    const rad_status status = list_names(path, &l, error);
    *is = l.count && !l.dicom;
    free_listing(&l);
    return status;
}

/* Does the choice ask for the file, or for a label of it? */
static bool is_wanted(const rad_choice *choice, const char *stem, int64_t number) {
    const size_t length = strlen(stem);
    if (rad_choice_wants(choice, stem, number)) return true;
    for (size_t i = 0; i < choice->count; i++)
        for (const char *at = choice->words[i]; at; at = strchr(at, '+') ? strchr(at, '+') + 1 : NULL)
            if (!strncasecmp(at, stem, length) && (at[length] == ':' || at[length] == '*')) return true;
    return false;
}

static rad_status add_labels(const rad_mask *one, const char *stem, int64_t number, rad_mask *all,
                             rad_error *error) {
    rad_status status = RAD_OK;
    if (!one->label_count) return rad_mask_add_label(all, number, stem, NULL, error);
    if (one->label_count == 1) return rad_mask_join_label(one, &one->labels[0], number, stem, all, error);
    for (size_t i = 0; i < one->label_count && status == RAD_OK; i++) {
        char name[300], of_label[128];
        snprintf(name, sizeof name, "%.160s:%.128s", stem,
                 rad_label_text(&one->labels[i], of_label, sizeof of_label));
        status = rad_mask_join_label(one, &one->labels[i], many * number + (int64_t)i + 1, name, all, error);
    }
    return status;
}

/* What becomes of the files of a folder. */
typedef struct gathering {
    const char *folder;
    const rad_drawing *drawing;
    rad_mask *all;
    bool begun; /* a file was read, whose grid is that of all */
    rad_warnings *warnings;
} gathering;

static rad_status begin(gathering *g, const rad_geometry *grid, rad_error *error) {
    if (g->begun) return RAD_OK;
    g->begun = true;
    *g->all = (rad_mask){.volume = {.geometry = *grid, .type = RAD_FLOAT64, .slope = 1}};
    return rad_mask_begin(g->all, error);
}

static rad_status read_file(gathering *g, const char *path, rad_mask *one, rad_error *error) {
    const rad_drawing *d = g->drawing;
    rad_source image = {.path = g->folder,
                        .header = {.geometry = *d->grid},
                        .stored = *d->stored,
                        .reversed = d->reversed,
                        .frame_of_reference = d->frame_of_reference,
                        .even = d->even};
    if (d->other) image.other = *d->other;
    if (d->flat) image.flat = *d->flat;
    const rad_source_options how = {.any_frame = g->drawing->any_frame,
                                    .threshold = g->drawing->threshold,
                                    .fractions = g->drawing->fractions};
    const rad_choice every = {NULL, 0};
    rad_status status = rad_source_read_mask(path, &image, &how, &every, one, g->warnings, error);
    if (status == RAD_OK && g->begun)
        status = rad_mask_join_settle(one, &g->all->volume.geometry, path, error);
    if (status == RAD_OK) status = begin(g, &one->volume.geometry, error);
    return status;
}

static rad_status add_file(gathering *g, const char *name, int64_t number, rad_error *error) {
    char path[PATH_MAX], stem[256];
    rad_mask one = {.label_count = 0};
    rad_error why = {0};
    rad_status status = RAD_OK;
    snprintf(stem, sizeof stem, "%.*s", (int)rad_source_stem(name), name);
    const bool wanted = is_wanted(g->drawing->choice, stem, number);
    if (wanted && join(g->folder, name, path)) status = read_file(g, path, &one, &why);
    if (status == RAD_NO_MEMORY) {
        if (error) *error = why;
        return status;
    }
    const bool faulty = status != RAD_OK;
    status = begin(g, g->drawing->grid, error);
    if (status == RAD_OK && (faulty || !wanted))
        status = rad_mask_add_label(g->all, number, stem, faulty ? why.text : NULL, error);
    else if (status == RAD_OK)
        status = add_labels(&one, stem, number, g->all, error);
    rad_mask_free(&one);
    return status;
}

rad_status rad_mask_folder_read(const char *path, const rad_drawing *drawing, rad_mask *mask,
                                rad_warnings *warnings, rad_error *error) {
    static const rad_choice every = {NULL, 0};
    rad_drawing all = *drawing;
    if (!all.choice) all.choice = &every;
    gathering g = {path, &all, mask, false, warnings};
    listing l;
    rad_status status = list_names(path, &l, error);
    for (size_t pass = 0; pass < 2 && status == RAD_OK; pass++) /* first those that have a grid to give */
        for (size_t i = 0; i < l.count && status == RAD_OK; i++) {
            char stem[256];
            snprintf(stem, sizeof stem, "%.*s", (int)rad_source_stem(l.name[i]), l.name[i]);
            if (is_wanted(all.choice, stem, (int64_t)i + 1) == (pass == 0))
                status = add_file(&g, l.name[i], (int64_t)i + 1, error);
        }
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    if (status == RAD_OK) rad_mask_drop_empty(mask, drawing->choice, path, warnings);
    free_listing(&l);
    if (status != RAD_OK) rad_mask_free(mask);
    return status;
}

rad_status rad_mask_folder_info(const char *path, json_t **all, rad_error *error) {
    listing l;
    rad_status status = list_names(path, &l, error);
    json_t *rois = json_array();
    for (size_t i = 0; i < l.count && status == RAD_OK; i++) {
        char stem[256];
        snprintf(stem, sizeof stem, "%.*s", (int)rad_source_stem(l.name[i]), l.name[i]);
        rad_tree_add(&rois,
                     json_pack("{s:I, s:o}", "number", (json_int_t)i + 1, "name", rad_tree_name(stem)));
    }
    rad_tree_set(all, "format", json_string("a folder of masks, one file for each ROI"));
    rad_tree_set(all, "rois", rois);
    free_listing(&l);
    return status;
}
