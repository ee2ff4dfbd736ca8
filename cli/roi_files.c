#include "roi_files.h"

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

typedef rad_status save_roi(const char *path, const rad_roi *roi, rad_error *error);

static rad_status save(const rad_roi_files *f, const char *option, const char *path, save_roi *write,
                       const rad_roi *roi, const char *name, rad_error *error) {
    char whole[4400], file[RAD_FILE_NAME];
    if (!path) return RAD_OK;
    if (!is_folder(path) && f->rois > 1)
        return rad_fail(
            error, RAD_USAGE,
            "%s: %s is one file, and there are %zu ROIs; choose one by --roi, or give a folder that "
            "is there",
            option, path, f->rois);
    if (!is_folder(path)) return write(path, roi, error);
    snprintf(whole, sizeof whole, "%.4000s/%s.nii.gz", path, rad_file_name("", name, file));
    return write(whole, roi, error);
}

static rad_status keep(const rad_roi *roi, const char *name, void *context, rad_error *error) {
    const rad_roi_files *f = context;
    rad_status status = save(f, "--save-mask", f->mask, rad_roi_save_mask, roi, name, error);
    if (status == RAD_OK) status = save(f, "--save-image", f->image, rad_roi_save_image, roi, name, error);
    return status;
}

static rad_status check(const char *option, const char *path, rad_error *error) {
    if (!path || is_folder(path) || rad_roi_save_is_name(path)) return RAD_OK;
    return rad_fail(error, RAD_USAGE,
                    "%s: %s is no folder that is there, and ends in none of .nii, .nii.gz, .nrrd", option,
                    path);
}

rad_status rad_roi_files_begin(rad_roi_files *files, const char *mask, const char *image,
                               rad_extract_options *options, rad_error *error) {
    *files = (rad_roi_files){.mask = mask, .image = image};
    files->onlooker = (rad_onlooker){.seen = count, .prepared = keep, .context = files};
    if (mask || image) options->onlooker = &files->onlooker;
    rad_status status = check("--save-mask", mask, error);
    return status == RAD_OK ? check("--save-image", image, error) : status;
}
