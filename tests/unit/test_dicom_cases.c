/* Cases of DICOM and NIfTI in any pairing, and patients of public collections (RADIOMILL_DATA). */
#include "../../core/memory.h"
#include "../../io/scan/nifti.h"
#include "../../pipeline/extract.h"
#include "dicom_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void extract_to(const char *image, const char *mask, const char *const *words, size_t count,
                       rad_table *table) {
    rad_error error = {0};
    rad_settings settings;
    rad_settings_default(&settings);
    settings.diagnostics = true;
    const rad_extract_options o = {.case_name = "c", .choice = {words, count}, .threads = 2};
    *table = (rad_table){.rows = NULL};
    ck_ok(rad_extract_files((rad_case_paths){image, mask}, &settings, o, table, NULL, NULL, &error));
}

static double worst_of(const rad_table *a, const rad_table *b, const char **where) {
    double worst = 0;
    ck_assert(a->column_count == b->column_count && a->row_count == b->row_count);
    for (size_t i = 0; i < a->column_count; i++) {
        const rad_value x = a->rows[0].values[i], y = b->rows[0].values[i];
        ck_assert_int_eq(x.reason, y.reason);
        const double scale = fmax(fabs(x.value), fabs(y.value)),
                     d = fabs(x.value - y.value) / fmax(scale, 1e-9);
        if (x.reason || !(d > worst)) continue;
        worst = d;
        *where = a->columns[i].name;
    }
    return worst;
}

/* A mask as NIfTI, with the axes of the image or with x and z turned around. */
static void write_mask(const rad_mask *mask, int64_t label, bool turned, const char *path) {
    rad_error error = {0};
    rad_volume v = {.geometry = mask->volume.geometry, .type = RAD_UINT8, .slope = 1};
    const rad_box all = rad_geometry_box(&v.geometry);
    uint8_t *inside = rad_new(rad_box_count(&all), 1, &error);
    uint8_t *out = v.voxels = rad_new(rad_box_count(&all), 1, &error);
    rad_mask_crop(mask, label, &all, inside);
    const size_t *n = v.geometry.size;
    for (size_t z = 0; z < n[2]; z++)
        for (size_t y = 0; y < n[1]; y++)
            for (size_t x = 0; x < n[0]; x++)
                out[turned ? ((n[2] - 1 - z) * n[1] + y) * n[0] + n[0] - 1 - x : (z * n[1] + y) * n[0] + x] =
                    inside[(z * n[1] + y) * n[0] + x];
    for (int a = 0; a < 3 && turned; a += 2)
        for (int r = 0; r < 3; r++) {
            v.geometry.origin[r] +=
                v.geometry.direction[3 * r + a] * v.geometry.spacing[a] * (double)(n[a] - 1);
            v.geometry.direction[3 * r + a] *= -1;
        }
    ck_ok(rad_nifti_write(path, &v, &error));
    rad_free(inside);
    rad_volume_free(&v);
}

/* DICOM and NIfTI in any pairing give the same rows, also where the axes of the mask run the other way. */
START_TEST(formats_mix) {
    rad_error error = {0};
    rad_mask mask;
    rad_volume image;
    const rad_source_options how = standard(1);
    const char *const gtv[] = {"GTV-1"};
    draw("structures", gtv, 1, false, &mask);
    ck_ok(read_series(in("explicit"), &how, NULL, &image, NULL, &error));
    char nifti[600], straight[600], turned[600];
    snprintf(nifti, sizeof nifti, "%s/image.nii.gz", top);
    snprintf(straight, sizeof straight, "%s/straight.nii.gz", top);
    snprintf(turned, sizeof turned, "%s/turned.nii.gz", top);
    ck_ok(rad_nifti_write(nifti, &image, &error));
    write_mask(&mask, 10, false, straight);
    write_mask(&mask, 10, true, turned);
    rad_table reference, other;
    extract_to(in("explicit"), in("structures"), gtv, 1, &reference);
    ck_assert_str_eq(reference.rows[0].roi, "GTV-1");
    const struct {
        const char *image, *mask;
        const char *const *words;
    } rows[] = {{in("explicit"), straight, NULL},
                {in("explicit"), turned, NULL},
                {nifti, in("structures"), gtv},
                {nifti, turned, NULL}};
    for (size_t i = 0; i < 4; i++) {
        const char *where = "";
        extract_to(rows[i].image, rows[i].mask, rows[i].words, rows[i].words != NULL, &other);
        const double worst = worst_of(&reference, &other, &where);
        ck_assert_msg(worst < 1e-5, "%zu: %s differs by %g", i, where,
                      worst); /* geometry is float in NIfTI-1 */
        rad_table_free(&other);
    }
    rad_table_free(&reference);
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

/* A ROI that cannot be drawn has its reason in its row; the others have their values. */
START_TEST(rows_of_a_structure_set) {
    rad_error error = {0};
    rad_settings settings;
    rad_table table = {0};
    rad_settings_default(&settings);
    const rad_extract_options o = {.case_name = "c", .threads = 2};
    ck_assert_int_eq(rad_extract_files((rad_case_paths){in("explicit"), in("structures")}, &settings, o,
                                       &table, NULL, NULL, &error),
                     RAD_PARTIAL);
    ck_assert_uint_eq(table.row_count, 18);
    size_t failed = 0;
    for (size_t i = 0; i < table.row_count; i++) failed += table.rows[i].status != RAD_OK;
    ck_assert_uint_eq(failed, 5);
    ck_assert_msg(strstr(table.rows[10].text, "ROI Tiny: no voxel centre") != NULL, "%s",
                  table.rows[10].text);
    ck_assert_str_eq(table.rows[15].roi, "Twice (25)");
    rad_table_free(&table);
}
END_TEST

static const char *data(const char *name) {
    static char path[4][1024];
    static int turn;
    turn = (turn + 1) % 4;
    const char *folder = getenv("RADIOMILL_DATA");
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder ? folder : "../shared/data", name);
    if (!access(path[turn], R_OK)) return path[turn];
    printf("skipped: no reference data: %s\n", name);
    return NULL;
}

/* Contours of the CT phantom give the published mask, voxel by voxel. */
START_TEST(phantom_mask) {
    rad_error error = {0};
    rad_source source;
    rad_mask drawn, published;
    const char *image = data("ibsi1/ct_phantom/dicom/image"), *contours = data("ibsi1/ct_phantom/dicom/mask"),
               *nifti = data("ibsi1/ct_phantom/nifti/mask.nii.gz");
    const rad_source_options how = standard(2);
    if (!image || !contours || !nifti) return;
    ck_ok(rad_source_open(image, &how, &source, NULL, &error));
    ck_ok(rad_source_read_mask(contours, &source, &how, NULL, &drawn, NULL, &error));
    ck_ok(rad_nifti_read_mask(nifti, &published, NULL, &error));
    ck_assert(rad_geometry_same(&drawn.volume.geometry, &published.volume.geometry));
    const rad_box all = rad_geometry_box(&drawn.volume.geometry);
    const size_t count = rad_box_count(&all);
    uint8_t *a = rad_new_raw(count, 1, &error), *b = rad_new_raw(count, 1, &error);
    rad_mask_crop(&drawn, 1, &all, a);
    rad_mask_crop(&published, 1, &all, b);
    size_t different = 0, voxels = 0;
    for (size_t i = 0; i < count; i++) {
        different += a[i] != b[i];
        voxels += b[i];
    }
    printf("CT phantom: %zu of %zu voxels differ\n", different, voxels);
    ck_assert(voxels == 125256 && different == 0);
    rad_free(a);
    rad_free(b);
    rad_mask_free(&drawn);
    rad_mask_free(&published);
    rad_source_close(&source);
}
END_TEST

/* A patient from DICOM and from the published NIfTI, whose affine, voxels and rescale slope are rounded to
 * float. Whole numbers give the same values; PET differs by that rounding, and written as such a NIfTI to
 * 1e-9.
 */
START_TEST(patient_twice) {
    static const char *const modalities[] = {"CT", "MR_T1", "PET"};
    char image[128], mask[128], path[600], name[600];
    rad_error error = {0};
    rad_volume volume;
    const rad_source_options how = standard(2);
    snprintf(name, sizeof name, "sts/STS_003_dicom/%s/image", modalities[_i]);
    const char *dicom = data(name);
    snprintf(name, sizeof name, "sts/STS_003_dicom/%s/mask", modalities[_i]);
    const char *contours = data(name);
    snprintf(image, sizeof image, "sts/STS_003/%s_image.nii.gz", modalities[_i]);
    snprintf(mask, sizeof mask, "sts/STS_003/%s_mask.nii.gz", modalities[_i]);
    const char *nifti = data(image), *nifti_mask = data(mask);
    if (!dicom || !contours || !nifti || !nifti_mask) return;
    rad_table a, b, c;
    const char *where = "";
    extract_to(dicom, contours, NULL, 0, &a);
    extract_to(nifti, nifti_mask, NULL, 0, &b);
    const double apart = worst_of(&a, &b, &where);
    printf("STS_003 %s: DICOM and NIfTI differ by up to %.1e (%s)\n", modalities[_i], apart, where);
    ck_assert_msg(_i < 2 ? apart == 0 : apart < 1e-6, "%s", where);
    ck_ok(read_series(dicom, &how, NULL, &volume, NULL, &error));
    const rad_box all = rad_geometry_box(&volume.geometry);
    const size_t count = rad_box_count(&all);
    double *wide = rad_new_raw(count, sizeof *wide, &error);
    float *narrow = rad_new_raw(count, sizeof *narrow, &error);
    rad_volume_crop(&volume, &all, wide);
    rad_series series;
    ck_ok(rad_series_open(dicom, &how.series, &series, NULL, &error));
    for (size_t i = 0; i < count; i++) { /* the published images were rescaled by a slope of float */
        const double slope = series.planes[i / (count / series.plane_count)].slope;
        narrow[i] = (float)(slope == 1 ? wide[i] : rint(wide[i] / slope) * (double)(float)slope);
    }
    rad_series_free(&series);
    rad_free(wide);
    rad_free(volume.voxels);
    volume.voxels = narrow;
    volume.type = RAD_FLOAT32;
    volume.slope = 1;
    volume.intercept = 0;
    snprintf(path, sizeof path, "%s/patient%d.nii", top, _i);
    ck_ok(rad_nifti_write(path, &volume, &error));
    extract_to(path, nifti_mask, NULL, 0, &c);
    const double rounded = worst_of(&b, &c, &where);
    ck_assert_msg(rounded < 1e-9, "%s: %g", where, rounded);
    rad_volume_free(&volume);
    rad_table_free(&a);
    rad_table_free(&b);
    rad_table_free(&c);
}
END_TEST

/* Raw PET: weight 71 kg, 1.63 m, male; 388777472 Bq at 10:35:00, half-life 6588 s, scan at 11:20:11. */
START_TEST(raw_pet) {
    const char *image = data("dicom/pet_raw/image");
    if (!image) return;
    const double decayed = 388777472 * pow(2, -2711 / 6588.0), w = 71, h = 163;
    const double masses[] = {[RAD_SUV_NONE] = decayed,
                             [RAD_SUV_BW] = 1000 * w,
                             [RAD_SUV_LBM] = 1000 * (1.10 * w - 120 * (w / h) * (w / h)),
                             [RAD_SUV_LBMJANMA] = 9.27e6 * w / (6680 + 216 * w / (1.63 * 1.63)),
                             [RAD_SUV_LBMJAMES128] = 1000 * (1.10 * w - 128 * (w / h) * (w / h)),
                             [RAD_SUV_BSA] = 71.84 * pow(w, 0.425) * pow(h, 0.725),
                             [RAD_SUV_IBW] = 1000 * (48.0 + 1.06 * (h - 152))};
    const rad_box box = {{60, 60, 40}, {64, 64, 44}};
    double stored[64], got[64];
    rad_error error = {0};
    rad_volume volume;
    rad_source_options how = standard(2);
    ck_assert_int_eq(read_series(image, &how, &box, &volume, NULL, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "3.19 mm away, others 3.27 mm") != NULL, "%s",
                  error.text); /* beds meet */
    how.series.tolerance = 3;
    for (rad_suv form = RAD_SUV_NONE; form <= RAD_SUV_IBW; form++) {
        how.series.suv = form;
        ck_ok(read_series(image, &how, &box, &volume, NULL, &error));
        rad_volume_crop(&volume, &box, got);
        if (form == RAD_SUV_NONE) memcpy(stored, got, sizeof stored);
        double largest = 0;
        for (size_t i = 0; i < 64; i++) {
            ck_near(got[i], stored[i] * masses[form] / decayed, 1e-12);
            largest = fmax(largest, got[i]);
        }
        ck_assert(largest > 0);
        rad_volume_free(&volume);
    }
}
END_TEST

/* Voxels of each segment as an independent reader counts them. */
START_TEST(real_segmentations) {
    static const char *const names[] = {"dicom/seg_11_lesions/mask/mask.dcm",
                                        "dicom/seg_bit_packing/mask/mask.dcm"};
    static const char *const images[] = {"dicom/seg_11_lesions/image", "dicom/seg_bit_packing/image"};
    const char *path = data(names[_i]), *image = data(images[_i]);
    if (!path || !image) return;
    char command[2048];
    rad_error error = {0};
    rad_source source;
    rad_mask mask;
    const rad_source_options how = standard(2);
    ck_ok(rad_source_open(image, &how, &source, NULL, &error));
    ck_ok(rad_source_read_mask(path, &source, &how, NULL, &mask, NULL, &error));
    size_t before = 0, after = 0, lines = 0;
    snprintf(command, sizeof command, "/usr/bin/python3 tests/support/segments.py '%s'", path);
    FILE *counts = popen(command, "r");
    ck_assert(counts != NULL);
    long long number;
    size_t voxels;
    for (; fscanf(counts, "%lld %zu", &number, &voxels) == 2; lines++) {
        const rad_label *label = rad_mask_find(&mask, number);
        ck_assert_msg(label && label->voxels == voxels, "segment %lld: %zu voxels", number, voxels);
        before += voxels;
    }
    ck_assert_int_eq(pclose(counts), 0);
    ck_assert(lines == mask.label_count && lines == (_i ? 1 : 11));
    ck_assert(rad_geometry_coincides(&mask.volume.geometry, &source.header.geometry));
    ck_ok(rad_mask_resample(&mask, &source.header.geometry, path, &error));
    for (size_t i = 0; i < mask.label_count; i++) after += mask.labels[i].voxels;
    ck_assert_uint_eq(before, after);
    rad_mask_free(&mask);
    rad_source_close(&source);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dicom_cases");
    TCase *tests = tcase_create("dicom_cases");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, formats_mix);
    tcase_add_test(tests, rows_of_a_structure_set);
    tcase_add_test(tests, phantom_mask);
    tcase_add_loop_test(tests, patient_twice, 0, 3);
    tcase_add_test(tests, raw_pet);
    tcase_add_loop_test(tests, real_segmentations, 0, 2);
    return run_on_files(suite);
}
