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
enum { SIDE = 80, AROUND = 25, SLICES_AROUND = 8, PATH_HERE = 4400 };

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
        snprintf(path, sizeof path, "%.4000s/%s", b->work->run, rad_picture_name(b->name, roi, name));
        status = rad_roi_picture_write(path, &picture, &error);
    }
    if (status != RAD_OK) warn_of_picture(b, &error);
}

static rad_status save(const rad_roi *roi, const char *name, void *context, rad_error *error) {
    const rad_beside *b = context;
    char path[PATH_HERE], file[RAD_FILE_NAME];
    rad_status status = RAD_OK;
    rad_file_name(b->name, name, file);
    snprintf(path, sizeof path, "%.4000s/masks/%s.%s", b->work->run, file, b->work->masks);
    if (b->work->masks) status = rad_roi_save_mask(path, roi, error);
    snprintf(path, sizeof path, "%.4000s/images/%s.%s", b->work->run, file, b->work->images);
    if (status == RAD_OK && b->work->images) status = rad_roi_save_image(path, roi, error);
    return status;
}

void rad_beside_begin(rad_beside *b, const rad_work *work, const char *name, rad_warnings *warnings) {
    *b = (rad_beside){.work = work, .name = name, .warnings = warnings, .onlooker.context = b};
    if (work->run && work->pictures) {
        b->onlooker.around[0] = b->onlooker.around[1] = AROUND;
        b->onlooker.around[2] = SLICES_AROUND;
        b->onlooker.seen = draw;
    }
    if (work->run && (work->masks || work->images)) b->onlooker.prepared = save;
}

/* Pictures of what was there before. */
static void remove_pictures(const rad_beside *b, const rad_manifest_row *row, const rad_table *table) {
    char path[PATH_HERE], name[RAD_PICTURE_NAME];
    snprintf(path, sizeof path, "%.4000s/%s", b->work->run, rad_picture_case_name(b->name, row->roi, name));
    unlink(path);
    for (size_t i = 0; i < table->row_count; i++) {
        snprintf(path, sizeof path, "%.4000s/%s", b->work->run,
                 rad_picture_name(b->name, table->rows[i].roi, name));
        unlink(path);
    }
}

void rad_beside_end(rad_beside *b, const rad_manifest_row *row, const rad_settings *settings,
                    const rad_extract_options *options, const rad_table *table, rad_status status) {
    char path[PATH_HERE], name[RAD_PICTURE_NAME];
    rad_error error = {0};
    if (!b->work->run) return;
    if (!b->work->pictures) {
        remove_pictures(b, row, table);
        return;
    }
    snprintf(path, sizeof path, "%.4000s/%s", b->work->run, rad_picture_case_name(b->name, row->roi, name));
    if (status == RAD_OK)
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
