/* The public header, and nothing else of the library but what writes the files that it is given. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../federate/signer.h"
#include "../../include/radiomill.h"
#include "../../io/scan/nifti.h"

#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static const char *path_of(const char *name) {
    static char paths[64][128];
    static int next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void make_folder(void) {
    snprintf(folder, sizeof folder, "/tmp/test_radiomill_XXXXXX");
    ck_assert(mkdtemp(folder));
}

static void remove_folder(void) {
    char command[160];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert(!system(command));
}

/* Noise with structure, and a ball of label 1 beside a bar of label 3, of voxels x fastest. */
enum { X = 17, Y = 14, Z = 9, VOXELS = X * Y * Z };
static int16_t image_voxels[VOXELS];
static uint8_t mask_voxels[VOXELS];

static void fill(void) {
    test_random random = {7};
    for (int i = 0; i < VOXELS; i++) {
        const int x = i % X, y = i / X % Y, z = i / (X * Y);
        const double r = (x - 7) * (x - 7) + (y - 6) * (y - 6) + (z - 4) * (z - 4);
        image_voxels[i] = (int16_t)(40 * x - 25 * y + 10 * z + (double)test_below(&random, 300));
        mask_voxels[i] = r <= 14 ? 1 : x > 12 && y > 3 && z > 1 && z < 7 ? 3 : 0;
    }
}

/* Stored the way of DICOM and ITK, of most NIfTI, with slices across x, and askew. */
static const double directions[][9] = {{-1, 0, 0, 0, -1, 0, 0, 0, 1},
                                       {1, 0, 0, 0, 1, 0, 0, 0, 1},
                                       {0, 0, 1, 1, 0, 0, 0, -1, 0},
                                       {-0.8660254, 0.5, 0, -0.5, -0.8660254, 0, 0, 0, 1}};
enum { DIRECTIONS = sizeof directions / sizeof directions[0] };

static rad_array array_of(const void *voxels, rad_type type, int direction) {
    rad_array a = {.voxels = voxels,
                   .type = type,
                   .size = {X, Y, Z},
                   .spacing = {1.5, 2, 2.5},
                   .origin = {10, -20.5, 3},
                   .name = "array"};
    memcpy(a.direction, directions[direction], sizeof a.direction);
    return a;
}

/* The same as a file; returns the array of what the file says, whose affine is of floats. */
static rad_array write_file(const char *path, rad_array a) {
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

static rad_scan *scan_path(const char *path) {
    rad_error error;
    rad_scan *scan;
    ck_ok(rad_scan_from_path(path, NULL, &scan, &error));
    return scan;
}

static rad_scan *scan_array(const rad_array *array) {
    rad_error error;
    rad_scan *scan;
    ck_ok(rad_scan_from_array(array, &scan, &error));
    return scan;
}

static rad_settings *parse(const char *yaml) {
    rad_error error;
    rad_settings *settings;
    ck_ok(rad_settings_parse(yaml, &settings, &error));
    return settings;
}

static char *content(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert(file);
    char *text = calloc(1 << 20, 1);
    ck_assert(text && fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

/* The CSV of an extraction; image and mask are freed, the text is the caller's. */
static char *csv_of(const rad_settings *settings, rad_scan *image, rad_scan *mask, int threads) {
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

static const char all_kinds[] = "interpolation: {spacing: 2}\n"
                                "discretisation: [fbn8, fbs50]\n"
                                "texture: {dimensions: [2D, 3D]}\n"
                                "images: [square, mean: {size: 3}]\n";

/* Voxels of another layout: y fastest, x backwards, a gap behind each; released by the scan. */
static void release(void *context) {
    (*(int *)context)++;
}

static rad_array strided(rad_array a, unsigned char *room, size_t bytes) {
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

START_TEST(memory_equals_files) {
    rad_settings *settings = parse(all_kinds);
    fill();
    const rad_array image = write_file(path_of("image.nii"), array_of(image_voxels, RAD_INT16, _i)),
                    mask = write_file(path_of("mask.nii.gz"), array_of(mask_voxels, RAD_UINT8, _i));
    const char *image_path = path_of("image.nii"), *mask_path = path_of("mask.nii.gz");
    char *expected = csv_of(settings, scan_path(image_path), scan_path(mask_path), 1);
    ck_assert(strstr(expected, "\none,3,"));
    unsigned char *room[2] = {calloc(VOXELS, 5), calloc(VOXELS, 4)};
    ck_assert(room[0] && room[1]);
    const rad_array far = strided(image, room[0], 2), far_mask = strided(mask, room[1], 1);
    char *got[] = {csv_of(settings, scan_array(&image), scan_array(&mask), 1),
                   csv_of(settings, scan_array(&image), scan_path(mask_path), 3),
                   csv_of(settings, scan_path(image_path), scan_array(&mask), 2),
                   csv_of(settings, scan_array(&far), scan_array(&far_mask), 2)};
    for (size_t i = 0; i < sizeof got / sizeof got[0]; i++) {
        ck_assert_msg(!strcmp(expected, got[i]), "way %zu of direction %d differs", i, _i);
        free(got[i]);
    }
    free(room[0]);
    free(room[1]);
    free(expected);
    rad_settings_free(settings);
}
END_TEST

/* The coordinates of ITK are those of NIfTI with two signs. */
START_TEST(itk_coordinates) {
    rad_settings *settings = parse("families: [morph, loc]\n");
    fill();
    rad_array image = array_of(image_voxels, RAD_INT16, 3), mask = array_of(mask_voxels, RAD_UINT8, 3);
    char *expected = csv_of(settings, scan_array(&image), scan_array(&mask), 1);
    for (int r = 0; r < 2; r++) {
        image.origin[r] = -image.origin[r];
        for (int a = 0; a < 3; a++) image.direction[3 * r + a] = -image.direction[3 * r + a];
    }
    image.lps = true;
    char *got = csv_of(settings, scan_array(&image), scan_array(&mask), 1);
    ck_assert_str_eq(expected, got);
    free(expected);
    free(got);
    rad_settings_free(settings);
}
END_TEST

/* Every type of voxel gives the same features of the same numbers. */
START_TEST(types) {
    static union {
        uint8_t u8[VOXELS];
        int8_t i8[VOXELS];
        uint16_t u16[VOXELS];
        int16_t i16[VOXELS];
        uint32_t u32[VOXELS];
        int32_t i32[VOXELS];
        uint64_t u64[VOXELS];
        int64_t i64[VOXELS];
        float f32[VOXELS];
        double f64[VOXELS];
    } v;
    rad_settings *settings = parse("families: [stat, cm]\n");
    char *expected = NULL;
    fill();
    const rad_array mask = array_of(mask_voxels, RAD_UINT8, 0);
    for (int type = RAD_UINT8; type < RAD_TYPE_COUNT; type++) {
        for (int i = 0; i < VOXELS; i++) {
            const int n = (int)((unsigned)image_voxels[i] % 101);
            switch (type) {
            case RAD_UINT8:
                v.u8[i] = (uint8_t)n;
                break;
            case RAD_INT8:
                v.i8[i] = (int8_t)n;
                break;
            case RAD_UINT16:
                v.u16[i] = (uint16_t)n;
                break;
            case RAD_INT16:
                v.i16[i] = (int16_t)n;
                break;
            case RAD_UINT32:
                v.u32[i] = (uint32_t)n;
                break;
            case RAD_INT32:
                v.i32[i] = n;
                break;
            case RAD_UINT64:
                v.u64[i] = (uint64_t)n;
                break;
            case RAD_INT64:
                v.i64[i] = n;
                break;
            case RAD_FLOAT32:
                v.f32[i] = (float)n;
                break;
            default:
                v.f64[i] = n;
            }
        }
        const rad_array image = array_of(&v, (rad_type)type, 0);
        char *got = csv_of(settings, scan_array(&image), scan_array(&mask), 1);
        if (!expected)
            expected = got;
        else {
            ck_assert_str_eq(expected, got);
            free(got);
        }
    }
    free(expected);
    rad_settings_free(settings);
}
END_TEST

START_TEST(rows_and_columns) {
    rad_error error;
    rad_settings *settings = parse("families: [stat, cm]\n"), *other = parse("families: [stat]\n");
    rad_features *table = NULL;
    int released = 0;
    fill();
    rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    image.release = release;
    image.context = &released;
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    const char *const rois[] = {"3", "1+3"};
    const rad_selection some = {.case_name = "a", .rois = rois, .roi_count = 2}, all = {.case_name = "b"};
    ck_ok(rad_extract(settings, i, m, &some, NULL, &table, &error));
    ck_ok(rad_extract(settings, i, m, &all, NULL, &table, &error));
    static const char *const cases[] = {"a", "a", "b", "b"}, *const names[] = {"3", "1+3", "1", "3"};
    rad_row_info row;
    size_t rows = 0;
    for (; rad_features_row(table, rows, &row); rows++) {
        ck_assert_str_eq(row.case_name, cases[rows]);
        ck_assert_str_eq(row.roi, names[rows]);
        ck_assert_int_eq(row.status, RAD_OK);
        ck_assert_str_eq(row.text, "");
    }
    ck_assert_uint_eq(rows, 4);
    double sum = 0, count = 0;
    for (int v = 0; v < VOXELS; v++)
        if (mask_voxels[v] == 3) {
            sum += image_voxels[v];
            count++;
        }
    const size_t mean = rad_features_find(table, "stat_mean");
    rad_column_info column;
    ck_assert(rad_features_row(table, 3, &row) && rad_features_column(table, mean, &column));
    ck_near(row.values[mean].value, sum / count, 1e-12);
    ck_assert_str_eq(column.name, "original_stat_mean");
    ck_assert_str_eq(column.code, "Q4LE");
    ck_assert(column.standardised);
    ck_assert_uint_eq(rad_features_find(table, "original_stat_mean"), mean);
    ck_assert_uint_eq(rad_features_find(table, "stat_meen"), SIZE_MAX);
    ck_assert(!rad_features_column(table, 10000, &column) && !rad_features_row(table, 4, &row));
    ck_assert(!rad_features_warning(table, 0));

    /* other settings, a ROI that is none: the table stays */
    const char *const none[] = {"7"};
    ck_assert_int_eq(rad_extract(other, i, m, NULL, NULL, &table, &error), RAD_CONFIG);
    ck_assert_int_eq(
        rad_extract(settings, i, m, &(rad_selection){.rois = none, .roi_count = 1}, NULL, &table, &error),
        RAD_UNREADABLE);
    ck_assert(strstr(error.text, "array"));
    ck_assert(rad_features_row(table, 3, &row) && !rad_features_row(table, 4, &row));
    rad_features_free(table);
    rad_scan_free(i);
    rad_scan_free(m);
    ck_assert_int_eq(released, 1);
    rad_settings_free(settings);
    rad_settings_free(other);
}
END_TEST

/* A ROI without intensities fails, the other has its row; a variation about a mean of 0 has its reason. */
START_TEST(partial) {
    rad_error error;
    rad_settings *settings = parse("families: [stat]\nresegmentation: {range: [-1000, 50]}\n");
    rad_features *table = NULL;
    rad_row_info row;
    fill();
    for (int v = 0; v < VOXELS; v++) image_voxels[v] = mask_voxels[v] == 3 ? 100 : 0;
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    ck_assert_int_eq(rad_extract(settings, i, m, NULL, NULL, &table, &error), RAD_PARTIAL);
    ck_assert_int_eq(error.status, RAD_PARTIAL);
    ck_assert(rad_features_row(table, 0, &row) && row.status == RAD_OK);
    const rad_value variation = row.values[rad_features_find(table, "stat_cov")];
    ck_assert(isnan(variation.value) && variation.reason == RAD_ZERO_DIVISOR);
    ck_assert_str_eq(rad_reason_text(variation.reason), "the formula divides by zero here");
    ck_assert_str_eq(rad_reason_text(RAD_DEFINED), "");
    ck_assert_str_eq(rad_reason_text((rad_reason)99), "");
    ck_assert(rad_features_row(table, 1, &row) && row.status == RAD_UNREADABLE && *row.text);
    ck_assert(isnan(row.values[0].value));
    rad_features_free(table);
    rad_scan_free(i);
    rad_scan_free(m);
    rad_settings_free(settings);
}
END_TEST

typedef struct looker {
    int calls, most;
    double last;
} looker;

static bool look(double done, void *context) {
    looker *l = context;
    ck_assert(done >= l->last && done <= 1);
    l->last = done;
    return ++l->calls < l->most;
}

START_TEST(cancelled) {
    rad_error error;
    rad_settings *settings = parse(all_kinds);
    rad_features *table = NULL;
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    looker all = {.most = 100000};
    ck_ok(rad_extract(settings, i, m, NULL, &(rad_control){.threads = 1, .step = look, .context = &all},
                      &table, &error));
    ck_assert_int_gt(all.calls, 20);
    for (int most = 1; most < all.calls; most += 9) {
        looker l = {.most = most};
        rad_features *none = NULL;
        const rad_control control = {.threads = 1 + most % 3, .step = look, .context = &l};
        const rad_status status = rad_extract(settings, i, m, NULL, &control, &none, &error);
        if (control.threads == 1 ||
            status != RAD_OK) { /* other threads may have left this one nothing to see */
            ck_assert_int_eq(status, RAD_CANCELLED);
            ck_assert_int_eq(error.status, RAD_CANCELLED);
            ck_assert(!none && strstr(error.text, "cancelled"));
        }
        rad_features_free(none);
    }
    rad_features_free(table);
    rad_scan_free(i);
    rad_scan_free(m);
    rad_settings_free(settings);
}
END_TEST

static void check_value(const rad_settings *settings, const char *key, const char *expected) {
    rad_error error;
    char *text;
    ck_ok(rad_settings_get(settings, key, &text, &error));
    ck_assert_str_eq(text, expected);
    rad_text_free(text);
}

START_TEST(settings_by_key) {
    rad_error error;
    rad_settings *s, *again;
    ck_ok(rad_settings_new(NULL, &s, &error));
    static const struct {
        const char *key, *text, *read;
    } rows[] = {{"interpolation.spacing", "2", "[2, 2, 2]"},
                {"interpolation.spacing", "[1, 1, 0.1]", "[1, 1, 0.1]"},
                {"interpolation.method", "cubic", "cubic"},
                {"resegmentation.range", "[-.inf, 400]", "[-.inf, 400]"},
                {"discretisation", "[fbn32, fbs25]", "[fbn32, fbs25]"},
                {"diagnostics", "yes", "yes"},
                {"families", "[]", "[]"},
                {"diagnostics", "no", "no"},
                {"filter_nan", "-3", "-3"},
                {"images", "[square]", NULL},
                {"images", "[log: {sigma: [1, 2]}, square]", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_ok(rad_settings_set(s, rows[i].key, rows[i].text, &error));
        if (rows[i].read) check_value(s, rows[i].key, rows[i].read);
    }
    char *images, *before, *after;
    ck_ok(rad_settings_get(s, "images", &images, &error));
    ck_assert(strstr(images, "log: {") && strstr(images, "sigma: 2") && strstr(images, "}, square: {"));
    ck_ok(rad_settings_text(s, &before, &error));
    ck_ok(rad_settings_set(s, "images", images, &error));
    ck_ok(rad_settings_parse(before, &again, &error));
    ck_ok(rad_settings_text(again, &after, &error));
    ck_assert_str_eq(before, after);
    rad_text_free(after);

    /* what is refused leaves all as it was */
    static const char *const wrong[][2] = {{"discretisation", "fbx3"},
                                           {"diskretisation", "fbn32"},
                                           {"interpolation", "2"},
                                           {"images", "[square, square]"},
                                           {"images", "[log: {sigma: -1}]"},
                                           {"diagnostics", "yes\nfamilies: [morph]"},
                                           {"diagnostics", ""},
                                           {"families", "[morph"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_int_eq(rad_settings_set(s, wrong[i][0], wrong[i][1], &error), RAD_CONFIG);
        ck_assert_int_eq(error.status, RAD_CONFIG);
        ck_assert(*error.text);
    }
    ck_ok(rad_settings_text(s, &after, &error));
    ck_assert_str_eq(before, after);
    rad_text_free(before);
    rad_text_free(after);
    rad_text_free(images);
    rad_settings_free(s);
    rad_settings_free(again);
}
END_TEST

/* All keys of the defaults and of the presets are read as they can be set. */
START_TEST(settings_round) {
    static const char *const presets[] = {NULL, "ibsi-c", "ibsi-e", "ibsi2-9b"};
    rad_error error;
    rad_settings *from, *to;
    char *text, *value, *again;
    ck_ok(rad_settings_new(presets[_i], &from, &error));
    ck_ok(rad_settings_new(NULL, &to, &error));
    ck_ok(rad_settings_text(from, &text, &error));
    char group[64] = "", key[128];
    for (char *rest = text, *line; (line = strtok_r(rest, "\n", &rest));) {
        const char *leaf = line + strspn(line, " ");
        if (leaf[0] == '-') continue;
        const int length = (int)strcspn(leaf, ":");
        if (leaf == line) snprintf(group, sizeof group, "%.*s", length, leaf);
        if (leaf == line && !leaf[length + 1] && strcmp(group, "images") != 0) continue;
        snprintf(key, sizeof key, "%s%s%.*s", leaf == line ? "" : group, leaf == line ? "" : ".", length,
                 leaf);
        ck_ok(rad_settings_get(from, key, &value, &error));
        ck_ok(rad_settings_set(to, key, value, &error));
        rad_text_free(value);
    }
    rad_text_free(text);
    ck_ok(rad_settings_text(from, &text, &error));
    ck_ok(rad_settings_text(to, &again, &error));
    ck_assert_str_eq(text, again);
    rad_text_free(text);
    rad_text_free(again);
    rad_settings_free(from);
    rad_settings_free(to);
}
END_TEST

START_TEST(wrong_settings) {
    rad_error error;
    rad_settings *s;
    ck_assert_int_eq(rad_settings_new("/no/such/file", &s, &error), RAD_UNREADABLE);
    ck_assert(!s && strstr(error.text, "/no/such/file"));
    ck_assert_int_eq(rad_settings_parse("families: [xyz]", &s, &error), RAD_CONFIG);
    ck_assert(!s && strstr(error.text, "settings:1:1"));
    ck_assert_int_eq(rad_settings_parse("families: []", &s, &error), RAD_CONFIG);
    ck_ok(rad_settings_new(NULL, &s, &error));
    ck_ok(rad_settings_set(s, "families", "[]", &error));
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    rad_features *table = NULL;
    ck_assert_int_eq(rad_extract(s, i, m, NULL, NULL, &table, &error), RAD_CONFIG);
    ck_assert(!table && strstr(error.text, "nothing to compute"));
    rad_scan_free(i);
    rad_scan_free(m);
    rad_settings_free(s);
}
END_TEST

START_TEST(wrong_arrays) {
    rad_error error;
    rad_scan *scan;
    int released = 0;
    const rad_array good = array_of(image_voxels, RAD_INT16, 0);
    rad_array bad[10];
    for (int i = 0; i < 10; i++) {
        bad[i] = good;
        bad[i].release = release;
        bad[i].context = &released;
    }
    bad[0].voxels = NULL;
    bad[1].type = RAD_NO_TYPE;
    bad[2].type = RAD_TYPE_COUNT;
    bad[3].size[1] = 0;
    bad[4].size[0] = bad[4].size[1] = SIZE_MAX / 8;
    bad[5].spacing[2] = 0;
    bad[6].origin[0] = NAN;
    bad[7].direction[0] = 0.5;
    bad[8].direction[3] = 0.2;
    bad[9].intercept = INFINITY;
    for (int i = 0; i < 10; i++) {
        ck_assert_msg(rad_scan_from_array(&bad[i], &scan, &error) == RAD_CONFIG, "array %d", i);
        ck_assert(!scan && strstr(error.text, "array"));
    }
    ck_assert_int_eq(released, 0);
}
END_TEST

/* NULL where something must be, and NULL where it may be. */
START_TEST(nulls) {
    rad_error error;
    char *text;
    rad_scan *scan;
    rad_settings *s = parse(""), *other;
    rad_features *table = NULL;
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0);
    const char *const none[] = {NULL};
    rad_scan *i = scan_array(&image);
#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        error.text[0] = '\0';                                                                                \
        ck_assert_int_eq(call, RAD_CONFIG);                                                                  \
        ck_assert_msg(strstr(error.text, "NULL"), "%s: %s", #call, error.text);                              \
    } while (0)
    REFUSED(rad_settings_new(NULL, NULL, &error));
    REFUSED(rad_settings_parse(NULL, &other, &error));
    REFUSED(rad_settings_parse("", NULL, &error));
    REFUSED(rad_settings_set(NULL, "suv", "bw", &error));
    REFUSED(rad_settings_set(s, NULL, "bw", &error));
    REFUSED(rad_settings_set(s, "suv", NULL, &error));
    REFUSED(rad_settings_get(NULL, "suv", &text, &error));
    REFUSED(rad_settings_get(s, NULL, &text, &error));
    REFUSED(rad_settings_get(s, "suv", NULL, &error));
    REFUSED(rad_settings_text(NULL, &text, &error));
    REFUSED(rad_settings_text(s, NULL, &error));
    REFUSED(rad_scan_from_path(NULL, NULL, &scan, &error));
    REFUSED(rad_scan_from_path("x", NULL, NULL, &error));
    REFUSED(rad_scan_from_array(NULL, &scan, &error));
    REFUSED(rad_scan_from_array(&image, NULL, &error));
    REFUSED(rad_extract(NULL, i, i, NULL, NULL, &table, &error));
    REFUSED(rad_extract(s, NULL, i, NULL, NULL, &table, &error));
    REFUSED(rad_extract(s, i, NULL, NULL, NULL, &table, &error));
    REFUSED(rad_extract(s, i, i, NULL, NULL, NULL, &error));
    REFUSED(rad_extract(s, i, i, &(rad_selection){.rois = none, .roi_count = 1}, NULL, &table, &error));
    REFUSED(rad_extract(s, i, i, &(rad_selection){.roi_count = 1}, NULL, &table, &error));
    REFUSED(rad_features_write(NULL, "x.csv", &error));
    ck_assert_int_eq(rad_settings_set(s, "suv", NULL, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_settings_new("/no/such/file", &other, NULL), RAD_UNREADABLE);
    ck_assert_int_eq(rad_extract(NULL, i, i, NULL, NULL, &table, NULL), RAD_CONFIG);
    rad_row_info row;
    rad_column_info column;
    ck_assert(!rad_features_row(NULL, 0, &row) && !rad_features_column(NULL, 0, &column));
    ck_assert(rad_features_find(NULL, "x") == SIZE_MAX && !rad_features_warning(NULL, 0));
    rad_settings_free(NULL);
    rad_scan_free(NULL);
    rad_features_free(NULL);
    rad_text_free(NULL);
    rad_settings_free(s);
    rad_scan_free(i);
}
END_TEST

START_TEST(odds) {
    rad_error error;
    rad_settings *s = parse("families: [stat]\n");
    rad_features *table = NULL;
    ck_assert(strlen(rad_version()) > 4);
    rad_scan *i = scan_path("/no/such/image.nii"), *m = scan_path("/no/such/mask.nii");
    ck_assert_int_eq(rad_extract(s, i, m, NULL, NULL, &table, &error), RAD_UNREADABLE);
    ck_assert(!table && strstr(error.text, "/no/such/image.nii"));
    ck_assert_int_eq(rad_features_write(table, "x.csv", &error), RAD_CONFIG);
    rad_scan_free(i);
    rad_scan_free(m);
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    i = scan_array(&image);
    m = scan_array(&mask);
    ck_ok(rad_extract(s, i, m, NULL, NULL, &table, &error));
    ck_assert_int_eq(rad_features_write(table, "-", &error), RAD_CONFIG);
    ck_assert_int_eq(rad_features_write(table, "table.xlsx", &error), RAD_CONFIG);
    ck_assert_int_eq(rad_features_write(table, "/no/such/folder/table.csv", &error), RAD_UNWRITABLE);
    ck_ok(rad_features_write(table, path_of("table.json"), &error));
    char *text = content(path_of("table.json"));
    ck_assert(strstr(text, "\"format\"") && strstr(text, "\"case\""));
    free(text);
    rad_features_free(table);
    rad_scan_free(i);
    rad_scan_free(m);
    rad_settings_free(s);
}
END_TEST

/* The map of a layout, in the order of its voxels. */
static double *map_of(const rad_array *array, const char *filter, const rad_settings *settings, int threads) {
    rad_error error;
    rad_scan *scan = scan_array(array);
    double *map = calloc(VOXELS, sizeof *map);
    ck_assert(map);
    ck_ok(rad_scan_filter(scan, filter, settings, &(rad_control){.threads = threads}, map, VOXELS, &error));
    rad_scan_free(scan);
    return map;
}

/* A ramp is its own mean inside, and its square what it says, whatever the directions and the layout. */
START_TEST(filters) {
    unsigned char *room = calloc(VOXELS, 5);
    ck_assert(room);
    for (int i = 0; i < VOXELS; i++)
        image_voxels[i] = (int16_t)(3 * (i % X) - 2 * (i / X % Y) + 7 * (i / (X * Y)) - 30);
    const rad_array image = array_of(image_voxels, RAD_INT16, _i), far = strided(image, room, 2);
    double *mean = map_of(&image, "mean: {size: 3}", NULL, 1), *square = map_of(&image, "square", NULL, 2),
           *again = map_of(&far, "mean: {size: 3}", NULL, 3);
    for (int i = 0; i < VOXELS; i++) {
        const int x = i % X, y = i / X % Y, z = i / (X * Y);
        if (x && y && z && x < X - 1 && y < Y - 1 && z < Z - 1) ck_near(mean[i], image_voxels[i], 1e-12);
        ck_near(square[i], (double)image_voxels[i] * image_voxels[i], 1e-12);
    }
    ck_assert(!memcmp(mean, again, VOXELS * sizeof *mean));
    free(mean);
    free(square);
    free(again);
    free(room);
}
END_TEST

START_TEST(filter_refusals) {
    static float holes[VOXELS];
    rad_error error;
    rad_settings *settings = parse("filter_nan: 0\nimages: [square]\n");
    double map[VOXELS];
    holes[5] = NAN;
    const rad_array image = array_of(holes, RAD_FLOAT32, 1);
    rad_scan *scan = scan_array(&image), *none = scan_path("/no/such/image.nii");
    ck_assert_int_eq(rad_scan_filter(scan, "square", NULL, NULL, map, VOXELS, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "array: voxel (5, 0, 0)"), "%s", error.text);
    ck_ok(rad_scan_filter(scan, "square", settings, NULL, map, VOXELS, &error));
    ck_assert(isnan(map[5]) && map[4] == 0);
    ck_assert_int_eq(rad_scan_filter(scan, "square", NULL, NULL, map, VOXELS - 1, &error), RAD_CONFIG);
    ck_assert(strstr(error.text, "2142"));
    ck_assert_int_eq(rad_scan_filter(scan, "squar", NULL, NULL, map, VOXELS, &error), RAD_CONFIG);
    ck_assert_int_eq(rad_scan_filter(scan, "square, gradient", NULL, NULL, map, VOXELS, &error), RAD_CONFIG);
    ck_assert(strstr(error.text, "2 filters"));
    ck_assert_int_eq(rad_scan_filter(scan, "log: {sigma: [1, 2]}", NULL, NULL, map, VOXELS, &error),
                     RAD_CONFIG);
    ck_assert_int_eq(rad_scan_filter(none, "square", NULL, NULL, map, VOXELS, &error), RAD_UNREADABLE);
    looker l = {.most = 2};
    const rad_control control = {.step = look, .context = &l};
    ck_assert_int_eq(rad_scan_filter(scan, "square", settings, &control, map, VOXELS, &error), RAD_CANCELLED);
    rad_scan_free(scan);
    rad_scan_free(none);
    rad_settings_free(settings);
}
END_TEST

START_TEST(grids_and_rois) {
    rad_error error;
    rad_array grid;
    rad_roi_info rois[3] = {{.number = 99}};
    size_t count, voxels[4] = {0};
    fill();
    for (int i = 0; i < VOXELS; i++) voxels[mask_voxels[i]]++;
    const rad_array image = write_file(path_of("image.nii"), array_of(image_voxels, RAD_INT16, _i)),
                    mask = write_file(path_of("mask.nii.gz"), array_of(mask_voxels, RAD_UINT8, _i));
    for (int way = 0; way < 2; way++) {
        rad_scan *i = way ? scan_array(&image) : scan_path(path_of("image.nii")),
                 *m = way ? scan_array(&mask) : scan_path(path_of("mask.nii.gz"));
        ck_ok(rad_scan_grid(i, &grid, &error));
        ck_assert(grid.type == RAD_INT16 && !grid.voxels && !grid.lps && grid.slope == 1);
        ck_assert(!memcmp(grid.size, image.size, sizeof grid.size));
        ck_assert(!memcmp(grid.spacing, image.spacing, sizeof grid.spacing));
        ck_assert(!memcmp(grid.origin, image.origin, sizeof grid.origin));
        ck_assert(!memcmp(grid.direction, image.direction, sizeof grid.direction));
        ck_ok(rad_scan_rois(m, i, NULL, 0, &count, &error));
        ck_assert_uint_eq(count, 2);
        rois[1].voxels = 0;
        ck_ok(rad_scan_rois(m, i, rois, 1, &count, &error));
        ck_assert(count == 2 && rois[0].number == 1 && rois[0].voxels == voxels[1] && !rois[1].voxels);
        ck_ok(rad_scan_rois(m, i, rois, 3, &count, &error));
        ck_assert_str_eq(rois[1].name, "3");
        ck_assert_uint_eq(rois[1].voxels, voxels[3]);
        rad_scan_free(i);
        rad_scan_free(m);
    }
    rad_scan *none = scan_path("/no/such/image.nii");
    ck_assert_int_eq(rad_scan_grid(none, &grid, &error), RAD_UNREADABLE);
    ck_assert_int_eq(rad_scan_rois(none, none, rois, 3, &count, &error), RAD_UNREADABLE);
    ck_assert_uint_eq(count, 0);
    rad_scan_free(none);
}
END_TEST

START_TEST(information) {
    rad_error error;
    char *json;
    fill();
    const char *path = path_of("mask.nii.gz");
    write_file(path, array_of(mask_voxels, RAD_UINT8, 0));
    ck_ok(rad_path_info(path, true, false, NULL, &json, &error));
    ck_assert(strstr(json, "\"format\": \"NIfTI\"") && strstr(json, "\"label\": 3") && strstr(json, "uint8"));
    rad_text_free(json);
    ck_ok(rad_path_info(path, false, false, NULL, &json, &error));
    ck_assert(!strstr(json, "label"));
    rad_text_free(json);
    ck_assert_int_eq(rad_path_info("/no/such/file", false, false, NULL, &json, &error), RAD_UNREADABLE);
    ck_assert(!json);
}
END_TEST

static void see_compared(const rad_compared *value, void *context) {
    size_t *met = context;
    ck_assert_str_eq(value->data_set, "digital_phantom");
    if (!value->standardised) return;
    ck_assert_msg(value->met && fabs(value->value.value - value->reference) <=
                                    0.01 * fabs(value->reference) + value->tolerance,
                  "%s is %g", value->tag, value->value.value);
    (*met)++;
}

START_TEST(compliance) {
    rad_error error;
    rad_compliance counts;
    size_t met = 0;
    const rad_control control = {.context = &met};
    ck_ok(rad_check_compliance(NULL, "digital_phantom", &control, see_compared, &counts, &error));
    ck_assert(counts.met == met && met > 400 && !counts.missed && !counts.without_data);
    ck_ok(rad_check_compliance(NULL, "config_b", NULL, NULL, &counts, &error));
    ck_assert(!counts.met && !counts.missed && counts.without_data > 300);
    ck_ok(rad_check_compliance("/no/such/folder", "maps", NULL, NULL, &counts, &error));
    ck_assert_uint_eq(counts.without_data, 33);
    ck_assert_int_eq(rad_check_compliance(NULL, "config_z", NULL, NULL, &counts, &error), RAD_CONFIG);
    looker l = {.most = 1};
    const rad_control cancel = {.step = look, .context = &l};
    ck_assert_int_eq(rad_check_compliance(NULL, NULL, &cancel, NULL, &counts, &error), RAD_CANCELLED);
}
END_TEST

static const char *write_text(const char *name, const char *text) {
    const char *path = path_of(name);
    FILE *file = fopen(path, "w");
    ck_assert(file && fputs(text, file) >= 0 && !fclose(file));
    return path;
}

/* Patients of a site with two features. */
static const char *write_site(int site, int patients) {
    static char text[1 << 16];
    char name[32];
    size_t used = (size_t)snprintf(text, sizeof text, "patient,f1,f2\n");
    test_random random = {(uint64_t)site + 5};
    for (int i = 0; i < patients; i++) {
        const double a = test_uniform(&random), b = test_uniform(&random);
        used += (size_t)snprintf(text + used, sizeof text - used, "S%d-%d,%.9f,%.9f\n", site, i, a + site,
                                 100 * b);
    }
    snprintf(name, sizeof name, "site%d.csv", site);
    return write_text(name, text);
}

static void count_notes(const char *text, void *context) {
    ck_assert(*text && !strchr(text, '\n'));
    (*(int *)context)++;
}

START_TEST(sites_and_pool) {
    enum { SITES = 4 };
    rad_error error;
    char *said, keys[8][160], summaries[SITES][160];
    const char *files[SITES];
    int notes = 0;
    const rad_control control = {.threads = 2, .note = count_notes, .context = &notes};
    const char *study = write_text("study.yaml", "study: test\npatient: patient\nfeatures: [f*]\n");
    char trusted[4096] = "";
    for (int s = 0; s < SITES; s++) {
        char name[24];
        snprintf(name, sizeof name, "s%d", s);
        ck_ok(rad_signer_make(name, folder, &error));
        snprintf(keys[s], sizeof keys[s], "%s/s%d.key", folder, s);
        snprintf(summaries[s], sizeof summaries[s], "%s/s%d.radsum", folder, s);
        snprintf(name, sizeof name, "s%d.pub", s);
        char *pub = content(path_of(name));
        strncat(trusted, pub, sizeof trusted - strlen(trusted) - 1);
        free(pub);
        files[s] = summaries[s];
        const rad_site_options o = {.table = write_site(s, 60),
                                    .study = study,
                                    .key = keys[s],
                                    .output = summaries[s],
                                    .withhold = true};
        rad_site_options preview = o;
        preview.preview = true;
        ck_ok(rad_summarise_site(&preview, &control, &said, &error));
        ck_assert(strstr(said, "What would leave site") && access(summaries[s], F_OK));
        rad_text_free(said);
        looker l = {.most = 2};
        const rad_control cancel = {.step = look, .context = &l};
        ck_assert_int_eq(rad_summarise_site(&o, &cancel, &said, &error), RAD_CANCELLED);
        ck_assert(!said && access(summaries[s], F_OK));
        ck_ok(rad_summarise_site(&o, &control, &said, &error));
        ck_assert_msg(strstr(said, "release 1 of site s") && strstr(said, "60 patients"), "%s", said);
        rad_text_free(said);
        ck_ok(rad_summarise_site(&o, NULL, NULL, &error)); /* as before */
    }
    const rad_site_options few = {
        .table = write_site(9, 5), .study = study, .key = keys[0], .output = summaries[0]};
    ck_assert_int_eq(rad_summarise_site(&few, &control, &said, &error), RAD_REFUSED);
    ck_assert(!said && strstr(error.text, "refused"));

    const char *table = path_of("pooled");
    rad_pool_options p = {.study = study,
                          .summaries = files,
                          .summary_count = SITES,
                          .trusted = write_text("keys", trusted),
                          .output = table};
    looker l = {.most = 2};
    const rad_control cancel = {.step = look, .context = &l};
    ck_assert_int_eq(rad_pool_summaries(&p, &cancel, &said, &error), RAD_CANCELLED);
    ck_assert(access(table, F_OK));
    ck_ok(rad_pool_summaries(&p, &control, &said, &error));
    ck_assert_msg(strstr(said, "4 sites, 240 patients, 2 variables"), "%s", said);
    rad_text_free(said);
    ck_assert(!access(path_of("pooled/moments.csv"), R_OK) && !access(path_of("pooled/report.html"), R_OK));
    p.trusted = path_of("s1.pub");
    ck_assert_int_eq(rad_pool_summaries(&p, &control, &said, &error), RAD_UNTRUSTED);
    ck_assert(!said);
}
END_TEST

START_TEST(more_nulls) {
    rad_error error;
    char *text;
    double map[1];
    size_t count;
    rad_array grid;
    rad_compliance counts;
    rad_roi_info roi;
    const char *const none[] = {NULL};
    const rad_array image = array_of(image_voxels, RAD_INT16, 0);
    rad_scan *i = scan_array(&image);
    REFUSED(rad_scan_grid(NULL, &grid, &error));
    REFUSED(rad_scan_grid(i, NULL, &error));
    REFUSED(rad_scan_rois(NULL, i, &roi, 1, &count, &error));
    REFUSED(rad_scan_rois(i, NULL, &roi, 1, &count, &error));
    REFUSED(rad_scan_rois(i, i, NULL, 1, &count, &error));
    REFUSED(rad_scan_rois(i, i, &roi, 1, NULL, &error));
    REFUSED(rad_scan_filter(NULL, "square", NULL, NULL, map, 1, &error));
    REFUSED(rad_scan_filter(i, NULL, NULL, NULL, map, 1, &error));
    REFUSED(rad_scan_filter(i, "square", NULL, NULL, NULL, 1, &error));
    REFUSED(rad_path_info(NULL, false, false, NULL, &text, &error));
    REFUSED(rad_path_info("x", false, false, NULL, NULL, &error));
    REFUSED(rad_check_compliance(NULL, NULL, NULL, NULL, NULL, &error));
    REFUSED(rad_summarise_site(NULL, NULL, &text, &error));
    REFUSED(rad_summarise_site(&(rad_site_options){.study = "x", .key = "x"}, NULL, &text, &error));
    REFUSED(rad_summarise_site(&(rad_site_options){.table = "x", .key = "x"}, NULL, &text, &error));
    REFUSED(rad_summarise_site(&(rad_site_options){.table = "x", .study = "x"}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(NULL, NULL, &text, &error));
    REFUSED(rad_pool_summaries(&(rad_pool_options){.summaries = none, .trusted = "x"}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(&(rad_pool_options){.study = "x", .trusted = "x"}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(&(rad_pool_options){.study = "x", .summaries = none}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(
        &(rad_pool_options){.study = "x", .trusted = "x", .summaries = none, .summary_count = 1}, NULL, &text,
        &error));
    ck_assert_int_eq(rad_summarise_site(NULL, NULL, NULL, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_pool_summaries(NULL, NULL, NULL, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_path_info("/no/such/file", false, false, NULL, &text, NULL), RAD_UNREADABLE);
    ck_assert_int_eq(rad_check_compliance(NULL, "x", NULL, NULL, &counts, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_scan_filter(i, "squar", NULL, NULL, map, 1, NULL), RAD_CONFIG);
    rad_scan_free(i);
}
END_TEST

static size_t address_space(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert(file && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A block that was released is kept, and goes when nothing may be kept. */
START_TEST(memory_goes_back) {
    enum { MANY = 64 << 20, MOST = 60 << 20 };
    rad_error error;
    const size_t before = address_space();
    rad_free(rad_new_raw(MANY, 1, &error));
    const size_t kept = address_space();
#if defined(__SANITIZE_ADDRESS__)
    return; /* it keeps what it likes */
#endif
    ck_assert(kept > before + MOST);
    rad_memory_keep(0);
    ck_assert(address_space() < kept - MOST);
    rad_free(rad_new_raw(MANY, 1, &error));
    ck_assert(address_space() < kept - MOST);
    rad_memory_keep(MANY);
    rad_free(rad_new_raw(MANY, 1, &error));
    ck_assert(address_space() > before + MOST);
}
END_TEST

static size_t count_threads(void) {
    size_t threads = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks && readdir(tasks)) threads++;
    if (tasks) closedir(tasks);
    return threads > 2 ? threads - 2 : 0; /* . and .. */
}

/* A process that was forked has a team of its own. */
START_TEST(forked) {
    rad_settings *settings = parse(all_kinds);
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 1), mask = array_of(mask_voxels, RAD_UINT8, 1);
    char *expected = csv_of(settings, scan_array(&image), scan_array(&mask), 4);
    ck_assert_uint_eq(count_threads(), 4);
    const pid_t child = fork();
    if (!child) {
        const bool alone = count_threads() == 1;
        char *got = csv_of(settings, scan_array(&image), scan_array(&mask), 3);
        _exit(!alone || strcmp(expected, got) != 0 || count_threads() != 3);
    }
    int how = -1;
    ck_assert(waitpid(child, &how, 0) == child && how == 0);
    char *again = csv_of(settings, scan_array(&image), scan_array(&mask), 4);
    ck_assert_str_eq(expected, again);
    free(expected);
    free(again);
    rad_settings_free(settings);
}
END_TEST

/* Whoever calls may write one half as 0,5: texts and tables of the library do not. */
START_TEST(comma) {
    static const char yaml[] = "families: [stat]\ndiscretisation: fbs0.5\ninterpolation: {spacing: 1.25}\n"
                               "images: [log: {sigma: 1.5}]\n";
    static const char numeric[] =
        "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3\nEND LC_NUMERIC\n";
    char command[400];
    write_text("comma", numeric);
    snprintf(command, sizeof command,
             "localedef --no-archive -c -i %s/comma -f ANSI_X3.4-1968 %s/comma_XX >/dev/null 2>&1", folder,
             folder);
    if (system(command) > 256 || setenv("LOCPATH", folder, 1)) return; /* no localedef here */
    rad_settings *settings = parse(yaml);
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    char *expected = csv_of(settings, scan_array(&image), scan_array(&mask), 1), text[24];
    rad_settings_free(settings);
    if (!setlocale(LC_NUMERIC, "comma_XX")) {
        free(expected);
        return;
    }
    snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
    settings = parse(yaml);
    check_value(settings, "interpolation.spacing", "[1.25, 1.25, 1.25]");
    char *got = csv_of(settings, scan_array(&image), scan_array(&mask), 4);
    ck_assert_str_eq(expected, got);
    snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
    free(expected);
    free(got);
    rad_settings_free(settings);
}
END_TEST

/* One of eight: everything that a thread may do, again and again, and what one thread alone got. */
typedef struct worker {
    const rad_settings *shared; /* by all threads */
    const rad_scan *image, *mask;
    const char *csv, *settings;
    const double *map;
    int number;
    bool same;
} worker;

static const char eight_kinds[] = "families: [morph, stat, cm, szm, ngt]\n"
                                  "filter_families: [stat]\n"
                                  "interpolation: {spacing: 2}\n"
                                  "images: [laws: {kernels: L5E5S5}, simoncelli: {level: 1}]\n";

static void *work(void *context) {
    worker *w = context;
    rad_error error;
    char path[160];
    double *map = calloc(VOXELS, sizeof *map);
    w->same = map != NULL;
    snprintf(path, sizeof path, "%s/thread%d.csv", folder, w->number);
    for (int turn = 0; turn < 2 && w->same; turn++) {
        rad_settings *own = NULL;
        rad_features *table = NULL;
        char *text = NULL, *csv = NULL;
        const rad_control control = {.threads = 1 + (w->number + turn) % 3};
        const rad_selection one = {.case_name = "one"};
        w->same =
            rad_settings_new("ibsi2-5a", &own, &error) == RAD_OK &&
            rad_settings_set(own, "discretisation", "fbs10", &error) == RAD_OK &&
            rad_settings_text(own, &text, &error) == RAD_OK && !strcmp(text, w->settings) &&
            rad_scan_filter(w->image, "log: {sigma: 2}", NULL, &control, map, VOXELS, &error) == RAD_OK &&
            !memcmp(map, w->map, VOXELS * sizeof *map) &&
            rad_extract(w->shared, w->image, w->mask, &one, &control, &table, &error) == RAD_OK &&
            rad_features_write(table, path, &error) == RAD_OK && (csv = content(path)) &&
            !strcmp(csv, w->csv) && rad_settings_set(own, "discretisation", "fbx10", &error) == RAD_CONFIG &&
            strstr(error.text, "fbs<bin width>");
        rad_memory_keep(w->number % 2 ? 0 : (size_t)1 << 30);
        rad_text_free(text);
        free(csv);
        rad_features_free(table);
        rad_settings_free(own);
    }
    free(map);
    return NULL;
}

START_TEST(eight_threads) {
    enum { THREADS = 8 };
    rad_error error;
    rad_settings *shared = parse(eight_kinds), *own;
    char *text;
    worker workers[THREADS];
    pthread_t threads[THREADS];
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 1), mask = array_of(mask_voxels, RAD_UINT8, 1);
    ck_ok(rad_settings_new("ibsi2-5a", &own, &error));
    ck_ok(rad_settings_set(own, "discretisation", "fbs10", &error));
    ck_ok(rad_settings_text(own, &text, &error));
    char *csv = csv_of(shared, scan_array(&image), scan_array(&mask), 1);
    double *map = map_of(&image, "log: {sigma: 2}", NULL, 1);
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    for (int t = 0; t < THREADS; t++) {
        workers[t] = (worker){shared, i, m, csv, text, map, t, false};
        ck_assert(!pthread_create(&threads[t], NULL, work, &workers[t]));
    }
    for (int t = 0; t < THREADS; t++) {
        ck_assert(!pthread_join(threads[t], NULL));
        ck_assert_msg(workers[t].same, "thread %d", t);
    }
    rad_scan_free(i);
    rad_scan_free(m);
    rad_text_free(text);
    rad_settings_free(own);
    rad_settings_free(shared);
    free(csv);
    free(map);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("radiomill");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_unchecked_fixture(all, make_folder, remove_folder);
    tcase_add_loop_test(all, memory_equals_files, 0, DIRECTIONS);
    tcase_add_test(all, itk_coordinates);
    tcase_add_test(all, types);
    tcase_add_test(all, rows_and_columns);
    tcase_add_test(all, partial);
    tcase_add_test(all, cancelled);
    tcase_add_test(all, settings_by_key);
    tcase_add_loop_test(all, settings_round, 0, 4);
    tcase_add_test(all, wrong_settings);
    tcase_add_test(all, wrong_arrays);
    tcase_add_test(all, nulls);
    tcase_add_test(all, odds);
    tcase_add_loop_test(all, filters, 0, DIRECTIONS);
    tcase_add_test(all, filter_refusals);
    tcase_add_loop_test(all, grids_and_rois, 0, DIRECTIONS);
    tcase_add_test(all, information);
    tcase_add_test(all, compliance);
    tcase_add_test(all, sites_and_pool);
    tcase_add_test(all, more_nulls);
    tcase_add_test(all, comma);
    tcase_add_test(all, memory_goes_back);
    tcase_add_test(all, forked);
    TCase *threads = tcase_create("threads");
    tcase_set_timeout(threads, 600);
    tcase_add_unchecked_fixture(threads, make_folder, remove_folder);
    tcase_add_test(threads, eight_threads);
    suite_add_tcase(suite, threads);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
