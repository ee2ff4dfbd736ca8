#include "scans.h"

#include "../../io/scan/nifti.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char folder[64];

const char *path_of(const char *name) {
    static char paths[64][128];
    static int next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void make_folder(void) {
    snprintf(folder, sizeof folder, "/tmp/test_radiomill_XXXXXX");
    ck_assert(mkdtemp(folder));
}

void remove_folder(void) {
    char command[160];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert(!system(command));
}

const char *write_text(const char *name, const char *text) {
    const char *path = path_of(name);
    FILE *file = fopen(path, "w");
    ck_assert(file && fputs(text, file) >= 0 && !fclose(file));
    return path;
}

char *content(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert(file);
    char *text = calloc(1 << 20, 1);
    ck_assert(text && fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

int16_t image_voxels[VOXELS];
uint8_t mask_voxels[VOXELS];

void fill(void) {
    test_random random = {7};
    for (int i = 0; i < VOXELS; i++) {
        const int x = i % X, y = i / X % Y, z = i / (X * Y);
        const double r = (x - 7) * (x - 7) + (y - 6) * (y - 6) + (z - 4) * (z - 4);
        image_voxels[i] = (int16_t)(40 * x - 25 * y + 10 * z + (double)test_below(&random, 300));
        mask_voxels[i] = r <= 14 ? 1 : x > 12 && y > 3 && z > 1 && z < 7 ? 3 : 0;
    }
}

static const double directions[DIRECTIONS][9] = {{-1, 0, 0, 0, -1, 0, 0, 0, 1},
                                                 {1, 0, 0, 0, 1, 0, 0, 0, 1},
                                                 {0, 0, 1, 1, 0, 0, 0, -1, 0},
                                                 {-0.8660254, 0.5, 0, -0.5, -0.8660254, 0, 0, 0, 1}};

rad_array array_of(const void *voxels, rad_type type, int direction) {
    rad_array a = {.voxels = voxels,
                   .type = type,
                   .size = {X, Y, Z},
                   .spacing = {1.5, 2, 2.5},
                   .origin = {10, -20.5, 3},
                   .name = "array"};
    memcpy(a.direction, directions[direction], sizeof a.direction);
    return a;
}

rad_array write_file(const char *path, rad_array a) {
    rad_error error;
    rad_volume v = {.type = a.type, .slope = 1, .voxels = (void *)(uintptr_t)a.voxels}, read;
    memcpy(v.geometry.size, a.size, sizeof a.size);
    memcpy(v.geometry.spacing, a.spacing, sizeof a.spacing);
    memcpy(v.geometry.origin, a.origin, sizeof a.origin);
    memcpy(v.geometry.direction, a.direction, sizeof a.direction);
    ck_ok(rad_nifti_write(path, &v, &error));
    ck_ok(rad_nifti_read_header(path, &read, NULL, &error));
    memcpy(a.spacing, read.geometry.spacing, sizeof a.spacing);
    memcpy(a.origin, read.geometry.origin, sizeof a.origin);
    memcpy(a.direction, read.geometry.direction, sizeof a.direction);
    return a;
}

rad_scan *scan_path(const char *path) {
    rad_error error;
    rad_scan *scan;
    ck_ok(rad_scan_from_path(path, NULL, &scan, &error));
    return scan;
}

rad_scan *scan_array(const rad_array *array) {
    rad_error error;
    rad_scan *scan;
    ck_ok(rad_scan_from_array(array, &scan, &error));
    return scan;
}

rad_settings *parse(const char *yaml) {
    rad_error error;
    rad_settings *settings;
    ck_ok(rad_settings_parse(yaml, &settings, &error));
    return settings;
}

void check_value(const rad_settings *settings, const char *key, const char *expected) {
    rad_error error;
    char *text;
    ck_ok(rad_settings_get(settings, key, &text, &error));
    ck_assert_str_eq(text, expected);
    rad_text_free(text);
}

char *csv_of(const rad_settings *settings, rad_scan *image, rad_scan *mask, int threads) {
    rad_error error;
    rad_features *table = NULL;
    ck_ok(rad_extract(settings, image, mask, &(rad_selection){.case_name = "one"},
                      &(rad_control){.threads = threads}, &table, &error));
    const char *path = path_of("table.csv");
    ck_ok(rad_features_write(table, path, &error));
    rad_features_free(table);
    rad_scan_free(image);
    rad_scan_free(mask);
    return content(path);
}

const char all_kinds[] = "interpolation: {spacing: 2}\n"
                         "discretisation: [fbn8, fbs50]\n"
                         "texture: {dimensions: [2D, 3D]}\n"
                         "images: [square, mean: {size: 3}]\n";

void release(void *context) {
    (*(int *)context)++;
}

rad_array strided(rad_array a, unsigned char *room, size_t bytes) {
    const ptrdiff_t gap = (ptrdiff_t)bytes + 3, stride[3] = {-gap * Y, gap, gap * X * Y};
    unsigned char *first = room + gap * Y * (X - 1);
    for (size_t i = 0; i < VOXELS; i++)
        memcpy(first + (ptrdiff_t)(i % X) * stride[0] + (ptrdiff_t)(i / X % Y) * stride[1] +
                   (ptrdiff_t)(i / (X * Y)) * stride[2],
               (const unsigned char *)a.voxels + i * bytes, bytes);
    memcpy(a.stride, stride, sizeof stride);
    a.voxels = first;
    return a;
}

double *map_of(const rad_array *array, const char *filter, const rad_settings *settings, int threads) {
    rad_error error;
    rad_scan *scan = scan_array(array);
    double *map = calloc(VOXELS, sizeof *map);
    ck_assert(map);
    ck_ok(rad_scan_filter(scan, filter, settings, &(rad_control){.threads = threads}, map, VOXELS, &error));
    rad_scan_free(scan);
    return map;
}

bool look(double done, void *context) {
    looker *l = context;
    ck_assert(done >= l->last && done <= 1);
    l->last = done;
    return ++l->calls < l->most;
}
