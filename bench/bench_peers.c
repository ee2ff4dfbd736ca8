/* A case for the comparison with other engines.
 *
 *   bench_peers prepare FOLDER
 *
 * writes P, the ROI of the IBSI CT phantom at 1 mm and 6 mm around it, as NIfTI: p_image.nii p_mask.nii */
#include "../core/memory.h"
#include "../io/scan/nifti.h"
#include "../pipeline/prepare.h"
#include "../pipeline/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const rad_error *error) {
    fprintf(stderr, "bench_peers: %s\n", error->text);
    return EXIT_FAILURE;
}

static rad_status write_roi(const rad_roi *roi, const char *folder, rad_error *error) {
    const size_t count = rad_box_count(&roi->box);
    rad_volume v = {.geometry = roi->grid, .type = RAD_INT16, .slope = 1};
    memcpy(v.geometry.size, roi->size, sizeof v.geometry.size);
    int16_t *x = rad_new(count, sizeof *x, error);
    char path[512];
    rad_status status = x ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) x[i] = (int16_t)roi->intensity[i];
    v.voxels = x;
    snprintf(path, sizeof path, "%s/p_image.nii", folder);
    if (status == RAD_OK) status = rad_nifti_write(path, &v, error);
    v.type = RAD_UINT8;
    v.voxels = roi->morphological;
    snprintf(path, sizeof path, "%s/p_mask.nii", folder);
    if (status == RAD_OK) status = rad_nifti_write(path, &v, error);
    rad_free(x);
    return status;
}

static int prepare(const char *folder) {
    const char *data = getenv("RADIOMILL_DATA");
    char image_path[1024], mask_path[1024];
    rad_error error = {0};
    rad_volume image = {0};
    rad_mask mask = {0};
    rad_settings settings;
    rad_roi roi = {0};
    data = data && *data ? data : "../shared/data";
    snprintf(image_path, sizeof image_path, "%s/ibsi1/ct_phantom/nifti/image.nii.gz", data);
    snprintf(mask_path, sizeof mask_path, "%s/ibsi1/ct_phantom/nifti/mask.nii.gz", data);
    rad_settings_default(&settings);
    for (int a = 0; a < 3; a++) settings.sampling.spacing[a] = 1;
    settings.sampling.round = true;
    rad_status status = rad_nifti_read_mask(mask_path, &mask, NULL, &error);
    if (status == RAD_OK) status = rad_nifti_read(image_path, &image, NULL, &error);
    if (status == RAD_OK)
        status =
            rad_prepare_roi(&image, &(rad_target){&mask, &mask.labels[0], "P"}, &settings, 1, &roi, &error);
    if (status == RAD_OK) status = write_roi(&roi, folder, &error);
    rad_roi_free(&roi);
    rad_volume_free(&image);
    rad_mask_free(&mask);
    return status == RAD_OK ? EXIT_SUCCESS : fail(&error);
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "prepare")) return prepare(argv[2]);
    fprintf(stderr, "usage: bench_peers prepare FOLDER\n");
    return EXIT_FAILURE;
}
