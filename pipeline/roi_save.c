#include "roi_save.h"

#include "../core/memory.h"
#include "../core/volume.h"
#include "../io/file.h"
#include "../io/scan/nifti.h"
#include "../io/scan/nrrd.h"

#include <stdio.h>
#include <string.h>

const char *const rad_roi_save_forms[] = {"nii", "nii.gz", "nrrd", NULL};

bool rad_roi_save_is_name(const char *path) {
    return rad_nifti_is_name(path) || rad_nrrd_is_name(path);
}

rad_status rad_roi_save_check(const char *path, const char *image, const char *mask, rad_error *error) {
    char folder[4400];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    if (!rad_file_is_one(path, image) && !rad_file_is_one(path, mask) && !rad_file_is_one(folder, mask))
        return RAD_OK;
    return rad_fail(error, RAD_UNWRITABLE,
                    "%.400s: is, or would be, a file of the image or mask that is read; save it elsewhere",
                    path);
}

static rad_status save(const char *path, const rad_roi *roi, rad_type type, void *voxels, rad_error *error) {
    rad_volume v = {.geometry = roi->grid, .type = type, .slope = 1, .voxels = voxels, .borrowed = true};
    double first[3];
    for (int a = 0; a < 3; a++) {
        v.geometry.size[a] = roi->size[a];
        first[a] = (double)roi->box.begin[a];
    }
    rad_geometry_world(&roi->grid, first, v.geometry.origin);
    return rad_nrrd_is_name(path) ? rad_nrrd_write(path, &v, error) : rad_nifti_write(path, &v, error);
}

rad_status rad_roi_save_mask(const char *path, const rad_roi *roi, rad_error *error) {
    const size_t count = rad_box_count(&roi->box);
    uint8_t *label = rad_new_raw(count, 1, error);
    if (!label) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) label[i] = roi->intensity_mask[i] ? 1 : roi->morphological[i] ? 2 : 0;
    const rad_status status = save(path, roi, RAD_UINT8, label, error);
    rad_free(label);
    return status;
}

rad_status rad_roi_save_image(const char *path, const rad_roi *roi, rad_error *error) {
    return save(path, roi, RAD_FLOAT64, roi->intensity, error);
}
