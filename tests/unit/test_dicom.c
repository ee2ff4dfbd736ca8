/* Series of DICOM, on files that tests/support/dicom.py writes. */
#include "../../core/memory.h"
#include "dicom_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Series whose voxels follow the pattern. */
typedef struct sample {
    const char *name;
    rad_type type;
    double offset;    /* of stored values */
    double most;      /* the pattern modulo this */
    double tolerance; /* of intensities, for lossy codecs */
    const char *warning;
} sample;

static const sample samples[] = {
    {"implicit", RAD_INT16, -100, 500, 0, NULL},
    {"explicit", RAD_INT16, -100, 500, 0, NULL},
    {"big_endian", RAD_INT16, -100, 500, 0, NULL},
    {"deflated", RAD_INT16, -100, 500, 0, NULL},
    {"rle", RAD_INT16, -100, 500, 0, NULL},
    {"rle_8", RAD_UINT8, 0, 250, 0, NULL},
    {"jpeg_lossless", RAD_INT16, -100, 500, 0, NULL},
    {"jpeg_odd_jfif", RAD_INT16, -100, 500, 0, NULL},
    {"jpeg_lossless_14", RAD_UINT16, 0, 500, 0, NULL},
    {"jpeg_baseline", RAD_UINT8, 0, 250, 16, NULL},
    {"jpeg_extended", RAD_FLOAT64, 0, 500, 16, NULL},
    {"jpeg_ls", RAD_UINT16, 0, 500, 0, NULL},
    {"jpeg_ls_near", RAD_UINT16, 0, 500, 4, NULL},
    {"jpeg_2000", RAD_INT16, -100, 500, 0, NULL},
    {"jpeg_2000_lossy", RAD_UINT16, 0, 500, 16, NULL},
    {"bits_8", RAD_UINT8, 0, 250, 0, NULL},
    {"bits_32", RAD_INT32, -100, 500, 0, NULL},
    {"bits_12_signed", RAD_INT16, -100, 500, 0, NULL},
    {"bits_12_high", RAD_INT16, -100, 500, 0, "HighBit (0028,0102) is 15 of 12 bits stored"},
    {"bits_12_high_unsigned", RAD_UINT16, 0, 500, 0, "HighBit (0028,0102) is 15 of 12 bits stored"},
    {"bits_10_middle", RAD_INT16, -100, 500, 0, "HighBit (0028,0102) is 12 of 10 bits stored"},
    {"bits_10_middle_unsigned", RAD_UINT16, 0, 500, 0, "HighBit (0028,0102) is 12 of 10 bits stored"},
    {"monochrome1", RAD_INT16, -100, 500, 0, "MONOCHROME1"},
    {"strangers", RAD_INT16, -100, 500, 0, NULL},
    {"nearly_even", RAD_INT16, -100, 500, 0, "by up to 0.5 %"},
    {"enhanced", RAD_INT16, -100, 500, 0, NULL},
    {"enhanced_rle", RAD_INT16, -100, 500, 0, NULL},
    {"enhanced_jpeg", RAD_INT16, -100, 500, 0, NULL},
    {"enhanced_jpeg_2000", RAD_INT16, -100, 500, 0, NULL},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

START_TEST(series_are_read) {
    const sample *s = &samples[_i];
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_volume volume;
    const rad_source_options how = standard(2);
    ck_ok(read_series(in(s->name), &how, NULL, &volume, &warnings, &error));
    const rad_geometry *g = &volume.geometry;
    ck_assert(g->size[0] == COLUMNS && g->size[1] == ROWS && g->size[2] == SLICES);
    ck_near(g->spacing[0], 0.75, 1e-12);
    ck_near(g->spacing[1], 0.8, 1e-12);
    ck_near(g->spacing[2], 2.5, 1e-12);
    ck_assert(g->origin[0] == 30.5 && g->origin[1] == 20.25 && g->origin[2] == 10);
    ck_assert(g->direction[0] == -1 && g->direction[4] == -1 && g->direction[8] == 1);
    ck_assert_msg(volume.type == s->type, "%s: %s", s->name, rad_type_name(volume.type));
    ck_assert_msg(warnings.count == (s->warning != NULL), "%s", warnings.text[0]);
    if (s->warning) ck_assert_msg(strstr(warnings.text[0], s->warning) != NULL, "%s", warnings.text[0]);
    static double got[COLUMNS * ROWS * SLICES];
    const rad_box all = rad_geometry_box(g);
    rad_volume_crop(&volume, &all, got);
    for (size_t z = 0, i = 0; z < SLICES; z++)
        for (size_t y = 0; y < ROWS; y++)
            for (size_t x = 0; x < COLUMNS; x++, i++) {
                const double expected = 2 * (fmod(pattern(x, y, z), s->most) + s->offset) - 1000;
                ck_assert_msg(fabs(got[i] - expected) <= s->tolerance, "%s (%zu, %zu, %zu): %g, expected %g",
                              s->name, x, y, z, got[i], expected);
            }
    rad_volume_free(&volume);
}
END_TEST

/* Slices with a rescaling of their own become doubles; none at all is 1 and 0, which CT is warned of. */
START_TEST(rescaling_is_by_slice) {
    rad_error error = {0};
    rad_volume volume;
    rad_warnings warnings = {0};
    const rad_source_options how = standard(2);
    const struct {
        const char *name;
        double slope, step, intercept;
        size_t warnings;
    } rows[] = {{"slopes", 1, 0.25, 10, 0}, {"no_rescale", 1, 0, 0, 1}, {"mr", 1, 0, 0, 0}};
    for (size_t r = 0; r < 3; r++) {
        warnings.count = 0;
        ck_ok(read_series(in(rows[r].name), &how, NULL, &volume, &warnings, &error));
        ck_assert_int_eq(volume.type, rows[r].step > 0 ? RAD_FLOAT64 : RAD_INT16);
        ck_assert_uint_eq(warnings.count, rows[r].warnings);
        for (size_t z = 0; z < SLICES; z++) {
            double got;
            rad_volume_crop(&volume, &(rad_box){{3, 4, z}, {4, 5, z + 1}}, &got);
            ck_near(got,
                    (rows[r].slope + rows[r].step * (double)z) * (pattern(3, 4, z) - 100) +
                        rows[r].intercept * (double)z,
                    1e-12);
        }
        rad_volume_free(&volume);
    }
    ck_ok(read_series(in("enhanced_slopes"), &how, NULL, &volume, &warnings, &error));
    double got;
    rad_volume_crop(&volume, &(rad_box){{3, 4, 5}, {4, 5, 6}}, &got);
    ck_near(got, 2.25 * (pattern(3, 4, 5) - 100) - 1000, 1e-12);
    rad_volume_free(&volume);
}
END_TEST

/* Any box of any series is that part of the whole, on any number of threads. */
START_TEST(boxes_equal_the_whole) {
    static const char *const names[] = {"explicit",      "jpeg_lossless", "big_endian", "slopes",
                                        "enhanced_jpeg", "bits_12_high",  "sagittal",   "feet_first"};
    const char *name = in(names[_i]);
    rad_error error = {0};
    rad_volume whole, part;
    test_random random = {(uint64_t)_i + 77};
    rad_source_options how = standard(1);
    ck_ok(read_series(name, &how, NULL, &whole, NULL, &error));
    for (int round = 0; round < 20; round++) {
        rad_box box;
        double a[COLUMNS * ROWS * SLICES], b[COLUMNS * ROWS * SLICES];
        for (int axis = 0; axis < 3; axis++) {
            box.begin[axis] = test_below(&random, whole.geometry.size[axis]);
            box.end[axis] =
                box.begin[axis] + 1 + test_below(&random, whole.geometry.size[axis] - box.begin[axis]);
        }
        how.series.threads = 1 + round % 8;
        ck_ok(read_series(name, &how, &box, &part, NULL, &error));
        rad_volume_crop(&whole, &box, a);
        rad_volume_crop(&part, &box, b);
        ck_assert(!memcmp(a, b, rad_box_count(&box) * sizeof *a));
        rad_volume_free(&part);
    }
    rad_volume_free(&whole);
}
END_TEST

/* The world place of a voxel of the files, by the definition of Image Plane (PS3.3 C.7.6.2.1.1), x and y
 * turned to RAS, in whatever order the voxels are kept. */
START_TEST(orientations) {
    static const struct {
        const char *name;
        double row[3], column[3], normal[3];
    } rows[] = {{"explicit", {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
                {"sagittal", {0, 1, 0}, {0, 0, -1}, {-1, 0, 0}},
                {"oblique", {0.8, 0.6, 0}, {-0.48, 0.64, 0.6}, {0.36, -0.48, 0.8}},
                {"feet_first", {-1, 0, 0}, {0, 1, 0}, {0, 0, -1}},
                {"nm", {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    rad_error error = {0};
    rad_volume volume;
    const rad_source_options how = standard(1);
    ck_ok(read_series(in(rows[_i].name), &how, NULL, &volume, NULL, &error));
    for (size_t i = 0; i < 8; i++) {
        const size_t at[3] = {i & 1 ? 21 : 2, i & 2 ? 17 : 3, i & 4 ? 5 : 0};
        const double index[3] = {(double)at[0], (double)at[1], (double)at[2]};
        double world[3], value;
        size_t kept[3];
        static const double origin[3] = {-30.5, -20.25, 10};
        const rad_order inverse = rad_order_inverse(&volume.order);
        const rad_geometry stored = rad_order_grid(&inverse, &volume.geometry);
        rad_order_index(&inverse, &stored, at, kept);
        rad_geometry_world(&volume.geometry, (double[]){(double)kept[0], (double)kept[1], (double)kept[2]},
                           world);
        for (int a = 0; a < 3; a++) {
            const double expected = origin[a] + rows[_i].row[a] * 0.75 * index[0] +
                                    rows[_i].column[a] * 0.8 * index[1] + rows[_i].normal[a] * 2.5 * index[2];
            ck_near(world[a], a < 2 ? -expected : expected, 1e-6);
        }
        rad_volume_crop(&volume,
                        &(rad_box){{kept[0], kept[1], kept[2]}, {kept[0] + 1, kept[1] + 1, kept[2] + 1}},
                        &value);
        ck_near(value,
                !strcmp(rows[_i].name, "nm") ? pattern(at[0], at[1], at[2]) + 100
                                             : 2 * (pattern(at[0], at[1], at[2]) - 100) - 1000,
                1e-12);
    }
    rad_volume_free(&volume);
}
END_TEST

/* Every flaw has its own words, and names the file. */
static const struct {
    const char *name, *file, *words;
} flaws[] = {
    {"duplicate", "024.dcm", "duplicate positions"},
    {"enhanced_twice", "frames.dcm", "duplicate positions"},
    {"missing", "017.dcm", "missing slices: 1, the first after"},
    {"uneven", "017.dcm", "uneven spacing"},
    {"tilt", "010.dcm", "gantry tilt"},
    {"mixed_orientation", "017.dcm", "mixed orientations"},
    {"standing", "010.dcm",
     "missing slices: 1, the first after"}, /* what stands on the others is none of them */
    {"mixed_size", "017.dcm", "mixed sizes: 22 x 20"},
    {"mixed_spacing", "017.dcm", "mixed spacings: 0.8\\0.8"},
    {"no_position", "017.dcm", "ImagePositionPatient (0020,0032) is missing"},
    {"far", "017.dcm", "must be within 1e+06 mm of the origin"},
    {"wide", "017.dcm", "must be above 0 and below 10000 mm"},
    {"no_orientation", "017.dcm", "ImageOrientationPatient (0020,0037) is missing"},
    {"no_spacing", "017.dcm", "PixelSpacing (0028,0030) is missing"},
    {"skew", "003.dcm", "two unit vectors at right angles"},
    {"zero_slope", "017.dcm", "RescaleSlope (0028,1053) 0"},
    {"no_pixels", "017.dcm", "no PixelData (7FE0,0010)"},
    {"nm_windows", "stack.dcm", "NumberOfEnergyWindows (0054,0011) is 2"},
    {"colour", "017.dcm", "3 samples"},
    {"few_pixels", "017.dcm", "frame needs 960 bytes, PixelData has 100"},
    {"two_series", "two_series",
     "2 series; choose one with --series, by UID, modality, description or number: 1.2.826"},
    {"secondary", "secondary",
     "no image among 6 DICOM files and 0 others; the DICOM files: 6 x Encapsulated PDF (OT)"},
    {"nothing", "nothing", "no image among 0 DICOM files and 1 other"},
    {"cut", "017.dcm", "truncated"},
    {"cut_header", "017.dcm", "truncated"},
    {"cut_jpeg", "017.dcm", "truncated"},
    {"bad_jpeg", "017.dcm", "damaged"},
    {"pet_no_weight", "003.dcm", "PatientWeight (0010,1030) is 0; SUV needs"},
    {"absent", "absent", "No such file"},
};
enum { FLAWS = sizeof flaws / sizeof flaws[0] };

START_TEST(flaws_are_named) {
    rad_error error = {0};
    rad_volume volume;
    const rad_source_options how = standard(2);
    ck_assert_int_eq(read_series(in(flaws[_i].name), &how, NULL, &volume, NULL, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, flaws[_i].words) && strstr(error.text, flaws[_i].file), "%s",
                  error.text);
    ck_assert(!strchr(error.text, '\n') && !strstr(error.text, "Doe") && !strstr(error.text, "SECRET"));
    for (size_t i = 0; i < FLAWS; i++) /* the words of one flaw are not those of another */
        if (strcmp(flaws[i].words, flaws[_i].words) != 0 && strcmp(flaws[i].words, "damaged") != 0 &&
            strcmp(flaws[_i].words, "damaged") != 0)
            ck_assert_msg(!strstr(error.text, flaws[i].words) || strstr(flaws[_i].words, flaws[i].words) ||
                              strstr(flaws[i].words, "PixelData") || strstr(flaws[i].words, "truncated"),
                          "%s", error.text);
    ck_assert(!volume.voxels);
}
END_TEST

START_TEST(a_series_is_chosen) {
    rad_error error = {0};
    rad_volume volume;
    rad_source_options how = standard(1);
    how.series.uid = "1.2.826.0.1.3680043.8.498.77";
    ck_ok(read_series(in("two_series"), &how, NULL, &volume, NULL, &error));
    rad_volume_free(&volume);
    how.series.uid = "1.2.3";
    ck_assert_int_eq(read_series(in("two_series"), &how, NULL, &volume, NULL, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "has no series 1.2.3; its series:") != NULL, "%s", error.text);
    how = standard(1);
    how.series.tolerance = 3;
    rad_warnings warnings = {0};
    ck_ok(read_series(in("uneven"), &how, NULL, &volume, &warnings, &error));
    ck_assert_uint_eq(warnings.count, 1);
    rad_volume_free(&volume);
    ck_ok(read_series(in("one_slice"), &how, NULL, &volume, NULL, &error));
    ck_assert(volume.geometry.size[2] == 1 && volume.geometry.spacing[2] == 5);
    rad_volume_free(&volume);
}
END_TEST

/* From tags to voxels: the slope of each slice and the factor. */
START_TEST(suv_of_a_series) {
    rad_error error = {0};
    rad_volume volume;
    const rad_source_options how = standard(2);
    ck_ok(read_series(in("pet"), &how, NULL, &volume, NULL, &error));
    for (size_t z = 0; z < SLICES; z++) {
        double got;
        rad_volume_crop(&volume, &(rad_box){{9, 8, z}, {10, 9, z + 1}}, &got);
        ck_near(got, (1 + 0.25 * (double)z) * pattern(9, 8, z) * 80000 / (4e8 * pow(2, -3600 / 6586.2)),
                1e-14);
    }
    rad_volume_free(&volume);
}
END_TEST

/* Files cut at every 512th byte: an error, or what a shorter but whole file says; never more. */
static void try_cut(const char *name, const char *from, size_t length) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", top, name);
    FILE *in_file = fopen(from, "rb"), *out_file = fopen(path, "wb");
    ck_assert(in_file && out_file);
    for (size_t i = 0; i < length; i++) fputc(fgetc(in_file), out_file);
    fclose(in_file);
    fclose(out_file);
    rad_error error = {0};
    rad_source source;
    rad_volume volume;
    rad_mask mask;
    const rad_source_options how = standard(1);
    if (read_series(path, &how, NULL, &volume, NULL, &error) == RAD_OK) {
        ck_assert(volume.voxels != NULL);
        rad_volume_free(&volume);
    } else {
        ck_assert(*error.text != '\0');
    }
    ck_ok(rad_source_open(in("explicit"), &how, &source, NULL, &error));
    if (rad_source_read_mask(path, &source, &how, NULL, &mask, NULL, &error) == RAD_OK) rad_mask_free(&mask);
    rad_source_close(&source);
}

START_TEST(cut_files) {
    static const char *const names[] = {"explicit/some/depth/003.dcm",
                                        "implicit/some/depth/003.dcm",
                                        "rle/some/depth/003.dcm",
                                        "deflated/some/depth/003.dcm",
                                        "jpeg_ls/some/depth/003.dcm",
                                        "jpeg_2000/some/depth/003.dcm",
                                        "jpeg_extended/some/depth/003.dcm",
                                        "enhanced_jpeg/frames.dcm",
                                        "enhanced_jpeg_2000/frames.dcm",
                                        "enhanced/frames.dcm",
                                        "structures/rs.dcm",
                                        "seg/seg.dcm",
                                        "seg_fraction_rle/seg.dcm",
                                        "seg_map/seg.dcm",
                                        "nm/stack.dcm"};
    const char *from = in(names[_i]);
    FILE *file = fopen(from, "rb");
    ck_assert(file != NULL);
    fseek(file, 0, SEEK_END);
    const size_t length = (size_t)ftell(file);
    fclose(file);
    char name[64];
    snprintf(name, sizeof name, "cut%d.dcm", _i);
    for (size_t at = 0; at < length; at += 512) try_cut(name, from, at);
    for (size_t at = length - 20; at <= length; at++) try_cut(name, from, at);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dicom");
    TCase *tests = tcase_create("dicom");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, series_are_read, 0, SAMPLES);
    tcase_add_test(tests, rescaling_is_by_slice);
    tcase_add_loop_test(tests, boxes_equal_the_whole, 0, 8);
    tcase_add_loop_test(tests, orientations, 0, 5);
    tcase_add_loop_test(tests, flaws_are_named, 0, FLAWS);
    tcase_add_test(tests, a_series_is_chosen);
    tcase_add_test(tests, suv_of_a_series);
    tcase_add_loop_test(tests, cut_files, 0, 15);
    return run_on_files(suite);
}
