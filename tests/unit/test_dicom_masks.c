/* Structure sets and segmentations, on files that tests/support/dicom.py writes. */
#include "../../core/memory.h"
#include "../../io/dicom/rtstruct.h"
#include "../../io/dicom/segmentation.h"
#include "dicom_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    } faults[] = {{15, "1 of its 1 contour lies beyond the image, up to 0.7 slices"},
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
                                        "seg_fraction", "seg_fraction_rle", "seg_map",     "seg_twice"};
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
    static const char *const names[] = {"seg_differs", "seg_stranger", "seg_off", "seg_cut"};
    static const char *const said[] = {"frames 10 and 19 are the same slice of segment 2",
                                       "frame 2 belongs to segment 9", "the frames are not evenly spaced",
                                       "truncated"};
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

/* What `info` lists, and what reading asks for, too. */
START_TEST(segments_are_listed) {
    static const struct {
        const char *name, *said; /* NULL: it is listed */
    } rows[] = {{"seg_plain", NULL},
                {"seg_nameless", NULL},
                {"seg_class", "is not a segmentation: SOPClassUID (0008,0016) is 1.2.840.10008.5.1.4.1.1.2"},
                {"seg_kind", "(0062,0001) is GREY; BINARY, FRACTIONAL or LABELMAP is allowed"},
                {"seg_no_kind", "(0062,0001) is absent; BINARY, FRACTIONAL or LABELMAP is allowed"},
                {"seg_zero", "(0062,0004) of segment 2 is missing or 0"},
                {"seg_no_number", "(0062,0004) of segment 3 is missing or 0"},
                {"seg_empty", "the segmentation has no segments"},
                {"seg_no_frames", "the segmentation has no frames"},
                {"seg_no_group", "frame 1 belongs to segment 0, which is not in the list"}};
    static const size_t frames[] = {1, 0, 2};
    const char *names[] = {"Tumour", _i == 1 ? "2" : "Organ", "Needle"};
    const rad_source_options how = standard(1);
    rad_error error = {0};
    rad_segment *segments;
    size_t count;
    rad_source source;
    rad_mask mask;
    char path[512];
    snprintf(path, sizeof path, "%s/seg.dcm", in(rows[_i].name));
    ck_ok(rad_source_open(in("explicit"), &how, &source, NULL, &error));
    if (!rows[_i].said) {
        ck_ok(rad_segmentation_list(path, &segments, &count, &error));
        ck_assert_uint_eq(count, 3);
        for (size_t i = 0; i < 3; i++) {
            ck_assert_str_eq(segments[i].name, names[i]);
            ck_assert_int_eq(segments[i].number, (int64_t)i + 1);
            ck_assert_uint_eq(segments[i].frames, frames[i]);
        }
        rad_free(segments);
        ck_ok(rad_source_read_mask(path, &source, &how, NULL, &mask, NULL, &error));
        for (int64_t i = 1; i <= 3; i += 2) ck_assert_str_eq(rad_mask_find(&mask, i)->name, names[i - 1]);
        rad_mask_free(&mask);
    } else {
        ck_assert_int_eq(rad_segmentation_list(path, &segments, &count, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, rows[_i].said) && strstr(error.text, path), "%s", error.text);
        const rad_drawing drawing = {.grid = &source.header.geometry, .threshold = 0.5};
        *error.text = '\0';
        ck_assert_int_eq(rad_segmentation_read(path, &drawing, &mask, NULL, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, rows[_i].said) && strstr(error.text, path), "%s", error.text);
    }
    rad_source_close(&source);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dicom_masks");
    TCase *tests = tcase_create("dicom_masks");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, contours_become_voxels);
    tcase_add_loop_test(tests, rois_are_chosen, 0, 11);
    tcase_add_test(tests, wrong_choices_are_refused);
    tcase_add_test(tests, frames_of_reference);
    tcase_add_loop_test(tests, segments_become_voxels, 0, 8);
    tcase_add_loop_test(tests, bad_segmentations_are_refused, 0, 4);
    tcase_add_loop_test(tests, segments_are_listed, 0, 10);
    return run_on_files(suite);
}
