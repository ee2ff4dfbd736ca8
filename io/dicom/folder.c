#include "folder.h"

#include "../../core/memory.h"
#include "../../core/names.h"
#include "../../core/parallel.h"
#include "../walk.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_packed(const char *path) {
    static const char *const endings[] = {".gz",  ".zip", ".tar", ".tgz", ".7z",
                                          ".bz2", ".xz",  ".zst", ".rar"};
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        const size_t tail = strlen(endings[i]);
        if (length > tail && !strcasecmp(path + length - tail, endings[i])) return true;
    }
    return false;
}

static rad_status add_path(rad_folder *folder, size_t *capacity, const char *path, rad_error *error) {
    if (is_packed(path)) folder->packed++;
    if (rad_grow(&folder->instances, folder->count, capacity, sizeof *folder->instances, error) != RAD_OK)
        return RAD_NO_MEMORY;
    rad_instance *fresh = &folder->instances[folder->count];
    *fresh = (rad_instance){.path = rad_text_copy(path, error)};
    if (!fresh->path) return RAD_NO_MEMORY;
    folder->count++;
    return RAD_OK;
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const rad_instance *)a)->path, ((const rad_instance *)b)->path);
}

typedef struct listing {
    rad_folder *folder;
    size_t capacity;
} listing;

static rad_status add_found(const char *path, const struct stat *about, void *context, rad_error *error) {
    listing *l = context;
    (void)about;
    return add_path(l->folder, &l->capacity, path, error);
}

static rad_status list_files(const char *path, rad_folder *folder, rad_error *error) {
    rad_status status = rad_walk(path, add_found, &(listing){.folder = folder}, error);
    if (status == RAD_OK && folder->count > 1)
        qsort(folder->instances, folder->count, sizeof *folder->instances, by_path);
    return status;
}

/* What is wrong with a file stays with it; want of memory is no property of the file. */
static rad_status read_one(size_t index, void *context, rad_error *error) {
    rad_instance *instance = &((rad_folder *)context)->instances[index];
    if (rad_dicom_is(instance->path))
        rad_instance_read(instance);
    else
        rad_instance_free(instance);
    if (instance->error.status != RAD_NO_MEMORY) return RAD_OK;
    *error = instance->error;
    return RAD_NO_MEMORY;
}

/* Gives every image the place of the first image of its series. */
static rad_status find_kin(rad_folder *folder, rad_error *error) {
    rad_names names;
    size_t images = 0;
    for (size_t i = 0; i < folder->count; i++) images += rad_instance_is_image(&folder->instances[i]);
    rad_status status = rad_names_allocate(&names, images, error);
    images = 0;
    for (size_t i = 0; i < folder->count && status == RAD_OK; i++)
        if (rad_instance_is_image(&folder->instances[i]))
            names.row[images++] = (rad_name){folder->instances[i].series, i};
    if (status == RAD_OK) rad_names_sort(&names);
    for (size_t i = 0; i < images; i++) {
        const bool first = !i || strcmp(names.row[i].text, names.row[i - 1].text) != 0;
        rad_instance *n = &folder->instances[names.row[i].place];
        n->kin = first ? names.row[i].place : folder->instances[names.row[i - 1].place].kin;
    }
    rad_names_free(&names);
    return status;
}

rad_status rad_folder_scan(const char *path, int threads, rad_folder *folder, rad_error *error) {
    *folder = (rad_folder){0};
    rad_status status = list_files(path, folder, error);
    if (status == RAD_OK) status = rad_parallel_try(folder->count, threads, read_one, folder, error);
    if (status != RAD_OK) {
        rad_folder_free(folder);
        return status;
    }
    size_t kept = 0;
    for (size_t i = 0; i < folder->count; i++)
        if (folder->instances[i].path) folder->instances[kept++] = folder->instances[i];
    folder->others = folder->count - kept;
    folder->count = kept;
    status = find_kin(folder, error);
    if (status != RAD_OK) rad_folder_free(folder);
    return status;
}

rad_status rad_folder_check(const rad_folder *folder, rad_error *error) {
    for (size_t i = 0; i < folder->count; i++)
        if (folder->instances[i].error.status != RAD_OK) {
            *error = folder->instances[i].error;
            return error->status;
        }
    return RAD_OK;
}

void rad_folder_free(rad_folder *folder) {
    for (size_t i = 0; i < folder->count; i++) rad_instance_free(&folder->instances[i]);
    rad_free(folder->instances);
    *folder = (rad_folder){0};
}
