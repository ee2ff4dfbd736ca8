#include "beside.h"

#include "../../io/file_name.h"
#include "../../io/picture_name.h"
#include "../case_files.h"
#include "../roi_picture.h"
#include "../roi_save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Slices more are what costs: a file that is packed is unpacked up to the last one. */
enum { SIDE = 80, AROUND = 25, SLICES_AROUND = 5, PATH_HERE = 4400 };

static void warn_of_picture(rad_beside *b, const rad_error *error) {
    if (!b->told) rad_warn(b->warnings, "no picture: %.400s", error->text);
    b->told = true;
}

/* A picture of each ROI, while image and mask are in memory. */
static void draw(const rad_volume *image, const rad_mask *mask, const char *modality, void *context) {
    rad_beside *b = context;
    rad_error error = {0};
    rad_roi_picture picture = {.image = image, .mask = mask, .side = SIDE, .around = AROUND};
    rad_status status = rad_roi_picture_window(image, modality, picture.window, &error);
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++) {
        char path[PATH_HERE], name[RAD_PICTURE_NAME], roi[sizeof(((rad_row *)0)->roi)];
        picture.label = &mask->labels[i];
        if (!picture.label->voxels || picture.label->fault) continue;
        rad_label_text(picture.label, roi, sizeof roi);
        snprintf(path, sizeof path, "%.4000s/%s", b->work->run, rad_picture_name(b->row->name, roi, name));
        status = rad_roi_picture_write(path, &picture, &error);
    }
    if (status != RAD_OK) warn_of_picture(b, &error);
}

/* "RUN/masks/CASE__ROI.FORM" */
static void write_place(const rad_beside *b, const char *folder, const char *roi, const char *form,
                        char path[PATH_HERE]) {
    char file[RAD_FILE_NAME];
    snprintf(path, PATH_HERE, "%.4000s/%s/%s.%s", b->work->run, folder,
             rad_file_name(b->row->name, roi, file), form);
}

typedef rad_status save_roi(const char *path, const rad_roi *roi, rad_error *error);

static rad_status save_one(const rad_beside *b, const char *path, save_roi *write, const rad_roi *roi,
                           rad_error *error) {
    const rad_status status = rad_roi_save_check(path, b->row->image, b->row->mask, error);
    return status == RAD_OK ? write(path, roi, error) : status;
}

static rad_status save(const rad_roi *roi, const char *name, void *context, rad_error *error) {
    const rad_beside *b = context;
    char path[PATH_HERE];
    rad_status status = RAD_OK;
    if (b->work->masks) {
        write_place(b, "masks", name, b->work->masks, path);
        status = save_one(b, path, rad_roi_save_mask, roi, error);
    }
    if (status == RAD_OK && b->work->images) {
        write_place(b, "images", name, b->work->images, path);
        status = save_one(b, path, rad_roi_save_image, roi, error);
    }
    return status;
}

void rad_beside_begin(rad_beside *b, const rad_work *work, const rad_manifest_row *row,
                      rad_warnings *warnings) {
    *b = (rad_beside){.work = work, .row = row, .warnings = warnings, .onlooker.context = b};
    if (work->run && work->pictures) {
        b->onlooker.around[0] = b->onlooker.around[1] = AROUND;
        b->onlooker.around[2] = SLICES_AROUND;
        b->onlooker.seen = draw;
    }
    if (work->run && (work->masks || work->images)) b->onlooker.prepared = save;
}

/* Files of what was there before, in every form but the one that is wanted (NULL: none), if any are. */
static void remove_files(const rad_beside *b, const char *folder, const char *wanted,
                         const rad_table *table) {
    char path[PATH_HERE];
    rad_error ignored;
    snprintf(path, sizeof path, "%.4000s/%s", b->work->run, folder);
    if (access(path, F_OK)) return;
    for (size_t i = 0; i < table->row_count; i++)
        for (size_t k = 0; rad_roi_save_forms[k]; k++) {
            write_place(b, folder, table->rows[i].roi, rad_roi_save_forms[k], path);
            if ((!wanted || strcmp(wanted, rad_roi_save_forms[k]) != 0) &&
                rad_roi_save_check(path, b->row->image, b->row->mask, &ignored) == RAD_OK)
                unlink(path);
        }
}

static void remove_pictures(const rad_beside *b, const rad_table *table) {
    char path[PATH_HERE], name[RAD_PICTURE_NAME];
    for (size_t i = 0; i < table->row_count; i++) {
        snprintf(path, sizeof path, "%.4000s/%s", b->work->run,
                 rad_picture_name(b->row->name, table->rows[i].roi, name));
        unlink(path);
    }
}

void rad_beside_end(rad_beside *b, const rad_settings *settings, const rad_extract_options *options,
                    const rad_table *table, rad_status status) {
    const rad_manifest_row *row = b->row;
    char path[PATH_HERE], name[RAD_PICTURE_NAME];
    rad_error error = {0};
    if (!b->work->run) return;
    remove_files(b, "masks", b->work->masks, table);
    remove_files(b, "images", b->work->images, table);
    if (!b->work->pictures) remove_pictures(b, table);
    snprintf(path, sizeof path, "%.4000s/%s", b->work->run, rad_picture_case_name(row->name, row->roi, name));
    if (!b->work->pictures || status == RAD_OK)
        unlink(path);
    else if (table->row_count && rad_case_picture((rad_case_paths){row->image, row->mask}, settings, *options,
                                                  path, &error) != RAD_OK)
        warn_of_picture(b, &error);
}

static rad_status make_folder(const char *run, const char *name, rad_error *error) {
    char path[PATH_HERE];
    struct stat there;
    snprintf(path, sizeof path, "%.4000s/%s", run, name);
    if (!mkdir(path, 0777) || (!stat(path, &there) && S_ISDIR(there.st_mode))) return RAD_OK;
    return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be created: %s", path, strerror(errno));
}

rad_status rad_beside_folders(const rad_work *work, rad_error *error) {
    rad_status status = RAD_OK;
    if (work->pictures) status = make_folder(work->run, "pictures", error);
    if (status == RAD_OK && work->masks) status = make_folder(work->run, "masks", error);
    if (status == RAD_OK && work->images) status = make_folder(work->run, "images", error);
    return status;
}
