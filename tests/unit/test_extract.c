/* The whole way from image and mask to the table: reference values, invariants, threads, labels, failures. */
#include "testing.h"

#include "../../core/memory.h"

#include "../../features/families.h"
#include "../../pipeline/extract.h"
#include "../../pipeline/validate/validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every standardised value and every diagnostic of one data set; of the CT phantom from NIfTI, then from
 * DICOM. */
START_TEST(reference_values) {
    const int set = _i % RAD_DATA_SETS;
    char folder[1024];
    static const size_t expected[RAD_DATA_SETS] = {482, 346, 346, 210, 210, 210, 18, 18, 18, 18, 18, 18,
                                                   18,  18,  18,  18,  18,  18,  18, 18, 18, 17, 18, 18};
    const char *data = getenv("RADIOMILL_DATA");
    rad_reference_table reference;
    rad_validation v;
    rad_error error = {0};
    ck_ok(rad_reference_read(&reference, &error));
    snprintf(folder, sizeof folder, "%.900s%s", data ? data : "../shared/data",
             set == _i ? "" : "/ibsi1/ct_phantom/dicom");
    ck_ok(rad_validate(rad_data_sets[set].name, &reference, folder, 2, &v, &error));
    if (!v.ran) {
        printf("%s: skipped: no reference data\n", rad_data_sets[set].name);
    } else {
        size_t met = 0, diagnostics = 0;
        for (size_t i = 0; i < v.count; i++) {
            const rad_check *c = &v.checks[i];
            ck_assert_msg(c->column != NULL, "no feature has the tag %s", c->reference->tag);
            if (!c->reference->standardised) continue;
            const bool diagnostic = !strcmp(c->reference->family, "diag");
            ck_assert_msg(c->met, "%s %s: %.9g, reference %s within %g", v.data_set, c->reference->tag,
                          c->value.value, c->reference->text, c->reference->tolerance);
            met += !diagnostic;
            diagnostics += diagnostic;
        }
        ck_assert_uint_eq(met, expected[set]);
        ck_assert_uint_eq(diagnostics, set > 0 && set < 6 ? 60 : 0);
    }
    rad_validation_free(&v);
    rad_reference_free(&reference);
}
END_TEST

/* A check that cannot fail is none: a wrong reference must be found out. */
START_TEST(wrong_reference_is_noticed) {
    rad_reference_table reference;
    rad_validation v;
    rad_error error = {0};
    ck_ok(rad_reference_read(&reference, &error));
    reference.rows[0].value = 600;
    ck_ok(rad_validate("digital_phantom", &reference, NULL, 1, &v, &error));
    ck_assert(v.ran && !v.checks[0].met && v.checks[1].met);
    rad_validation_free(&v);
    rad_reference_free(&reference);
}
END_TEST

/* A small CT of int16 with three labels in smooth noise. */
typedef struct scene {
    rad_volume image;
    rad_mask mask;
    rad_settings settings;
    rad_extract_options options;
} scene;

static scene make_scene(const size_t size[3], const size_t shift[3]) {
    scene s = {.options = {.case_name = "case", .mask_path = "mask", .threads = 1}};
    test_random random = {77};
    rad_error error = {0};
    s.image = (rad_volume){.type = RAD_INT16,
                           .slope = 1,
                           .geometry = {.spacing = {1, 1.2, 2}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
    memcpy(s.image.geometry.size, size, sizeof s.image.geometry.size);
    s.mask.volume = s.image;
    s.mask.volume.type = RAD_UINT8;
    const size_t count = rad_geometry_count(&s.image.geometry);
    int16_t *x = rad_new(count, sizeof *x, NULL);
    uint8_t *m = rad_new(count, 1, NULL);
    ck_assert(x && m);
    for (size_t k = 0; k < 14; k++)
        for (size_t j = 0; j < 18; j++)
            for (size_t i = 0; i < 20; i++) {
                const size_t at = ((k + shift[2]) * size[1] + j + shift[1]) * size[0] + i + shift[0];
                x[at] = (int16_t)(60 * sin((double)i / 3) * cos((double)j / 4) + 30 * sin((double)k) +
                                  20 * test_uniform(&random));
                const double r =
                    pow(((double)i - 8) / 7, 2) + pow(((double)j - 8) / 6, 2) + pow(((double)k - 6) / 5, 2);
                if (r <= 1) m[at] = i > 9 ? 2 : 1;
                if (i == 18 && j == 16 && k == 12) m[at] = 7;
            }
    s.image.voxels = x;
    s.mask.volume.voxels = m;
    ck_ok(rad_mask_index(&s.mask, "mask", &error));
    rad_settings_default(&s.settings);
    s.settings.features.dimensions = RAD_2D | RAD_2_5D | RAD_3D;
    return s;
}

static scene default_scene(void) {
    return make_scene((size_t[]){24, 22, 18}, (size_t[]){2, 2, 2});
}

static void release(scene *s) {
    rad_volume_free(&s->image);
    rad_mask_free(&s->mask);
}

static rad_table extract(scene *s) {
    rad_table table = {0};
    rad_error error = {0};
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

/* Every byte of the table is the same for any number of threads. */
START_TEST(threads_change_nothing) {
    scene s = default_scene();
    s.settings.diagnostics = true;
    for (int a = 0; a < 3; a++) s.settings.sampling.spacing[a] = 1.5;
    s.settings.sampling.method = RAD_CUBIC;
    s.options.choice = (rad_choice){(const char *const[]){"1", "2"}, 2}; /* the third is lost on that grid */
    rad_table one = extract(&s);
    static const int threads[] = {2, 3, 8};
    for (int t = 0; t < 3; t++) {
        s.options.threads = threads[t];
        rad_table many = extract(&s);
        for (size_t r = 0; r < one.row_count; r++) expect_same_rows(&one, r, &many, r);
        rad_table_free(&many);
    }
    rad_table_free(&one);
    release(&s);
}
END_TEST

/* All labels at once give what each gives alone; other label numbers give the same. */
START_TEST(labels_are_independent) {
    scene s = default_scene();
    rad_table all = extract(&s);
    ck_assert_uint_eq(all.row_count, 3);
    ck_assert_str_eq(all.rows[2].roi, "7");
    s.options.choice = (rad_choice){(const char *const[]){"2"}, 1};
    rad_table two = extract(&s);
    ck_assert_uint_eq(two.row_count, 1);
    expect_same_rows(&all, 1, &two, 0);
    uint8_t *m = s.mask.volume.voxels;
    for (size_t i = 0; i < rad_geometry_count(&s.image.geometry); i++) m[i] = m[i] == 2 ? 200 : 0;
    rad_error error = {0};
    ck_ok(rad_mask_index(&s.mask, "mask", &error));
    s.options.choice.words = (const char *const[]){"200"};
    rad_table renamed = extract(&s);
    expect_same_rows(&two, 0, &renamed, 0);
    rad_table_free(&all);
    rad_table_free(&two);
    rad_table_free(&renamed);
    release(&s);
}
END_TEST

/* Moving the ROI in a larger image of the same content changes nothing that does not look beyond it. */
START_TEST(translation_changes_nothing) {
    scene a = default_scene(), b = make_scene((size_t[]){40, 30, 25}, (size_t[]){11, 5, 3});
    a.settings.features.families &= ~rad_family_bit(&rad_family_loc);
    b.settings.features.families = a.settings.features.families;
    rad_table x = extract(&a), y = extract(&b);
    for (size_t r = 0; r < x.row_count; r++) expect_same_rows(&x, r, &y, r);
    rad_table_free(&x);
    rad_table_free(&y);
    release(&a);
    release(&b);
}
END_TEST

/* Mirrored along x: every feature in 2D, 2.5D and 3D stays. Turned by 90 degrees about z: those too. */
START_TEST(mirror_and_rotation_change_nothing) {
    scene a = default_scene(), b = default_scene();
    const size_t nx = 24, ny = 22, nz = 18;
    int16_t *x = b.image.voxels;
    uint8_t *m = b.mask.volume.voxels;
    for (size_t k = 0; k < nz; k++)
        for (size_t j = 0; j < ny; j++)
            for (size_t i = 0; i < nx; i++) {
                const size_t from = (k * ny + j) * nx + i;
                const size_t to = _i ? (k * nx + nx - 1 - i) * ny + j : (k * ny + j) * nx + nx - 1 - i;
                x[to] = ((const int16_t *)a.image.voxels)[from];
                m[to] = ((const uint8_t *)a.mask.volume.voxels)[from];
            }
    if (_i) { /* the axes change places, and their sizes and spacings with them */
        b.image.geometry.size[0] = ny;
        b.image.geometry.size[1] = nx;
        b.image.geometry.spacing[0] = a.image.geometry.spacing[1];
        b.image.geometry.spacing[1] = a.image.geometry.spacing[0];
        b.mask.volume.geometry = b.image.geometry;
    }
    rad_error error = {0};
    ck_ok(rad_mask_index(&b.mask, "mask", &error));
    rad_table p = extract(&a), q = extract(&b);
    for (size_t r = 0; r < p.row_count; r++)
        for (size_t i = 0; i < p.column_count; i++) {
            const rad_value v = p.rows[r].values[i], w = q.rows[r].values[i];
            const double tolerance =
                strstr(p.columns[i].tag, "mvee") ? 1e-8 : 1e-9; /* an iteration that stops at 1e-10 */
            ck_assert_msg(v.reason == w.reason &&
                              (v.reason || fabs(v.value - w.value) <= tolerance * fmax(1, fabs(v.value))),
                          "%s: %.17g and %.17g", p.columns[i].name, v.value, w.value);
        }
    rad_table_free(&p);
    rad_table_free(&q);
    release(&a);
    release(&b);
}
END_TEST

/* Several discretisations in one run: each as if alone. */
START_TEST(discretisations_are_independent) {
    scene s = default_scene();
    s.settings.features.discretisation.count = 2;
    s.settings.features.discretisation.row[1] = (rad_discretisation){.binning = RAD_BIN_FBS, .amount = 12.5};
    rad_table both = extract(&s);
    s.settings.features.discretisation.count = 1;
    s.settings.features.discretisation.row[0] = s.settings.features.discretisation.row[1];
    rad_table one = extract(&s);
    size_t found = 0;
    for (size_t i = 0; i < one.column_count; i++)
        for (size_t j = 0; j < both.column_count; j++)
            if (!strcmp(one.columns[i].name, both.columns[j].name)) {
                const rad_value x = one.rows[0].values[i], y = both.rows[0].values[j];
                ck_assert(x.reason == y.reason && (x.reason || x.value == y.value));
                found++;
            }
    ck_assert_uint_eq(found, one.column_count);
    ck_assert(rad_table_find(&one, "cm_contrast_3D_comb") &&
              strstr(rad_table_find(&one, "cm_contrast_3D_comb")->name, "_fbs12.5"));
    rad_table_free(&both);
    rad_table_free(&one);
    release(&s);
}
END_TEST

/* One voxel has values, and reasons where there are none; a label that vanishes on a coarse grid, and one
 * that re-segmentation empties, fail. */
START_TEST(undefined_rows_have_reasons) {
    scene s = default_scene();
    rad_table table = extract(&s);
    rad_error error = {0};
    ck_assert(rad_table_find(&table, "stat_mean") != NULL);
    ck_assert(!table.rows[2].values[rad_table_find(&table, "stat_mean") - table.columns].reason);
    ck_assert_int_eq(table.rows[2].values[rad_table_find(&table, "morph_moran_i") - table.columns].reason,
                     RAD_ONE_VOXEL);
    rad_table_free(&table);
    for (int a = 0; a < 3; a++) s.settings.sampling.spacing[a] = 9;
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_PARTIAL);
    ck_assert(table.rows[0].status == RAD_OK && table.rows[2].status == RAD_UNREADABLE);
    ck_assert_msg(strstr(table.rows[2].text, "case: ROI 7: no voxel is left on the grid of 9 mm"), "%s",
                  table.rows[2].text);
    rad_table_free(&table);
    memset(s.settings.sampling.spacing, 0, sizeof s.settings.sampling.spacing);
    s.settings.range[0] = 10000;
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "re-segmentation leaves none of its"), "%s", error.text);
    rad_table_free(&table);
    release(&s);
}
END_TEST

START_TEST(failures_are_said) {
    scene s = default_scene();
    rad_table table = {0};
    rad_error error = {0};
    s.options.choice = (rad_choice){(const char *const[]){"5"}, 1};
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "no ROI matches 5") && strstr(error.text, "1, 2, 7"), "%s", error.text);
    s.options.choice.count = 0;
    s.mask.volume.geometry.origin[0] = 0.5;
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "--resample-mask") && strstr(error.text, "origin (0.5"), "%s",
                  error.text);
    s.options.resample_mask = true;
    ck_ok(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error));
    rad_table_free(&table);
    /* a ROI with NaN fails alone */
    const size_t count = rad_geometry_count(&s.image.geometry);
    float *x = rad_new(count, sizeof *x, NULL);
    ck_assert(x != NULL);
    uint8_t *m = rad_new(count, 1, &error);
    const rad_box all = rad_geometry_box(&s.image.geometry);
    ck_assert(m != NULL);
    rad_mask_crop(&s.mask, 2, &all, m);
    for (size_t i = 0; i < count; i++) x[i] = m[i] ? NAN : (float)((const int16_t *)s.image.voxels)[i];
    rad_free(s.image.voxels);
    s.image.voxels = x;
    s.image.type = RAD_FLOAT32;
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_PARTIAL);
    ck_assert(table.rows[0].status == RAD_OK && table.rows[1].status == RAD_UNREADABLE &&
              strstr(table.rows[1].text, "NaN"));
    rad_table_free(&table);
    memset(m, 0, count);
    rad_free(s.mask.volume.voxels);
    s.mask.volume.voxels = m;
    s.mask.volume.type = RAD_UINT8;
    ck_ok(rad_mask_index(&s.mask, "mask", &error));
    ck_assert_int_eq(rad_extract_volume(&s.image, &s.mask, &s.settings, &s.options, &table, &error),
                     RAD_UNREADABLE);
    ck_assert(strstr(error.text, "empty"));
    rad_table_free(&table);
    release(&s);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("extract");
    TCase *tests = tcase_create("extract");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, reference_values, 0, 2 * RAD_DATA_SETS);
    tcase_add_test(tests, wrong_reference_is_noticed);
    tcase_add_test(tests, threads_change_nothing);
    tcase_add_test(tests, labels_are_independent);
    tcase_add_test(tests, translation_changes_nothing);
    tcase_add_loop_test(tests, mirror_and_rotation_change_nothing, 0, 2);
    tcase_add_test(tests, discretisations_are_independent);
    tcase_add_test(tests, undefined_rows_have_reasons);
    tcase_add_test(tests, failures_are_said);
    return test_run(suite);
}
