/* What each stage costs on one thread: medians of several runs on the IBSI CT phantom at 1 mm (P), on a
 * sphere of 50 cm3 (T) and on an ellipsoid of 1500 cm3 (L). T and L are synthetic. The phantom is read from
 * RADIOMILL_DATA (default ../shared/data); without it P is skipped. */
#include "../core/memory.h"
#include "../features/feature.h"
#include "../io/nifti.h"
#include "../pipeline/prepare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_MAX = 15 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void die(const rad_error *error) {
    fprintf(stderr, "bench: %s\n", error->text);
    exit(error->status);
}

/* Values of one pass: room for the largest family. */
static rad_value values[RAD_PASS_FAMILIES][256];

static double time_pass(const rad_pass *pass, const rad_feature_input *input, int runs) {
    double times[RUNS_MAX];
    rad_error error = {0};
    for (int i = 0; i < runs; i++) {
        rad_value *out[RAD_PASS_FAMILIES] = {values[0], values[1]};
        const double start = now();
        if (pass->run(input, out, &error) != RAD_OK) die(&error);
        times[i] = now() - start;
    }
    qsort(times, (size_t)runs, sizeof times[0], ascending);
    return times[runs / 2];
}

static void bench_roi(const char *name, const rad_roi *roi, const rad_settings *settings, int runs,
                      double prepare) {
    rad_error error = {0};
    rad_levels levels;
    const double start = now();
    if (rad_discretise(roi, settings->discretisations[0], name, &levels, &error) != RAD_OK) die(&error);
    const double discretise = now() - start;
    const double n = (double)roi->intensity_count;
    printf("%s: box %zux%zux%zu, %zu voxels, %u levels\n", name, roi->inner.end[0] - roi->inner.begin[0],
           roi->inner.end[1] - roi->inner.begin[1], roi->inner.end[2] - roi->inner.begin[2],
           roi->intensity_count, levels.count);
    printf("  %-18s %9.2f ms\n  %-18s %9.2f ms\n", "prepare", prepare, "discretise", discretise);
    double total = 0, cost[16];
    for (size_t p = 0; p < rad_pass_count; p++) {
        const rad_feature_input input = {roi, &levels, settings, 1};
        total += cost[p] = time_pass(rad_passes[p], &input, runs);
    }
    for (size_t p = 0; p < rad_pass_count; p++)
        printf("  %-18s %9.2f ms %9.2f ns/voxel %5.1f %%\n", rad_passes[p]->name, cost[p], cost[p] * 1e6 / n,
               100 * cost[p] / total);
    printf("  %-18s %9.2f ms\n", "all features", total);
    rad_levels_free(&levels);
}

static void bench_phantom(const char *data, const rad_settings *settings) {
    char image_path[1024], mask_path[1024];
    snprintf(image_path, sizeof image_path, "%s/ibsi1/ct_phantom/nifti/image.nii.gz", data);
    snprintf(mask_path, sizeof mask_path, "%s/ibsi1/ct_phantom/nifti/mask.nii.gz", data);
    rad_error error = {0};
    rad_volume image = {0};
    rad_mask mask = {0};
    double start = now();
    if (rad_nifti_read(image_path, &image, NULL, &error) != RAD_OK) {
        printf("P: skipped: no reference data (%s)\n", error.text);
        return;
    }
    if (rad_nifti_read(mask_path, &mask.volume, NULL, &error) != RAD_OK) die(&error);
    if (rad_mask_index(&mask, mask_path, &error) != RAD_OK) die(&error);
    printf("P: read %.2f ms\n", now() - start);
    start = now();
    rad_roi roi;
    if (rad_roi_prepare(&image, &mask, &mask.labels[0], settings, 1, "P", &roi, &error) != RAD_OK)
        die(&error);
    bench_roi("P", &roi, settings, 5, now() - start);
    rad_roi_free(&roi);
    rad_volume_free(&image);
    rad_mask_free(&mask);
}

/* An ellipsoid with these semi-axes (mm = voxels) in smooth tissue with noise. */
static void bench_ellipsoid(const char *name, const double axis[3], const rad_settings *settings, int runs) {
    rad_error error = {0};
    rad_volume image = {
        .type = RAD_INT16, .slope = 1, .geometry = {.direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
    for (int a = 0; a < 3; a++) {
        image.geometry.size[a] = (size_t)(2 * axis[a]) + 21;
        image.geometry.spacing[a] = 1;
    }
    const size_t *size = image.geometry.size, count = rad_geometry_count(&image.geometry);
    rad_mask mask = {.volume = image};
    mask.volume.type = RAD_UINT8;
    int16_t *x = rad_new(count, sizeof *x, &error);
    uint8_t *inside = rad_new(count, 1, &error);
    if (!x || !inside) die(&error);
    uint32_t noise = 1;
    for (size_t i = 0; i < count; i++) {
        const size_t at[3] = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
        double r = 0;
        for (int a = 0; a < 3; a++) r += pow(((double)at[a] - ((double)size[a] - 1) / 2) / axis[a], 2);
        noise = noise * 1664525 + 1013904223;
        x[i] =
            (int16_t)(60 * sin((double)at[0] / 9.0) * cos((double)at[1] / 11.0) * cos((double)at[2] / 7.0) +
                      (double)(noise >> 27));
        inside[i] = r <= 1;
    }
    image.voxels = x;
    mask.volume.voxels = inside;
    if (rad_mask_index(&mask, name, &error) != RAD_OK) die(&error);
    rad_roi roi;
    const double start = now();
    if (rad_roi_prepare(&image, &mask, &mask.labels[0], settings, 1, name, &roi, &error) != RAD_OK)
        die(&error);
    bench_roi(name, &roi, settings, runs, now() - start);
    rad_roi_free(&roi);
    rad_volume_free(&image);
    rad_mask_free(&mask);
}

int main(void) {
    const char *data = getenv("RADIOMILL_DATA");
    rad_settings settings;
    rad_settings_default(&settings);
    for (int a = 0; a < 3; a++) settings.spacing[a] = 1;
    settings.round = true;
    settings.range[0] = -1000;
    settings.range[1] = 400;
    bench_phantom(data && *data ? data : "../shared/data", &settings);
    bench_ellipsoid("T", (double[]){22.85, 22.85, 22.85}, &settings, 5);
    bench_ellipsoid("L", (double[]){95, 79, 46}, &settings, 3);
    return 0;
}
