/* Masks in memory: their labels, and another grid. */
#include "testing.h"

#include "../../core/mask.h"
#include "../../core/memory.h"
#include "../../core/order.h"

#include <string.h>

static rad_mask mask_of(rad_type type, void *voxels, const size_t size[3]) {
    rad_mask mask = {
        .volume = {.type = type,
                   .slope = 1,
                   .voxels = voxels,
                   .geometry = {.spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}}};
    memcpy(mask.volume.geometry.size, size, sizeof mask.volume.geometry.size);
    return mask;
}

/* Labels, counts and boxes against plain loops; negative, small and large labels. */
START_TEST(labels_are_found) {
    static const int32_t values[] = {-7, 1, 3, 255, 65535, 65536, 2000000000};
    enum { KINDS = 7, COUNT = 11 * 7 * 5 };
    int32_t *voxels = rad_new(COUNT, sizeof *voxels, NULL);
    ck_assert(voxels != NULL);
    test_random random = {9};
    rad_error error = {0};
    for (size_t i = 0; i < COUNT; i++)
        if (test_uniform(&random) < 0.2) voxels[i] = values[test_below(&random, KINDS)];
    rad_mask mask = mask_of(RAD_INT32, voxels, (size_t[]){11, 7, 5});
    ck_ok(rad_mask_index(&mask, "m", &error));
    ck_assert_uint_eq(mask.label_count, KINDS);
    for (size_t k = 0; k < KINDS; k++) {
        const rad_label *l = &mask.labels[k];
        rad_box box = {{99, 99, 99}, {0, 0, 0}};
        size_t count = 0;
        for (size_t i = 0; i < COUNT; i++) {
            if (voxels[i] != values[k]) continue;
            const size_t at[3] = {i % 11, i / 11 % 7, i / 77};
            count++;
            for (int a = 0; a < 3; a++) {
                if (at[a] < box.begin[a]) box.begin[a] = at[a];
                if (at[a] + 1 > box.end[a]) box.end[a] = at[a] + 1;
            }
        }
        ck_assert(l->value == values[k] && l->voxels == count && !memcmp(&l->box, &box, sizeof box));
        uint8_t inside[COUNT];
        rad_mask_crop(&mask, values[k], &box, inside);
        size_t found = 0;
        for (size_t i = 0; i < rad_box_count(&box); i++) found += inside[i];
        ck_assert_uint_eq(found, count);
    }
    ck_assert(rad_mask_find(&mask, 3) == &mask.labels[2] && !rad_mask_find(&mask, 4));
    rad_mask_free(&mask);
    rad_mask_free(&mask);
}
END_TEST

/* Few voxels, slices and rows without one between them, in each of the 48 orders: every voxel is where its
 * place says, by labels. */
START_TEST(masks_are_turned) {
    enum { X = 7, Y = 6, Z = 9, COUNT = X * Y * Z };
    static const int axes[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    test_random random = {(uint64_t)_i + 3};
    rad_error error = {0};
    for (int round = 0; round < 40; round++) {
        int32_t *voxels = rad_new(COUNT, sizeof *voxels, NULL), kept[COUNT];
        ck_assert(voxels != NULL);
        for (size_t left = 1 + test_below(&random, 12); left > 0; left--)
            voxels[test_below(&random, COUNT)] = 1 + (int32_t)test_below(&random, 3);
        memcpy(kept, voxels, sizeof kept);
        rad_mask mask = mask_of(RAD_INT32, voxels, (size_t[]){X, Y, Z});
        rad_geometry stored = mask.volume.geometry;
        memset(stored.direction, 0, sizeof stored.direction);
        for (int a = 0; a < 3; a++) stored.direction[3 * axes[_i / 8][a] + a] = _i >> a & 1 ? -1 : 1;
        mask.volume.geometry = stored;
        ck_ok(rad_mask_index(&mask, "m", &error));
        ck_ok(rad_mask_turn(&mask, &error));
        const rad_order order = rad_order_find(&stored);
        const rad_geometry *grid = &mask.volume.geometry;
        const rad_box all = rad_geometry_box(grid);
        uint8_t inside[3][COUNT];
        for (int l = 0; l < 3; l++) rad_mask_crop(&mask, l + 1, &all, inside[l]);
        for (size_t i = 0; i < COUNT; i++) {
            const size_t at[3] = {i % grid->size[0], i / grid->size[0] % grid->size[1],
                                  i / grid->size[0] / grid->size[1]};
            size_t from[3] = {at[0], at[1], at[2]};
            if (order.turned) rad_order_index(&order, grid, at, from);
            for (int l = 0; l < 3; l++)
                ck_assert_int_eq(inside[l][i], kept[from[0] + X * (from[1] + Y * from[2])] == l + 1);
        }
        rad_mask_free(&mask);
    }
}
END_TEST

/* Runs of every length in rows of several words, against a look at every voxel; labels that differ in their
 * last byte only, of every width. */
START_TEST(runs_end_where_values_change) {
    enum { WIDTH = 75, ROWS = 40, COUNT = WIDTH * ROWS };
    static const rad_type types[] = {RAD_UINT8, RAD_INT16, RAD_UINT32, RAD_INT64, RAD_FLOAT32, RAD_FLOAT64};
    const rad_type type = types[_i];
    const int step = type == RAD_INT16 ? 256 : type == RAD_UINT32 ? 1 << 24 : 1;
    rad_error error = {0};
    int values[COUNT];
    void *voxels = rad_new(COUNT, rad_type_size(type), &error);
    ck_assert(voxels != NULL);
    for (int i = 0; i < COUNT; i++) { /* row y has runs of y + 1 voxels */
        values[i] = i % WIDTH / (i / WIDTH + 1) % 3 * step;
        if (type == RAD_UINT8) ((uint8_t *)voxels)[i] = (uint8_t)values[i];
        if (type == RAD_INT16) ((int16_t *)voxels)[i] = (int16_t)values[i];
        if (type == RAD_UINT32) ((uint32_t *)voxels)[i] = (uint32_t)values[i];
        if (type == RAD_INT64) ((int64_t *)voxels)[i] = values[i];
        if (type == RAD_FLOAT32) ((float *)voxels)[i] = values[i] ? (float)values[i] : -0.0F;
        if (type == RAD_FLOAT64) ((double *)voxels)[i] = values[i];
    }
    rad_mask mask = mask_of(type, voxels, (size_t[]){WIDTH, ROWS, 1});
    ck_ok(rad_mask_index(&mask, "m", &error));
    size_t run = 0;
    for (uint32_t y = 0; y < ROWS; y++) {
        const int *row = values + y * (size_t)WIDTH;
        for (uint32_t x = 0, end; x < WIDTH; x = end) {
            for (end = x + 1; end < WIDTH && row[end] == row[x]; end++) {
            }
            if (!row[x]) continue;
            const rad_run *found = &mask.runs[run++];
            ck_assert(found->begin == x && found->end == end && found->label == row[x]);
        }
        ck_assert_uint_eq(mask.row_begin[y + 1], run);
    }
    rad_mask_free(&mask);
}
END_TEST

START_TEST(masks_are_whole_numbers) {
    rad_error error = {0};
    double *voxels = rad_new(8, sizeof *voxels, NULL);
    ck_assert(voxels != NULL);
    voxels[5] = 2;
    rad_mask mask = mask_of(RAD_FLOAT64, voxels, (size_t[]){2, 2, 2});
    ck_ok(rad_mask_index(&mask, "m.nii", &error));
    ck_assert(mask.label_count == 1 && mask.labels[0].value == 2);
    static const double bad[] = {0.5, 1.0011, INFINITY, 1e300};
    for (int i = 0; i < 4; i++) {
        voxels[6] = bad[i];
        ck_assert_int_eq(rad_mask_index(&mask, "m.nii", &error), RAD_UNREADABLE);
        ck_assert(strstr(error.text, "m.nii") && strstr(error.text, "(0, 1, 1)"));
    }
    ck_assert(strstr(error.text, "1e+300") != NULL);
    rad_mask_free(&mask);
}
END_TEST

/* What rescaling leaves of a whole number is that number; NaN is background, and counted. */
START_TEST(masks_are_nearly_whole) {
    rad_error error = {0};
    rad_warnings warnings = {0};
    double *voxels = rad_new(8, sizeof *voxels, NULL);
    ck_assert(voxels != NULL);
    const double row[8] = {1.00000006, 0.9991, 1.0009, -0.0009, NAN, 2, NAN, 0.0009};
    for (int i = 0; i < 8; i++) voxels[i] = row[i];
    rad_mask mask = mask_of(RAD_FLOAT64, voxels, (size_t[]){4, 2, 1});
    ck_ok(rad_mask_index(&mask, "m.nii", &error));
    ck_assert(mask.label_count == 2 && mask.labels[0].value == 1 && mask.labels[0].voxels == 3);
    ck_assert(mask.run_count == 2 && mask.labels[1].value == 2 && mask.nan_voxels == 2);
    rad_mask_warn(&mask, "m.nii", &warnings);
    ck_assert(warnings.count == 1 && strstr(warnings.text[0], "2 voxels of the mask are NaN"));
    ck_ok(rad_mask_index(&mask, "m.nii", &error));
    ck_assert_uint_eq(mask.nan_voxels, 2);
    voxels[6] = 1.4999;
    ck_assert_int_eq(rad_mask_index(&mask, "m.nii", &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "is 1.4999; labels are whole numbers to within 0.001"), "%s",
                  error.text);
    rad_mask_free(&mask);
}
END_TEST

/* Fractions are 1 from the part on that is asked for, however little that is; labels beside them are refused.
 */
START_TEST(fractions_count_from_a_part_on) {
    static const struct {
        double least;
        const char *inside;
    } rows[] = {{0.5, "00000111"}, {0.0005, "00111111"}, {1e-6, "01111111"},
                {1, "00000011"},   {0.001, "00011111"},  {0.0006, "00011111"}};
    const double fractions[] = {0, 1e-6, 0.0005, 0.001, 0.4999, 0.5, 0.9995, 1};
    rad_error error = {0};
    rad_warnings warnings = {0};
    double *voxels = rad_new(8, sizeof *voxels, NULL);
    ck_assert(voxels != NULL);
    memcpy(voxels, fractions, sizeof fractions);
    rad_mask mask = mask_of(RAD_FLOAT64, voxels, (size_t[]){8, 1, 1});
    ck_assert_int_eq(rad_mask_index(&mask, "m", &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "needs --fractions"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t inside[8];
        mask.least = rows[i].least;
        ck_ok(rad_mask_index(&mask, "m", &error));
        rad_mask_crop(&mask, 1, &(rad_box){{0, 0, 0}, {8, 1, 1}}, inside);
        for (int v = 0; v < 8; v++)
            ck_assert_msg(inside[v] == (rows[i].inside[v] == '1'), "from %g on: %g is %d", rows[i].least,
                          fractions[v], inside[v]);
        ck_assert(mask.label_count == 1 && mask.partial);
        ck_ok(rad_mask_check(&mask, "m", &error));
    }
    rad_mask_warn(&mask, "m", &warnings);
    ck_assert(warnings.count == 1 && strstr(warnings.text[0], "of at least 0.0006 are the ROI"));
    voxels[7] = 2;
    ck_ok(rad_mask_index(&mask, "m", &error));
    ck_assert_int_eq(rad_mask_check(&mask, "m", &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "fractions between 0 and 1, and the label 2"));
    voxels[4] = -0.4;
    ck_assert_int_eq(rad_mask_index(&mask, "m", &error), RAD_UNREADABLE);
    rad_mask_free(&mask);
}
END_TEST

/* Onto a grid that is flipped, shifted and turned by 90 degrees. */
START_TEST(masks_move_to_another_grid) {
    rad_error error = {0};
    uint8_t *voxels = rad_new(60, 1, NULL);
    ck_assert(voxels != NULL);
    for (uint8_t i = 0; i < 60; i++) voxels[i] = i;
    rad_mask mask = mask_of(RAD_UINT8, voxels, (size_t[]){5, 4, 3});
    /* new x runs along old -y from y = 4 (outside), new y along old x */
    const rad_geometry grid = {.size = {6, 5, 3},
                               .spacing = {1, 1, 1},
                               .origin = {0, 4, 0.2},
                               .direction = {0, 1, 0, -1, 0, 0, 0, 0, 1}};
    ck_ok(rad_mask_index(&mask, "m", &error));
    ck_ok(rad_mask_resample(&mask, &grid, "m", &error));
    for (size_t z = 0; z < 3; z++)
        for (size_t y = 0; y < 5; y++)
            for (size_t x = 0; x < 6; x++) {
                const size_t old_x = y, old_y = 4 - x; /* wraps where it is outside */
                const int64_t expected = old_y < 4 ? (int64_t)((z * 4 + old_y) * 5 + old_x) : 0;
                for (int64_t label = 1; label < 60; label++) {
                    uint8_t there;
                    rad_mask_crop(&mask, label, &(rad_box){{x, y, z}, {x + 1, y + 1, z + 1}}, &there);
                    ck_assert_int_eq(there, label == expected);
                }
            }
    rad_mask_free(&mask);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mask");
    TCase *tests = tcase_create("mask");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, labels_are_found);
    tcase_add_loop_test(tests, masks_are_turned, 0, 48);
    tcase_add_loop_test(tests, runs_end_where_values_change, 0, 6);
    tcase_add_test(tests, masks_are_whole_numbers);
    tcase_add_test(tests, masks_are_nearly_whole);
    tcase_add_test(tests, fractions_count_from_a_part_on);
    tcase_add_test(tests, masks_move_to_another_grid);
    return test_run(suite);
}
