/* The public header: features of scans in memory and in files, and settings. */
#include "scans.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    bool border = false;
    for (size_t w = 0; rad_features_warning(table, w); w++)
        border = border || strstr(rad_features_warning(table, w), "it touches the border of the image");
    ck_assert(border);

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

/* A table without rows has the columns of one with rows, and the same bytes once they are there. */
START_TEST(columns_before_rows) {
    rad_error error;
    rad_features *table = NULL, *usual = NULL;
    rad_settings *s = parse(all_kinds);
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    rad_column_info column, expected;
    rad_row_info row;
    ck_ok(rad_extract(s, i, m, NULL, NULL, &usual, &error));
    ck_ok(rad_features_new(s, &table, &error));
    ck_assert(!rad_features_row(table, 0, &row));
    size_t columns = 0;
    for (; rad_features_column(usual, columns, &expected); columns++) {
        ck_assert(rad_features_column(table, columns, &column));
        ck_assert_str_eq(column.name, expected.name);
    }
    ck_assert(columns > 100 && !rad_features_column(table, columns, &column));
    ck_ok(rad_extract(s, i, m, NULL, NULL, &table, &error));
    ck_ok(rad_features_write(usual, path_of("usual.json"), &error));
    ck_ok(rad_features_write(table, path_of("table.json"), &error));
    char *a = content(path_of("usual.json")), *b = content(path_of("table.json"));
    ck_assert_str_eq(a, b);
    free(a);
    free(b);
    rad_features_free(table);
    ck_assert_int_eq(rad_features_new(NULL, &table, &error), RAD_CONFIG);
    ck_assert(!table);
    rad_features_free(usual);
    rad_scan_free(i);
    rad_scan_free(m);
    rad_settings_free(s);
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
    tcase_add_test(all, columns_before_rows);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
