#include "roi_files.h"

#include "../io/file.h"
#include "../io/file_name.h"
#include "../pipeline/roi_save.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path) {
    struct stat there;
    return !stat(path, &there) && S_ISDIR(there.st_mode);
}

static void count(const rad_volume *image, const rad_mask *mask, const char *modality, void *context) {
    rad_roi_files *f = context;
    (void)image;
    (void)modality;
    f->rois += mask->label_count;
}

enum { PLACE = 4400 };

/* Where a ROI goes: "", or the file, or one in the folder. */
static rad_status find_place(const rad_roi_files *f, const char *option, const char *path, const char *name,
                             char place[PLACE], rad_error *error) {
    char file[RAD_FILE_NAME];
    *place = '\0';
    if (!path) return RAD_OK;
    const bool folder = is_folder(path);
    if (!folder && f->rois > 1)
        return rad_fail(
            error, RAD_USAGE,
            "%s: %s is one file, and there are %zu ROIs; choose one by --roi, or give a folder that "
            "is there",
            option, path, f->rois);
    snprintf(place, PLACE, "%.4200s%s%s%s", path, folder ? "/" : "",
             folder ? rad_file_name("", name, file) : "", folder ? ".nii.gz" : "");
    return rad_roi_save_check(place, f->from.image, f->from.mask, error);
}

static rad_status keep(const rad_roi *roi, const char *name, void *context, rad_error *error) {
    const rad_roi_files *f = context;
    char mask[PLACE], image[PLACE];
    rad_status status = find_place(f, "--save-mask", f->mask, name, mask, error);
    if (status == RAD_OK) status = find_place(f, "--save-image", f->image, name, image, error);
    if (status == RAD_OK && *mask) status = rad_roi_save_mask(mask, roi, error);
    if (status == RAD_OK && *mask && *image && rad_file_is_one(mask, image))
        status = rad_fail(error, RAD_USAGE,
                          "--save-image: %.400s is what --save-mask writes; give each its own", image);
    return status == RAD_OK && *image ? rad_roi_save_image(image, roi, error) : status;
}

static rad_status check(const char *option, const char *path, rad_error *error) {
    if (!path || is_folder(path) || rad_roi_save_is_name(path)) return RAD_OK;
    return rad_fail(error, RAD_USAGE,
                    "%s: %s is no folder that is there, and ends in none of .nii, .nii.gz, .nrrd", option,
                    path);
}

rad_status rad_roi_files_begin(rad_roi_files *files, rad_case_paths from, const char *mask, const char *image,
                               rad_extract_options *options, rad_error *error) {
    *files = (rad_roi_files){.from = from, .mask = mask, .image = image};
    files->onlooker = (rad_onlooker){.seen = count, .prepared = keep, .context = files};
    if (mask || image) options->onlooker = &files->onlooker;
    rad_status status = check("--save-mask", mask, error);
    return status == RAD_OK ? check("--save-image", image, error) : status;
}
