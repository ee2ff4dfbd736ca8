/* DICOM: series, SUV, structure sets and segmentations, on files that tests/support/dicom.py writes and on
 * real ones.
 */
#include "../../core/memory.h"
#include "../../io/dicom/rtstruct.h"
#include "../../io/dicom/segmentation.h"
#include "../../io/scan/nifti.h"
#include "../../pipeline/case_files.h"
#include "../../pipeline/extract.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 24, ROWS = 20, SLICES = 6 };
static char top[] = "/tmp/radiomill-dicom-XXXXXX";

static const char *in(const char *name) {
    static char path[4][512];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", top, name);
    return path[turn];
}

static double pattern(size_t x, size_t y, size_t z) {
    return (double)((7 * x + 13 * y + 29 * z) % 500);
}

static rad_source_options standard(int threads) {
    rad_settings settings;
    rad_settings_default(&settings);
    return rad_case_source_options(&settings, NULL, threads);
}

static rad_status read_series(const char *path, const rad_source_options *how, const rad_box *box,
                              rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    rad_source source;
    *volume = (rad_volume){.voxels = NULL};
    rad_status status = rad_source_open(path, how, &source, warnings, error);
    if (status == RAD_OK) status = rad_source_read(&source, how, box, volume, warnings, error);
    rad_source_close(&source);
    return status;
}

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
    {"bits_12_high", RAD_INT16, -100, 500, 0, NULL},
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
    {"mixed_size", "017.dcm", "mixed sizes: 22 x 20"},
    {"mixed_spacing", "017.dcm", "mixed spacings: 0.8\\0.8"},
    {"no_position", "017.dcm", "ImagePositionPatient (0020,0032) is missing"},
    {"no_orientation", "017.dcm", "ImageOrientationPatient (0020,0037) is missing"},
    {"no_spacing", "017.dcm", "PixelSpacing (0028,0030) is missing"},
    {"skew", "003.dcm", "two unit vectors at right angles"},
    {"zero_slope", "017.dcm", "RescaleSlope (0028,1053) 0"},
    {"no_pixels", "017.dcm", "no PixelData (7FE0,0010)"},
    {"nm_windows", "stack.dcm", "NumberOfEnergyWindows (0054,0011) is 2"},
    {"colour", "017.dcm", "3 samples"},
    {"few_pixels", "017.dcm", "need 960 bytes, PixelData has 100"},
    {"two_series", "two_series", "2 series; choose one with --series UID: 1.2.826"},
    {"secondary", "secondary", "no CT, MR, PT or NM image among 6 DICOM files"},
    {"nothing", "nothing", "no CT, MR, PT or NM image among 0 DICOM files and 1 others"},
    {"cut", "017.dcm", "truncated"},
    {"cut_header", "017.dcm", "truncated"},
    {"cut_jpeg", "017.dcm", "truncated"},
    {"bad_jpeg", "017.dcm", "damaged"},
    {"deflated", "003.dcm", "is deflated"},
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

/* The mask of structures, on the grid of the series "explicit". */
static void draw(const char *folder, const char *const *words, size_t count, bool any_frame, rad_mask *mask) {
    rad_error error = {0};
    rad_source source;
    rad_source_options how = standard(1);
    how.any_frame = any_frame;
    const rad_choice choice = {words, count};
    ck_ok(rad_source_open(in("explicit"), &how, &source, NULL, &error));
    ck_ok(rad_source_read_mask(in(folder), &source, &how, &choice, mask, NULL, &error));
    rad_source_close(&source);
}

static bool between(size_t v, size_t low, size_t high) {
    return v >= low && v < high;
}

static bool in_square(size_t x, size_t y, size_t low, size_t high) {
    return between(x, low, high) && between(y, low, high);
}

static bool in_star(double x, double y) { /* crossings of a ray, counted one by one */
    bool odd = false;
    for (int k = 0; k < 5; k++) {
        const double s = 4 * acos(-1) / 5, r = 8.3;
        const double ax = 10 + r * sin(k * s), ay = 10 - r * cos(k * s), bx = 10 + r * sin((k + 1) * s),
                     by = 10 - r * cos((k + 1) * s);
        if ((ay <= y) != (by <= y) && x >= ax + (y - ay) * (bx - ax) / (by - ay)) odd = !odd;
    }
    return odd;
}

static bool expected_roi(int64_t roi, size_t x, size_t y, size_t z) {
    switch (roi) {
    case 10:
        return between(z, 1, 4) && in_square(x, y, 4, 12);
    case 11:
    case 13:
        return z == 2 && in_square(x, y, 4, 12) && !in_square(x, y, 6, 10);
    case 12:
        return z == 2 && (in_square(x, y, 2, 5) || in_square(x, y, 8, 11));
    case 14:
        return z == 1 && in_square(x, y, 4, 12); /* both planes go to slice 1: joined, not even-odd */
    case 16:
        return z == 1 && in_star((double)x, (double)y);
    case 21:
        return (z == 0 || z == 3) && in_square(x, y, 4, 12);
    case 22:
        return z == 2 && in_square(x, y, 14, 16);
    case 23:
        return x == 5 && between(y, 2, 7) && between(z, 1, 4);
    case 24:
        return z == 0 && in_square(x, y, 0, 3);
    case 25:
        return z == 0 && in_square(x, y, 0, 2);
    case 26:
        return z == 0 && in_square(x, y, 0, 1);
    case 27:
        return z == 4 && in_square(x, y, 0, 3);
    default:
        return false;
    }
}

START_TEST(contours_become_voxels) {
    rad_mask mask;
    draw("structures", NULL, 0, false, &mask);
    ck_assert_uint_eq(mask.label_count, 18);
    const rad_box all = rad_geometry_box(&mask.volume.geometry);
    static uint8_t inside[COLUMNS * ROWS * SLICES];
    for (size_t l = 0; l < mask.label_count; l++) {
        const rad_label *label = &mask.labels[l];
        ck_assert_int_eq(label->value, 10 + (int64_t)l);
        rad_mask_crop(&mask, label->value, &all, inside);
        size_t count = 0;
        for (size_t z = 0, i = 0; z < SLICES; z++)
            for (size_t y = 0; y < ROWS; y++)
                for (size_t x = 0; x < COLUMNS; x++, i++) {
                    ck_assert_msg(inside[i] == expected_roi(label->value, x, y, z), "%s (%zu, %zu, %zu)",
                                  label->name, x, y, z);
                    count += inside[i];
                }
        ck_assert_uint_eq(count, label->voxels);
    }
    static const struct {
        int64_t roi;
        const char *fault;
    } faults[] = {{15, "0.7 slices beyond the image"},
                  {17, "OPEN_PLANAR"},
                  {18, "has no contours"},
                  {19, "not parallel"}};
    for (size_t i = 0; i < 4; i++) {
        const rad_label *label = rad_mask_find(&mask, faults[i].roi);
        ck_assert_msg(label->fault && strstr(label->fault, faults[i].fault), "%s: %s", label->name,
                      label->fault);
    }
    ck_assert(!rad_mask_find(&mask, 20)->fault &&
              !rad_mask_find(&mask, 20)->voxels); /* between the centres */
    ck_assert_str_eq(rad_mask_find(&mask, 24)->name, "Gr\xC3\xB6\xC3\x9F"
                                                     "e");
    rad_mask_free(&mask);
}
END_TEST

/* Words to ROIs, each with the voxels that it should have. */
START_TEST(rois_are_chosen) {
    static const struct {
        const char *words[3];
        size_t voxels[3];
        const char *names[3];
    } rows[] = {
        {{"GTV-1"}, {192}, {"GTV-1"}},
        {{"gtv-1"}, {192}, {"GTV-1"}},
        {{"10"}, {192}, {"GTV-1"}},
        {{"GTV*"}, {192, 4}, {"GTV-1", "gtv-2"}},
        {{"gtv-2", "GTV-1", "22"}, {4, 192}, {"gtv-2", "GTV-1"}},
        {{"GTV-1+Hole"}, {192}, {"GTV-1+Hole"}},
        {{"Hole+Islands"}, {48 + 18 - 1 - 4 + 0}, {"Hole+Islands"}},
        {{"G*"}, {192, 128, 4}, {"GTV-1", "Gap", "gtv-2"}},
        {{"twice*"}, {4, 1}, {"Twice (25)", "Twice (26)"}},
        {{"Twice (26)"}, {1}, {"Twice (26)"}},
        {{"25+26+10"}, {196}, {"25+26+10"}},
    };
    rad_mask mask, chosen;
    rad_error error = {0};
    const rad_choice choice = {rows[_i].words, rows[_i].words[1] ? rows[_i].words[2] ? 3 : 2 : 1};
    draw("structures", rows[_i].words, choice.count, false, &mask);
    ck_ok(rad_mask_choose(&mask, &choice, "rs", &chosen, &error));
    size_t count = 0;
    while (count < 3 && rows[_i].names[count]) count++;
    ck_assert_msg(chosen.label_count >= count, "%zu", chosen.label_count);
    if (strcmp(rows[_i].words[0], "G*") != 0) ck_assert_uint_eq(chosen.label_count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(chosen.labels[i].name, rows[_i].names[i]);
        size_t expected = 0;
        for (size_t z = 0; z < SLICES && !strcmp(rows[_i].words[0], "Hole+Islands"); z++)
            for (size_t y = 0; y < ROWS; y++)
                for (size_t x = 0; x < COLUMNS; x++)
                    expected += expected_roi(11, x, y, z) || expected_roi(12, x, y, z);
        ck_assert_uint_eq(chosen.labels[i].voxels, expected ? expected : rows[_i].voxels[i]);
    }
    rad_mask_free(&mask);
    rad_mask_free(&chosen);
}
END_TEST

START_TEST(wrong_choices_are_refused) {
    rad_mask mask, chosen;
    rad_error error = {0};
    draw("structures", NULL, 0, false, &mask);
    static const char *const words[] = {"GTV-3", "Twice", "GTV-1+nothing", "x*"};
    static const char *const said[] = {"no ROI matches GTV-3; ROIs in the mask: 10 GTV-1, 11 Hole",
                                       "2 ROIs are called Twice", "no ROI matches nothing",
                                       "no ROI matches x*"};
    for (size_t i = 0; i < 4; i++) {
        const rad_choice choice = {&words[i], 1};
        ck_assert_int_eq(rad_mask_choose(&mask, &choice, "rs", &chosen, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, said[i]) != NULL, "%s", error.text);
    }
    rad_mask_free(&mask);
}
END_TEST

START_TEST(frames_of_reference) {
    rad_error error = {0};
    rad_source source;
    rad_mask mask;
    const rad_source_options how = standard(1);
    ck_ok(rad_source_open(in("explicit"), &how, &source, NULL, &error));
    ck_assert_int_eq(rad_source_read_mask(in("other_frame"), &source, &how, NULL, &mask, NULL, &error),
                     RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "498.9.2") && strstr(error.text, "--ignore-frame-of-reference"), "%s",
                  error.text);
    ck_assert_int_eq(rad_source_read_mask(in("mr"), &source, &how, NULL, &mask, NULL, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "holds images, not a mask") != NULL, "%s", error.text);
    rad_source_close(&source);
    draw("other_frame", NULL, 0, true, &mask);
    ck_assert_uint_eq(rad_mask_find(&mask, 10)->voxels, 192);
    rad_mask_free(&mask);
}
END_TEST

static bool expected_segment(int64_t segment, size_t x, size_t y, size_t z) {
    return segment == 1 ? (x + y + z) % 3 == 0 : segment == 2 ? x > y + z : x == 5 && y == 5;
}

/* Which frames a segmentation has. */
static bool has_frame(const char *name, int64_t segment, size_t x, size_t y, size_t z) {
    if (!strcmp(name, "seg_part"))
        return between(x, 3, 14) && between(y, 5, 14) &&
               ((segment < 3 && (z == 2 || z == 4)) || (segment == 3 && z == 1));
    if (!strcmp(name, "seg_no_step"))
        return (segment == 1 && z == 1) || (segment == 2 && z == 3) || (segment == 3 && z == 4);
    if (!strcmp(name, "seg_map")) return segment < 3 && (z == 5 || z == 2 || z == 3);
    return true;
}

START_TEST(segments_become_voxels) {
    static const char *const names[] = {"seg",          "seg_part",         "seg_flipped", "seg_no_step",
                                        "seg_fraction", "seg_fraction_rle", "seg_map"};
    const char *name = names[_i];
    rad_error error = {0};
    rad_mask mask;
    rad_volume image;
    const rad_source_options how = standard(1);
    draw(name, NULL, 0, false, &mask);
    ck_ok(read_series(in("explicit"), &how, NULL, &image, NULL, &error));
    if (!rad_geometry_same(&mask.volume.geometry, &image.geometry)) {
        ck_assert(rad_geometry_coincides(&mask.volume.geometry, &image.geometry));
        ck_ok(rad_mask_resample(&mask, &image.geometry, name, &error));
    }
    static uint8_t inside[COLUMNS * ROWS * SLICES];
    const rad_box all = rad_geometry_box(&image.geometry);
    for (int64_t s = 1; s <= 3; s++) {
        ck_assert_str_eq(rad_mask_find(&mask, s)->name,
                         ((const char *const[]){"Tumour", "Organ", "Needle"})[s - 1]);
        rad_mask_crop(&mask, s, &all, inside);
        for (size_t z = 0, i = 0; z < SLICES; z++)
            for (size_t y = 0; y < ROWS; y++)
                for (size_t x = 0; x < COLUMNS; x++, i++) {
                    bool expected = has_frame(name, s, x, y, z) && expected_segment(s, x, y, z);
                    if (!strcmp(name, "seg_map") && s == 1)
                        expected = expected && !expected_segment(2, x, y, z);
                    ck_assert_msg(inside[i] == expected, "%s: segment %d (%zu, %zu, %zu)", name, (int)s, x, y,
                                  z);
                }
    }
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

START_TEST(bad_segmentations_are_refused) {
    static const char *const names[] = {"seg_twice", "seg_stranger", "seg_off", "seg_cut"};
    static const char *const said[] = {"are the same slice of segment 2", "frame 2 belongs to segment 9",
                                       "the frames are not evenly spaced", "truncated"};
    rad_error error = {0};
    rad_source source;
    rad_mask mask;
    const rad_source_options how = standard(1);
    ck_ok(rad_source_open(in("explicit"), &how, &source, NULL, &error));
    ck_assert_int_eq(rad_source_read_mask(in(names[_i]), &source, &how, NULL, &mask, NULL, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, said[_i]) != NULL, "%s", error.text);
    rad_source_close(&source);
}
END_TEST

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
 * float: features differ by that rounding; with the DICOM image written as such a NIfTI they agree to 1e-9.
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
    ck_assert_msg(apart < 2e-6, "%s", where);
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
    char command[128];
    if (!mkdtemp(top)) return 1;
    snprintf(command, sizeof command, "/usr/bin/python3 tests/support/dicom.py %s", top);
    if (system(command) != 0) return 1;
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
    tcase_add_test(tests, contours_become_voxels);
    tcase_add_loop_test(tests, rois_are_chosen, 0, 11);
    tcase_add_test(tests, wrong_choices_are_refused);
    tcase_add_test(tests, frames_of_reference);
    tcase_add_loop_test(tests, segments_become_voxels, 0, 7);
    tcase_add_loop_test(tests, bad_segmentations_are_refused, 0, 4);
    tcase_add_test(tests, formats_mix);
    tcase_add_test(tests, rows_of_a_structure_set);
    tcase_add_loop_test(tests, cut_files, 0, 14);
    tcase_add_test(tests, phantom_mask);
    tcase_add_loop_test(tests, patient_twice, 0, 3);
    tcase_add_test(tests, raw_pet);
    tcase_add_loop_test(tests, real_segmentations, 0, 2);
    const int code = test_run(suite);
    snprintf(command, sizeof command, "rm -rf %s", top);
    return system(command) != 0 ? 1 : code;
}
