/* Response maps in extraction: what filters see, what they share, and what never changes a byte. */
#include "testing.h"

#include "../../core/interpolate.h"
#include "../../core/memory.h"
#include "../../pipeline/extract.h"
#include "../../pipeline/response.h"
#include "../../pipeline/settings_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct scene {
    rad_volume image;
    rad_mask mask;
    rad_settings settings;
    rad_extract_options options;
    rad_warnings notes;
} scene;

static void take_note(const char *text, void *context) {
    rad_warn(context, "%s", text);
}

/* Float noise on 40 x 34 x 22 voxels: label 1 in the middle, 2 in a corner, 7 one voxel far away. */
static void make_scene(scene *s, const char *settings) {
    rad_error error = {0};
    test_random random = {5};
    memset(s, 0, sizeof *s);
    s->image = (rad_volume){
        .type = RAD_FLOAT32,
        .slope = 1,
        .geometry = {.size = {40, 34, 22}, .spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
    s->mask.volume = s->image;
    s->mask.volume.type = RAD_UINT8;
    const size_t count = rad_geometry_count(&s->image.geometry);
    float *x = s->image.voxels = rad_new(count, sizeof *x, &error);
    uint8_t *m = s->mask.volume.voxels = rad_new(count, 1, &error);
    ck_assert(x && m);
    for (size_t i = 0; i < count; i++) {
        const size_t at[3] = {i % 40, i / 40 % 34, i / 40 / 34};
        x[i] = (float)(100 * sin((double)at[0] / 3) * cos((double)(at[1] + at[2]) / 4) +
                       40 * test_uniform(&random));
        if (at[0] >= 15 && at[0] < 24 && at[1] >= 13 && at[1] < 21 && at[2] >= 8 && at[2] < 14) m[i] = 1;
        if (at[0] < 5 && at[1] < 4 && at[2] < 3) m[i] = 2;
    }
    m[count - 1] = 7;
    ck_ok(rad_mask_index(&s->mask, "mask", &error));
    ck_assert_msg(rad_settings_file_parse(settings, strlen(settings), "s", &s->settings, &error) == RAD_OK,
                  "%s", error.text);
    s->options = (rad_extract_options){
        .case_name = "case", .mask_path = "mask", .threads = 2, .note = take_note, .note_context = &s->notes};
}

static void release(scene *s) {
    rad_volume_free(&s->image);
    rad_mask_free(&s->mask);
    rad_settings_clear(&s->settings);
}

static rad_table extract(scene *s) {
    rad_table table = {0};
    rad_error error = {0};
    s->notes.count = 0;
    ck_ok(rad_extract_volume(&s->image, &s->mask, &s->settings, &s->options, &table, &error));
    return table;
}

static void expect_same_rows(const rad_table *a, size_t row_a, const rad_table *b, size_t row_b) {
    ck_assert_uint_eq(a->column_count, b->column_count);
    for (size_t i = 0; i < a->column_count; i++) {
        const rad_value *x = &a->rows[row_a].values[i], *y = &b->rows[row_b].values[i];
        ck_assert_msg(x->reason == y->reason && (x->reason || !memcmp(&x->value, &y->value, sizeof x->value)),
                      "%s: %.17g and %.17g", a->columns[i].name, x->value, y->value);
    }
}

static const char many[] =
    "interpolation: {spacing: [0.9, 0.9, 0.9], method: cubic}\n"
    "filter_families: [stat, cm]\n"
    "images: [mean: {boundary: [zero, periodic]}, log: {sigma: [1, 2]}, "
    "laws: {kernels: L5E5S5, rotations: yes, delta: 2}, wavelet: {subband: [LLH, HHH], "
    "wavelet: coif1, level: 2}, gabor: {sigma: 2, orthogonal: yes}, simoncelli: {level: [1, 2]}, "
    "log: {riesz: [1, 0, 0]}, gradient, square, lbp]\n";

/* The table's bytes do not depend on threads, nor on which other labels are asked for. */
START_TEST(threads_and_labels_change_nothing) {
    static scene s;
    make_scene(&s, many);
    rad_table two = extract(&s);
    ck_assert_uint_eq(two.row_count, 3);
    for (int threads = 1; threads <= 8; threads = threads == 1 ? 3 : threads + 5) {
        s.options.threads = threads;
        rad_table other = extract(&s);
        for (size_t r = 0; r < 3; r++) expect_same_rows(&two, r, &other, r);
        rad_table_free(&other);
    }
    for (size_t r = 0; r < 3; r++) {
        s.options.choice = (rad_choice){&(const char *const[]){"1", "2", "7"}[r], 1};
        rad_table alone = extract(&s);
        expect_same_rows(&two, r, &alone, 0);
        rad_table_free(&alone);
    }
    rad_table_free(&two);
    release(&s);
}
END_TEST

/* A box that a filter of finite support sees gives the bytes of the whole image, at its borders too. */
START_TEST(boxes_equal_the_whole) {
    static scene s;
    make_scene(&s, many);
    rad_error error = {0};
    rad_geometry grid;
    rad_field whole, part;
    size_t boxes = 0;
    ck_ok(rad_interpolation_grid(&s.image.geometry, s.settings.sampling.spacing, &grid, &error));
    const rad_box all = rad_geometry_box(&grid);
    ck_ok(rad_response_field(&s.image, &s.settings.sampling, &all, "image", 2, &whole, &error));
    for (size_t i = 0; i < s.settings.image_count; i++)
        for (size_t l = 0; l < s.mask.label_count; l++) {
            const rad_image *image = &s.settings.images[i];
            const rad_box roi = rad_interpolation_box(&s.image.geometry, &grid, &s.mask.labels[l].box);
            rad_box box;
            rad_visible visible;
            ck_ok(rad_response_box(&grid, &roi, image, &s.settings, &box, &visible, &error));
            ck_assert_int_ne(visible, RAD_SEES_CUT);
            if (visible == RAD_SEES_ALL) continue;
            boxes++;
            ck_ok(rad_response_field(&s.image, &s.settings.sampling, &box, "image", 2, &part, &error));
            double *a = rad_new(rad_field_count(&whole), sizeof *a, &error),
                   *b = rad_new(rad_field_count(&part), sizeof *b, &error);
            ck_assert(a && b);
            ck_ok(rad_filter_run(&whole, &image->options, 2, a, &error));
            ck_ok(rad_filter_run(&part, &image->options, 2, b, &error));
            for (size_t z = roi.begin[2]; z < roi.end[2]; z++)
                for (size_t y = roi.begin[1]; y < roi.end[1]; y++)
                    for (size_t x = roi.begin[0]; x < roi.end[0]; x++) {
                        const double
                            p = a[(z * grid.size[1] + y) * grid.size[0] + x],
                            q = b[((z - box.begin[2]) * part.size[1] + y - box.begin[1]) * part.size[0] + x -
                                  box.begin[0]];
                        ck_assert_msg(!memcmp(&p, &q, sizeof p), "%s: %.17g and %.17g", image->name, p, q);
                    }
            rad_free(a);
            rad_free(b);
            rad_free(part.data);
        }
    ck_assert_uint_gt(boxes, 20);
    rad_free(whole.data);
    release(&s);
}
END_TEST

/* The columns of an image are those of the features of its whole response map. */
START_TEST(features_are_those_of_the_map) {
    static scene s, t;
    make_scene(&s, "filter_families: [stat, cm, ivh]\nfamilies: []\nimages: [log: {name: m}]\n");
    make_scene(&t, "families: [stat, cm, ivh]\nivh: fbn1000\n");
    rad_error error = {0};
    rad_volume map;
    ck_ok(rad_response_make(&s.image, "image", &s.settings.images[0].options, NAN, 2, &map, &error));
    rad_volume_free(&t.image);
    t.image = map;
    rad_table a = extract(&s), b = extract(&t);
    ck_assert(!strncmp(a.columns[0].name, "m_stat_", 7) && !strncmp(b.columns[0].name, "original_stat_", 14));
    for (size_t r = 0; r < 3; r++) expect_same_rows(&a, r, &b, r);
    rad_table_free(&a);
    rad_table_free(&b);
    release(&s);
    release(&t);
}
END_TEST

/* The log says what filters see; a cut box does not depend on other labels. */
START_TEST(margins_are_kept_and_said) {
    static scene s;
    make_scene(&s, "families: []\nfilter_families: stat\nimages: [simoncelli, log: {sigma: 1}, square]\n");
    s.options.choice = (rad_choice){(const char *const[]){"1"}, 1};
    rad_table whole = extract(&s);
    ck_assert_uint_eq(s.notes.count, 3);
    ck_assert_str_eq(s.notes.text[0],
                     "simoncelli_level1 sees the whole image: 40 x 34 x 22 voxels for 1 ROI");
    ck_assert_str_eq(
        s.notes.text[1],
        "log1mm sees a box that gives what the whole image would: 17 x 16 x 14 voxels for 1 ROI");
    ck_assert_str_eq(s.notes.text[2],
                     "square sees a box that gives what the whole image would: 9 x 8 x 6 voxels for 1 ROI");
    s.settings.filter_margin = 5;
    rad_table cut = extract(&s);
    ck_assert_str_eq(s.notes.text[0],
                     "simoncelli_level1 sees a box cut at filter_margin_mm: 19 x 18 x 16 voxels for 1 ROI");
    const size_t half = whole.column_count / 3;
    ck_assert(whole.rows[0].values[0].value != cut.rows[0].values[0].value);
    for (size_t i = half; i < whole.column_count; i++) /* finite supports of at most 5 mm do not change */
        ck_assert(!memcmp(&whole.rows[0].values[i].value, &cut.rows[0].values[i].value, sizeof(double)));
    s.options.choice.count = 0;
    rad_table all = extract(&s);
    expect_same_rows(&cut, 0, &all, 0);
    rad_table_free(&whole);
    rad_table_free(&cut);
    rad_table_free(&all);
    release(&s);
}
END_TEST

/* NaN outside of the ROI: refused with the voxel named, or replaced for filters; never in the original. */
START_TEST(nan_is_refused_or_confined) {
    static scene s;
    make_scene(&s, "families: [stat]\nfilter_families: stat\nimages: [simoncelli]\n");
    rad_table plain = extract(&s), table = {0};
    rad_error error = {0};
    float *x = s.image.voxels;
    x[(2 * 34 + 30) * 40 + 7] = NAN;
    x[(2 * 34 + 30) * 40 + 8] = INFINITY;
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "voxel (7, 30, 2) is") && strstr(error.text, "--nan"), "%s", error.text);
    rad_table_free(&table);
    s.settings.sampling.instead_of_nan = 0;
    rad_table confined = extract(&s);
    for (size_t i = 0; i < plain.column_count / 2; i++)
        ck_assert(!memcmp(&plain.rows[0].values[i].value, &confined.rows[0].values[i].value, sizeof(double)));
    for (size_t i = 0; i < plain.column_count; i++) ck_assert(!confined.rows[0].values[i].reason);
    rad_image image;
    rad_volume map;
    ck_ok(rad_image_begin(&image, "simoncelli", &error));
    ck_ok(rad_response_make(&s.image, "image", &image.options, 0, 2, &map, &error));
    size_t bad = 0;
    for (size_t i = 0; i < 40 * 34 * 22; i++) bad += isnan(((double *)map.voxels)[i]) ? 1 : 0;
    ck_assert_uint_eq(bad, 2);
    rad_volume_free(&map);
    rad_table_free(&plain);
    rad_table_free(&confined);
    release(&s);
}
END_TEST

/* Options that do not fit the grid fail before anything is computed; a failing label leaves the others. */
START_TEST(failures_are_said) {
    static scene s;
    make_scene(
        &s,
        "families: []\nfilter_families: stat\nimages: [simoncelli]\ninterpolation: {spacing: [1, 1, 2]}\n");
    rad_table table = {0};
    rad_error error = {0};
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "equal sides"), "%s", error.text);
    rad_table_free(&table);
    release(&s);
}
END_TEST

/* A map is made while the one before is measured: what fails there is said first, whatever the threads. */
START_TEST(the_first_failure_stays) {
    static scene s;
    make_scene(&s, "families: []\nfilter_families: cm\nfilter_discretisation: fbs0.0000000001\n"
                   "images: [square, log: {sigma: 1}, mean]\n");
    for (int threads = 1; threads <= 3; threads++) {
        rad_table table = {0};
        rad_error error = {0};
        s.options.threads = threads;
        ck_assert_int_ne(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                         RAD_OK);
        ck_assert_uint_eq(table.row_count, 3);
        for (size_t r = 0; r < 2; r++) { /* label 7, of one voxel, has one level */
            ck_assert_msg(strstr(table.rows[r].text, "square"), "%s", table.rows[r].text);
            for (size_t i = 0; i < table.column_count; i++)
                ck_assert_int_eq(table.rows[r].values[i].reason, RAD_NOT_COMPUTED);
        }
        ck_assert_int_eq(table.rows[2].status, RAD_OK);
        rad_table_free(&table);
    }
    release(&s);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("images");
    TCase *tests = tcase_create("images");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, threads_and_labels_change_nothing);
    tcase_add_test(tests, boxes_equal_the_whole);
    tcase_add_test(tests, features_are_those_of_the_map);
    tcase_add_test(tests, margins_are_kept_and_said);
    tcase_add_test(tests, nan_is_refused_or_confined);
    tcase_add_test(tests, failures_are_said);
    tcase_add_test(tests, the_first_failure_stays);
    return test_run(suite);
}
