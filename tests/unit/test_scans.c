/* The public header: maps of filters, grids, ROIs, what a file is, compliance. */
#include "scans.h"

#include <stdlib.h>
#include <string.h>

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

int main(void) {
    Suite *suite = suite_create("scans");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_unchecked_fixture(all, make_folder, remove_folder);
    tcase_add_loop_test(all, filters, 0, DIRECTIONS);
    tcase_add_test(all, filter_refusals);
    tcase_add_loop_test(all, grids_and_rois, 0, DIRECTIONS);
    tcase_add_test(all, information);
    tcase_add_test(all, compliance);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
