/* Discretisation and re-segmentation against the manual's formulas. */
#include "testing.h"

#include "../../core/resegment.h"
#include "../../core/simd.h"

#include <stdlib.h>
#include <string.h>

static rad_roi row_of(const double *x, size_t count) {
    rad_roi roi;
    test_roi_full((size_t[]){count, 1, 1}, (double[]){1, 1, 1}, &roi);
    memcpy(roi.intensity, x, count * sizeof *x);
    return roi;
}

static void check_levels(const double *x, size_t count, const double range[2], rad_discretisation d,
                         const unsigned *expected) {
    rad_roi roi = row_of(x, count);
    rad_error error = {0};
    rad_levels levels;
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{range[0], range[1]}, 0, 0, {0, 0}, false}, &error));
    ck_ok(rad_discretise(&roi, d, "test", &levels, &error));
    unsigned highest = 0;
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(levels.level[levels.size[0] * (levels.size[1] + 1) + 1 + i], expected[i]);
        if (expected[i] > highest) highest = expected[i];
    }
    ck_assert_uint_eq(levels.count, highest);
    for (size_t i = 0; i < levels.size[0]; i++) ck_assert_uint_eq(levels.level[i], 0); /* the padding */
    rad_levels_free(&levels);
    rad_levels_free(&levels);
    rad_roi_free(&roi);
    rad_roi_free(&roi);
}

static const double everything[2] = {-INFINITY, INFINITY};

START_TEST(fixed_bin_size) {
    const double x[] = {-500, -476, -475, 0, 399, 400, 1000};
    const rad_discretisation d = {.binning = RAD_BIN_FBS, .amount = 25};
    check_levels(x, 7, (double[]){-500, 400}, d, (unsigned[]){1, 1, 2, 21, 36, 37, 0});
    check_levels(x, 7, everything, d, (unsigned[]){1, 1, 2, 21, 36, 37, 61});
    check_levels(x + 1, 6, everything, d,
                 (unsigned[]){1, 1, 20, 36, 36, 60}); /* from the minimum of the ROI */
    check_levels(x + 1, 6, (double[]){-600, INFINITY}, d, (unsigned[]){5, 6, 25, 40, 41, 65});
}
END_TEST

/* Bins of 10 from each origin, of intensities whose formula gives these levels. */
START_TEST(origins_of_fixed_bins) {
    const double x[] = {-13, -10, -3.5, 0, 9.99, 10, 24};
    const double range[] = {-20, 100};
    rad_discretisation d = {.binning = RAD_BIN_FBS, .amount = 10};
    check_levels(x, 7, range, d, (unsigned[]){1, 2, 2, 3, 3, 4, 5}); /* floor((x + 20) / 10) + 1 */
    d.origin.from = RAD_ORIGIN_MINIMUM;
    check_levels(x, 7, range, d, (unsigned[]){1, 1, 1, 2, 3, 3, 4}); /* floor((x + 13) / 10) + 1 */
    d.origin.from = RAD_ORIGIN_ZERO;
    check_levels(x, 7, range, d, (unsigned[]){1, 2, 2, 3, 3, 4, 5}); /* floor(x / 10) + 3 */
    check_levels(x + 3, 4, range, d, (unsigned[]){1, 1, 2, 3});
    d.origin = (rad_origin){RAD_ORIGIN_NUMBER, -35};
    check_levels(x, 7, range, d, (unsigned[]){3, 3, 4, 4, 5, 5, 6}); /* floor((x + 35) / 10) + 1 */
    d.origin.number = -13;
    check_levels(x, 7, everything, d, (unsigned[]){1, 1, 1, 2, 3, 3, 4});
    rad_roi roi = row_of(x, 7);
    rad_error error = {0};
    rad_levels levels;
    d.origin.number = -12.9;
    ck_assert_int_eq(rad_discretise(&roi, d, "case 7", &levels, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "from -13 on") && strstr(error.text, "begin at -12.9"), "%s",
                  error.text);
    rad_roi_free(&roi);
}
END_TEST

START_TEST(fixed_bin_number) {
    const double x[] = {0, 1, 2, 3, 9.99, 10};
    check_levels(x, 6, everything, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 5},
                 (unsigned[]){1, 1, 2, 2, 5, 5});
    check_levels(x, 6, everything, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 10},
                 (unsigned[]){1, 2, 3, 4, 10, 10});
    check_levels(x, 6, (double[]){1, 9.99}, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 2},
                 (unsigned[]){0, 1, 1, 1, 2, 0});
    const double flat[] = {0.1, 0.1, 0.1};
    check_levels(flat, 3, everything, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 32},
                 (unsigned[]){1, 1, 1});
    const double tiny[] = {1e-30, 3e-30, 5e-30}, huge[] = {-1e30, 0, 1e30};
    check_levels(tiny, 3, everything, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 4},
                 (unsigned[]){1, 3, 4});
    check_levels(huge, 3, everything, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 4},
                 (unsigned[]){1, 3, 4});
}
END_TEST

START_TEST(levels_as_stored) {
    check_levels((double[]){1, 6, 65535}, 3, everything,
                 (rad_discretisation){.binning = RAD_BIN_NONE, .amount = 0}, (unsigned[]){1, 6, 65535});
}
END_TEST

START_TEST(impossible_levels_are_refused) {
    static const struct {
        double x[2];
        rad_discretisation d;
        const char *says;
    } cases[] = {
        {{0, 3}, {.binning = RAD_BIN_NONE, .amount = 0}, "0..3"},
        {{1, 65536}, {.binning = RAD_BIN_NONE, .amount = 0}, "65536"},
        {{1, 2.5}, {.binning = RAD_BIN_NONE, .amount = 0}, "2.5"},
        {{0, 1e6}, {.binning = RAD_BIN_FBS, .amount = 0.5}, "fbs0.5"},
        {{-1e300, 1e300}, {.binning = RAD_BIN_FBS, .amount = 1e-10}, "levels"},
    };
    rad_roi roi = row_of(cases[_i].x, 2);
    rad_error error = {0};
    rad_levels levels;
    ck_assert_int_eq(rad_discretise(&roi, cases[_i].d, "case 7", &levels, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "case 7") && strstr(error.text, cases[_i].says), "%s", error.text);
    ck_assert(!levels.level);
    rad_roi_free(&roi);
}
END_TEST

START_TEST(names_of_discretisations) {
    char text[64];
    ck_assert_str_eq(rad_discretisation_name((rad_discretisation){.binning = RAD_BIN_FBS, .amount = 25}, text,
                                             sizeof text),
                     "fbs25");
    ck_assert_str_eq(rad_discretisation_name((rad_discretisation){.binning = RAD_BIN_FBS, .amount = 2.5},
                                             text, sizeof text),
                     "fbs2.5");
    ck_assert_str_eq(rad_discretisation_name((rad_discretisation){.binning = RAD_BIN_FBN, .amount = 32}, text,
                                             sizeof text),
                     "fbn32");
    ck_assert_str_eq(rad_discretisation_name((rad_discretisation){0}, text, sizeof text), "none");
}
END_TEST

/* Outliers are judged by mean and standard deviation of the whole ROI, then range and filter are intersected.
 */
START_TEST(range_and_outliers) {
    double x[42];
    for (int i = 0; i < 40; i++) x[i] = i % 2 ? 1 : -1;
    x[40] = 5;    /* beyond three standard deviations of what the range leaves, not of all: -433 to 481 */
    x[41] = 1000; /* beyond both */
    rad_roi roi = row_of(x, 42);
    rad_error error = {0};
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{-100, 100}, 3, 0, {0, 0}, false}, &error));
    ck_assert_uint_eq(roi.intensity_count, 41);
    ck_assert_uint_eq(roi.morphological_count, 42);
    ck_assert(roi.intensity_mask[40] && !roi.intensity_mask[41] && roi.morphological[41]);
    ck_assert(roi.range[0] == -100 && roi.range[1] == 100);
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{everything[0], everything[1]}, 3, 0, {0, 0}, false},
                        &error));
    ck_assert_uint_eq(roi.intensity_count, 41);
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{2000, 3000}, 3, 0, {0, 0}, false}, &error));
    ck_assert_uint_eq(roi.intensity_count, 0);
    rad_levels levels;
    ck_ok(rad_discretise(&roi, (rad_discretisation){.binning = RAD_BIN_FBN, .amount = 8}, "test", &levels,
                         &error));
    ck_assert(levels.voxels == 0 && !levels.level);
    rad_roi_free(&roi);
}
END_TEST

/* The manual's two masks of a ROI, each by plain loops, and their intersection; `given` ranges are half open
 * too. */
static void check_intersection(rad_roi *roi, const double given[2], double outliers) {
    const size_t count = rad_box_count(&roi->box);
    double sum = 0, square = 0;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) sum += roi->morphological[i] ? roi->intensity[i] : 0;
    const double n = (double)roi->morphological_count, mean = sum / n;
    for (size_t i = 0; i < count; i++)
        square += roi->morphological[i] ? (roi->intensity[i] - mean) * (roi->intensity[i] - mean) : 0;
    const double reach = outliers * sqrt(square / n);
    rad_error error = {0};
    ck_ok(rad_resegment(roi, &(rad_resegmenting){{given[0], given[1]}, outliers, 0, {0, 0}, false}, &error));
    for (size_t i = 0; i < count; i++) {
        const double x = roi->intensity[i];
        const bool in =
            roi->morphological[i] && !(x < given[0]) && !(x > given[1]) && fabs(x - mean) <= reach;
        ck_assert_msg(roi->intensity_mask[i] == in, "voxel %zu of %g: %d", i, x, in);
        kept += in;
    }
    ck_assert_uint_eq(roi->intensity_count, kept);
}

START_TEST(intersection_of_both_masks) {
    const double ranges[][2] = {{20, 70}, {-INFINITY, 70}, {20, INFINITY}, {-INFINITY, INFINITY}, {95, 100}};
    const double deviations[] = {0.7, 1.1, 3};
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++)
        for (size_t d = 0; d < sizeof deviations / sizeof deviations[0]; d++) {
            rad_roi roi;
            test_roi_make(&(test_roi_options){{9, 8, 7}, {1, 1, 1}, 1, 100, 0.7, 0.3, true, 5 + r}, &roi);
            check_intersection(&roi, ranges[r], deviations[d]);
            rad_roi_free(&roi);
        }
}
END_TEST

/* Linear between ranks, of the whole ROI, by a plain sort; both ends belong to what is kept. */
START_TEST(percentiles_of_the_roi) {
    static const double pairs[][2] = {{0, 100}, {5, 95}, {10, 100}, {0, 60}, {25, 75}, {33.3, 66.6}};
    for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++) {
        rad_roi roi;
        rad_error error = {0};
        double sorted[9 * 8 * 7] = {0}, ends[2] = {0};
        size_t n = 0;
        test_roi_make(&(test_roi_options){{9, 8, 7}, {1, 1, 1}, 1, 100, 0.7, 0.3, true, 5 + p}, &roi);
        const size_t count = rad_box_count(&roi.box);
        for (size_t i = 0; i < count; i++) {
            if (!roi.morphological[i]) continue;
            size_t k = n++;
            for (; k > 0 && sorted[k - 1] > roi.intensity[i]; k--) sorted[k] = sorted[k - 1];
            sorted[k] = roi.intensity[i];
        }
        ck_assert_uint_gt(n, 1);
        for (int e = 0; n > 1 && e < 2; e++) {
            const double rank = pairs[p][e] / 100 * (double)(n - 1), part = rank - floor(rank);
            const size_t below = (size_t)rank, above = below + 1 < n ? below + 1 : below;
            ends[e] = sorted[below] + part * (sorted[above] - sorted[below]);
        }
        const rad_resegmenting how = {.range = {-INFINITY, 80}, .percentiles = {pairs[p][0], pairs[p][1]}};
        ck_ok(rad_resegment(&roi, &how, &error));
        for (size_t i = 0; i < count; i++) {
            const double x = roi.intensity[i];
            ck_assert_int_eq(roi.intensity_mask[i],
                             roi.morphological[i] && x >= ends[0] && x <= ends[1] && x <= 80);
        }
        rad_roi_free(&roi);
    }
}
END_TEST

/* A part of the largest intensity of the whole ROI, and a shape that follows; both bounds belong to it. */
START_TEST(part_of_the_largest) {
    rad_error error = {0};
    for (int shape = 0; shape < 2; shape++) {
        rad_roi roi = row_of((const double[]){3.9, 4, 10, 9, -2, 4.1}, 6);
        ck_ok(rad_resegment(&roi, &(rad_resegmenting){{-INFINITY, 9.5}, 0, 0.4, {0, 0}, shape}, &error));
        const uint8_t kept[] = {0, 1, 0, 1, 0, 1}, all[] = {1, 1, 1, 1, 1, 1};
        ck_assert_mem_eq(roi.intensity_mask, kept, 6);
        ck_assert_mem_eq(roi.morphological, shape ? kept : all, 6);
        ck_assert_uint_eq(roi.intensity_count, 3);
        ck_assert_uint_eq(roi.morphological_count, shape ? 3 : 6);
        ck_assert_uint_eq(roi.inner.begin[0], shape ? 1 : 0);
        ck_assert_uint_eq(roi.inner.end[0], 6);
        ck_assert(isinf(roi.range[0]) && roi.range[1] == 9.5); /* bins do not begin at the part */
        rad_roi_free(&roi);
    }
    rad_roi roi = row_of((const double[]){1, 2}, 2);
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{5, 6}, 0, 0, {0, 0}, true}, &error));
    ck_assert(roi.intensity_count == 0 &&
              roi.morphological_count == 2); /* nothing is kept: a fault of the ROI */
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{-INFINITY, INFINITY}, 0, 1, {0, 0}, true}, &error));
    ck_assert(roi.morphological_count == 1 && roi.morphological[1]);
    rad_roi_free(&roi);
}
END_TEST

/* Edges k width + origin that are not above x, of `most` bins, in single precision where the image is. */
static unsigned plain_level(double x, const rad_levels *l, double most, bool single) {
    unsigned level = 0;
    for (unsigned k = 0; k < most; k++) {
        const double edge = k * l->width + l->origin;
        if ((single ? (double)(float)edge : edge) > x) break;
        level++;
    }
    return level ? level : 1;
}

/* Intensities on the edges and a rounding on either side of them, and between. */
START_TEST(bins_are_between_their_edges) {
    static const rad_discretisation ways[] = {{.binning = RAD_BIN_WIDTH, .amount = 0.1},
                                              {.binning = RAD_BIN_WIDTH, .amount = 25},
                                              {.binning = RAD_BIN_COUNT, .amount = 32},
                                              {.binning = RAD_BIN_COUNT, .amount = 7}};
    const rad_discretisation d = ways[_i / 4];
    const bool single = _i % 2, wide = _i % 4 < 2;
    rad_roi roi;
    rad_error error = {0};
    rad_levels first, levels;
    test_random random = {(uint64_t)_i + 5};
    test_roi_make(&(test_roi_options){{33, 3, 4}, {1, 1, 1}, 2, 40, 0.98, 0.4, false, 3}, &roi);
    const size_t count = roi.size[0] * roi.size[1] * roi.size[2];
    const double scale = d.binning == RAD_BIN_WIDTH ? 40 * d.amount : 3;
    for (size_t v = 0; v < count; v++) roi.intensity[v] = (test_uniform(&random) - 0.4) * scale;
    for (size_t v = 0; single && v < count; v++) roi.intensity[v] = (float)roi.intensity[v];
    roi.single = single;
    ck_ok(rad_discretise(&roi, d, "test", &first, &error));
    for (size_t v = 0; v < count; v++) { /* none beyond those that made the bins */
        const double edge = first.origin + floor(test_uniform(&random) * first.count) * first.width;
        double x = v % 3 == 0 ? edge : nextafter(edge, v % 3 == 1 ? -1e9 : 1e9);
        if (single) x = (float)x;
        if (v % 2 && x > first.low && x < first.high && roi.intensity[v] > first.low &&
            roi.intensity[v] < first.high)
            roi.intensity[v] = x;
    }
    rad_simd_allow(wide);
    ck_ok(rad_discretise(&roi, d, "test", &levels, &error));
    rad_simd_allow(true);
    ck_assert(levels.origin == first.origin && levels.width == first.width);
    for (size_t z = 1; z + 1 < levels.size[2]; z++)
        for (size_t y = 1; y + 1 < levels.size[1]; y++)
            for (size_t x = 1; x + 1 < levels.size[0]; x++) {
                const size_t at = rad_roi_row(&roi, y - 1, z - 1) + x - 1;
                const unsigned level = levels.level[(z * levels.size[1] + y) * levels.size[0] + x];
                const double most = d.binning == RAD_BIN_COUNT ? d.amount : RAD_LEVELS_MAX;
                const bool in_single = single && d.binning == RAD_BIN_COUNT;
                ck_assert_uint_eq(level, roi.intensity_mask[at]
                                             ? plain_level(roi.intensity[at], &levels, most, in_single)
                                             : 0);
            }
    rad_levels_free(&first);
    rad_levels_free(&levels);
    rad_roi_free(&roi);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("discretise");
    TCase *tests = tcase_create("discretise");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, fixed_bin_size);
    tcase_add_test(tests, origins_of_fixed_bins);
    tcase_add_test(tests, percentiles_of_the_roi);
    tcase_add_test(tests, fixed_bin_number);
    tcase_add_test(tests, levels_as_stored);
    tcase_add_loop_test(tests, bins_are_between_their_edges, 0, 16);
    tcase_add_loop_test(tests, impossible_levels_are_refused, 0, 5);
    tcase_add_test(tests, names_of_discretisations);
    tcase_add_test(tests, range_and_outliers);
    tcase_add_test(tests, intersection_of_both_masks);
    tcase_add_test(tests, part_of_the_largest);
    return test_run(suite);
}
