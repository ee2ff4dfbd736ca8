/* DICOM: masks belong to the series that they refer to; masks of other formats to the series beside them. */
#include "../../core/memory.h"
#include "../../io/dicom/series.h"
#include "finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct series {
    const rad_instance *first;
    char *folder; /* that holds all its files, owned */
} series;

typedef struct list {
    series *row;
    size_t count, capacity;
} list;

/* The folder that holds all files of a series. */
static char *common_folder(const rad_instance *const *members, size_t count, rad_error *error) {
    char *folder = rad_text_copy(members[0]->path, error);
    if (!folder) return NULL;
    folder[rad_finder_base(folder) - folder] = '\0';
    for (size_t i = 1; i < count; i++)
        while (*folder && strncmp(members[i]->path, folder, strlen(folder)) != 0) {
            folder[strlen(folder) - 1] = '\0';
            folder[rad_finder_base(folder) - folder] = '\0';
        }
    const size_t length = strlen(folder);
    if (length > 1 && folder[length - 1] == '/') folder[length - 1] = '\0';
    return folder;
}

static rad_status list_series(const rad_finder *f, list *l, rad_error *error) {
    const rad_instance **members = rad_new(f->dicom.count, sizeof(const rad_instance *), error);
    rad_status status = members ? RAD_OK : RAD_NO_MEMORY;
    size_t at = 0;
    for (size_t count; status == RAD_OK && (count = rad_series_next(&f->dicom, &at, members)) > 0;) {
        status = rad_grow(&l->row, l->count, &l->capacity, sizeof *l->row, error);
        if (status != RAD_OK) break;
        l->row[l->count] = (series){members[0], common_folder(members, count, error)};
        if (!l->row[l->count++].folder) status = RAD_NO_MEMORY;
    }
    rad_free(members);
    return status;
}

/* Looks for the series of a mask; `by_frame`: the only one in its frame of reference. */
static size_t find_series(const list *l, const rad_instance *mask, bool by_frame, const series **which) {
    size_t found = 0;
    for (size_t i = 0; i < l->count; i++) {
        const rad_instance *n = l->row[i].first;
        const bool fits =
            by_frame ? *mask->frame_of_reference && !strcmp(n->frame_of_reference, mask->frame_of_reference)
                     : *mask->referenced && !strcmp(n->series, mask->referenced);
        if (!fits) continue;
        *which = &l->row[i];
        found++;
    }
    return found;
}

static rad_status add_pair(rad_finder *f, const series *of, const char *mask, rad_error *error) {
    rad_status status = rad_finder_add_pair(f, of->folder, mask, of->first->series, error);
    if (status != RAD_OK) return status;
    rad_pair *p = &f->out->pairs[f->out->count - 1];
    p->member = rad_text_copy(of->first->path, error);
    return p->member ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status pair_objects(rad_finder *f, const list *l, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < f->dicom.count && status == RAD_OK; i++) {
        const rad_instance *n = &f->dicom.instances[i];
        const series *which = NULL;
        if (n->object != RAD_OBJECT_STRUCTURES && n->object != RAD_OBJECT_SEGMENTATION) continue;
        size_t found = find_series(l, n, false, &which);
        if (!found) found = find_series(l, n, true, &which);
        status = found == 1 ? add_pair(f, which, n->path, error) : rad_finder_add_alone(f, n->path, error);
    }
    return status;
}

/* Is a part of the path below `folder` the key, in any case? */
static bool has_part(const char *path, size_t skip, const char *key) {
    const size_t length = strlen(key);
    for (const char *at = path + skip; *at; at += *at != '\0') {
        const size_t part = strcspn(at, "/");
        if (part == length && !strncasecmp(at, key, length)) return true;
        at += part;
        if (!*at) return false;
    }
    return false;
}

/* The only series below a folder of that length of the path; of several the one whose path has the key. */
static size_t below_folder(const list *l, const rad_candidate *mask, size_t length, const series **which) {
    size_t found = 0, named = 0;
    const series *by_name = NULL;
    for (size_t i = 0; i < l->count; i++) {
        const char *folder = l->row[i].folder;
        if (strncmp(folder, mask->path, length) != 0 ||
            (folder[length] && folder[length] != '/' && folder[length - 1] != '/'))
            continue;
        *which = &l->row[i];
        found++;
        if (!*mask->key || !has_part(folder, length, mask->key)) continue;
        by_name = &l->row[i];
        named++;
    }
    if (found > 1 && named == 1) {
        *which = by_name;
        return 1;
    }
    return found;
}

/* A mask that is no DICOM, by the folders above it, the nearest first. */
static rad_status pair_file(rad_finder *f, const list *l, rad_candidate *mask, rad_error *error) {
    const size_t least = strlen(f->folder);
    size_t length = (size_t)(rad_finder_base(mask->path) - mask->path), found = 0;
    const series *which = NULL;
    while (!found && length > least) {
        length--; /* the slash */
        found = below_folder(l, mask, length, &which);
        while (length && mask->path[length - 1] != '/') length--;
    }
    if (found != 1) return rad_finder_add_alone(f, mask->path, error);
    mask->is_mask = true;
    return add_pair(f, which, mask->path, error);
}

rad_status rad_finder_by_dicom(rad_finder *f, rad_error *error) {
    list l = {.row = NULL};
    rad_status status = rad_folder_scan(f->folder, f->options->threads, &f->dicom, error);
    rad_error why = {0};
    if (status == RAD_OK && rad_folder_check(&f->dicom, &why) != RAD_OK &&
        !(f->out->unread = rad_text_copy(why.text, error)))
        status = RAD_NO_MEMORY;
    f->out->dicom = f->dicom.count;
    if (status == RAD_OK) status = list_series(f, &l, error);
    if (status == RAD_OK) status = pair_objects(f, &l, error);
    for (size_t i = 0; i < f->count && status == RAD_OK; i++) {
        rad_candidate *c = &f->files[i];
        if (c->mask && c->worded && !c->is_mask && !c->is_image) status = pair_file(f, &l, c, error);
    }
    for (size_t i = 0; i < l.count; i++) rad_free(l.row[i].folder);
    rad_free(l.row);
    rad_folder_free(&f->dicom);
    return status;
}
