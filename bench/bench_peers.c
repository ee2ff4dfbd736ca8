/* Our side of the comparison with other engines.
 *
 *   bench_peers prepare FOLDER              writes P (the ROI of the IBSI CT phantom at 1 mm) and S (a sphere
 * of 50 cm3 in it) as NIfTI: p_image.nii p_mask.nii s_mask.nii bench_peers time IMAGE MASK SETTINGS N
 * milliseconds of N extractions in one process, one per line */
#include "../core/clock.h"
#include "../core/memory.h"
#include "../io/scan/nifti.h"
#include "../pipeline/extract.h"
#include "../pipeline/prepare.h"
#include "../pipeline/settings_file.h"

#include <math.h>
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
    uint8_t *sphere = rad_new(count, 1, error);
    char path[512];
    rad_status status = x && sphere ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const size_t at[3] = {i % roi->size[0], i / roi->size[0] % roi->size[1],
                              i / roi->size[0] / roi->size[1]};
        double r = 0;
        for (int a = 0; a < 3; a++) r += pow((double)at[a] - floor((double)roi->size[a] / 2), 2);
        x[i] = (int16_t)roi->intensity[i];
        sphere[i] = roi->morphological[i] && r <= 22.85 * 22.85;
    }
    v.voxels = x;
    snprintf(path, sizeof path, "%s/p_image.nii", folder);
    if (status == RAD_OK) status = rad_nifti_write(path, &v, error);
    v.type = RAD_UINT8;
    v.voxels = roi->morphological;
    snprintf(path, sizeof path, "%s/p_mask.nii", folder);
    if (status == RAD_OK) status = rad_nifti_write(path, &v, error);
    v.voxels = sphere;
    snprintf(path, sizeof path, "%s/s_mask.nii", folder);
    if (status == RAD_OK) status = rad_nifti_write(path, &v, error);
    rad_free(x);
    rad_free(sphere);
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

static int time_runs(char **words) {
    rad_settings settings;
    rad_error error = {0};
    if (rad_settings_file_read(words[2], &settings, &error) != RAD_OK) return fail(&error);
    for (int i = 0; i < atoi(words[3]); i++) {
        rad_table table = {0};
        const rad_extract_options options = {.threads = 1};
        const double begin = rad_clock_seconds();
        if (rad_extract_files((rad_case_paths){words[0], words[1]}, &settings, options, &table, NULL, NULL,
                              &error) != RAD_OK)
            return fail(&error);
        printf("%.3f\n", (rad_clock_seconds() - begin) * 1e3);
        rad_table_free(&table);
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "prepare")) return prepare(argv[2]);
    if (argc == 6 && !strcmp(argv[1], "time")) return time_runs(argv + 2);
    fprintf(stderr, "usage: bench_peers prepare FOLDER | time IMAGE MASK SETTINGS N\n");
    return EXIT_FAILURE;
}
