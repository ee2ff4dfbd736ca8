/* Walks over a ROI and its grey levels, a row at a time, against plain loops; with every kernel the same. */
#include "testing.h"

#include "../../core/discretise.h"
#include "../../core/interpolate.h"
#include "../../core/memory.h"
#include "../../core/resegment.h"
#include "../../core/simd.h"

#include <string.h>

/* Rows shorter and longer than vectors and strips; voxels of the mask few, many, alone. */
static const test_roi_options rois[] = {
    {{9, 8, 7}, {1, 1, 1}, 1, 50, 0.6, 0.5, false, 1},
    {{300, 3, 2}, {1, 1, 1}, 2, 900, 0.9, 0.3, true, 2},
    {{17, 5, 4}, {1, 1, 1}, 0, 5, 0.05, 0.6, true, 3},
    {{1, 1, 1}, {1, 1, 1}, 0, 10, 1, 0, false, 4},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

START_TEST(walks_equal_plain_loops) {
    rad_roi roi;
    double low = INFINITY, high = -INFINITY, found[2];
    size_t n = 0;
    test_roi_make(&rois[_i / 2], &roi);
    rad_simd_allow(_i % 2);
    double *x = rad_new(roi.intensity_count + 1, sizeof *x, NULL);
    ck_assert(x != NULL);
    x[roi.intensity_count] = 12345;
    rad_roi_gather(&roi, x);
    rad_roi_extremes(&roi, &found[0], &found[1]);
    for (size_t i = 0; i < rad_box_count(&roi.box); i++) {
        if (!roi.intensity_mask[i]) continue;
        ck_assert(x[n++] == roi.intensity[i]);
        low = fmin(low, roi.intensity[i]);
        high = fmax(high, roi.intensity[i]);
    }
    ck_assert_uint_eq(n, roi.intensity_count);
    ck_assert(x[n] == 12345 && found[0] == low && found[1] == high);
    rad_simd_allow(true);
    rad_free(x);
    rad_roi_free(&roi);
}
END_TEST

/* One value that differs, anywhere in the mask, and many outside of it. */
START_TEST(one_other_value_is_not_flat) {
    rad_roi roi;
    double value = 0;
    test_roi_make(&rois[_i], &roi);
    const size_t count = rad_box_count(&roi.box);
    for (size_t i = 0; i < count; i++) roi.intensity[i] = roi.intensity_mask[i] ? -7.5 : (double)i;
    ck_assert(rad_roi_is_flat(&roi, &value) && value == -7.5);
    for (size_t i = 0; i < count && roi.intensity_count > 1; i += count / 97 + 1) {
        if (!roi.intensity_mask[i]) continue;
        roi.intensity[i] = 3;
        ck_assert(!rad_roi_is_flat(&roi, &value));
        roi.intensity[i] = -7.5;
    }
    rad_roi_free(&roi);
}
END_TEST

/* Values on both ends of the range, a rounding beyond them, and NaN: kept as plain comparisons have it, with
 * every kernel. */
START_TEST(kept_range_equals_plain_comparisons) {
    const double range[2] = {-3.5, 20};
    const double special[] = {range[0],
                              nextafter(range[0], -9),
                              nextafter(range[0], 9),
                              range[1],
                              nextafter(range[1], 99),
                              nextafter(range[1], 0),
                              -0.0,
                              INFINITY,
                              -INFINITY,
                              NAN};
    rad_roi roi;
    rad_error error = {0};
    size_t n = 0;
    test_roi_make(&rois[_i / 2], &roi);
    const size_t count = rad_box_count(&roi.box);
    for (size_t i = 0; i < count; i++) /* 3 does not divide how many are special: each has its turns */
        roi.intensity[i] = i % 3 ? special[i % (sizeof special / sizeof special[0])] : roi.intensity[i] - 20;
    rad_simd_allow(_i % 2);
    ck_ok(rad_resegment(&roi, &(rad_resegmenting){{range[0], range[1]}, 0, 0, {0, 0}, false}, &error));
    rad_simd_allow(true);
    for (size_t i = 0; i < count; i++) {
        const double x = roi.intensity[i];
        const bool in = roi.morphological[i] && x >= range[0] && x <= range[1];
        ck_assert_msg(roi.intensity_mask[i] == in, "voxel %zu of %.17g: %d", i, x, roi.intensity_mask[i]);
        n += in;
    }
    ck_assert_uint_eq(roi.intensity_count, n);
    rad_roi_free(&roi);
}
END_TEST

/* To the nearest, halves to even, of either sign and beyond all whole numbers: by the remainder. */
static double rounded(double x) {
    const double low = floor(x), above = x - low;
    if (above == 0.5) return fmod(low, 2) == 0 ? low : low + 1;
    return above < 0.5 ? low : low + 1;
}

START_TEST(rounding_equals_the_definition) {
    enum { N = 37 };
    static const double special[] = {
        0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, 1e300, -1e17, 4503599627370497.5};
    double x[N], out[N];
    rad_error error = {0};
    test_random random = {61};
    for (size_t i = 0; i < N; i++)
        x[i] = i < sizeof special / sizeof special[0] ? special[i] : (test_uniform(&random) - 0.5) * 2000;
    const rad_volume image = {
        .type = RAD_FLOAT64,
        .slope = 1,
        .voxels = x,
        .held = {{0, 0, 0}, {N, 1, 1}},
        .geometry = {.size = {N, 1, 1}, .spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
    const rad_box all = rad_geometry_box(&image.geometry);
    const rad_interpolating to = {&image.geometry, &all, RAD_LINEAR, 1};
    rad_simd_allow(_i);
    ck_ok(rad_interpolate_image(&image, &to, true, out, &error));
    rad_simd_allow(true);
    for (size_t i = 0; i < N; i++) ck_assert_msg(out[i] == rounded(x[i]), "%.17g: %.17g", x[i], out[i]);
}
END_TEST

/* What the definition gives, voxel by voxel. */
static unsigned level_of(double x, rad_discretisation d, double origin, double high) {
    if (d.binning == RAD_BIN_FBS) return (unsigned)floor((x - origin) / d.amount) + 1;
    return x >= high ? (unsigned)d.amount
                     : (unsigned)fmin(floor(d.amount * (x - origin) / (high - origin)) + 1, d.amount);
}

/* The spans that levels know are those that a look at the row finds. */
static void expect_spans(const rad_levels *levels) {
    rad_levels forgetful = *levels;
    forgetful.spans = NULL;
    ck_assert(levels->spans != NULL);
    for (size_t z = 0; z < levels->size[2]; z++)
        for (size_t y = 0; y < levels->size[1]; y++) {
            size_t known[2], found[2];
            const bool some = rad_levels_span(&forgetful, y, z, &found[0], &found[1]);
            ck_assert(rad_levels_span(levels, y, z, &known[0], &known[1]) == some);
            ck_assert(!some || (known[0] == found[0] && known[1] == found[1]));
        }
}

START_TEST(levels_equal_definition) {
    static const rad_discretisation kinds[] = {
        {.binning = RAD_BIN_FBS, .amount = 0.37}, {.binning = RAD_BIN_FBS, .amount = 25},
        {.binning = RAD_BIN_FBN, .amount = 1},    {.binning = RAD_BIN_FBN, .amount = 7},
        {.binning = RAD_BIN_FBN, .amount = 4000}, {.binning = RAD_BIN_FBN, .amount = 65535}};
    const rad_discretisation d = kinds[_i % 6];
    rad_roi roi;
    rad_levels levels;
    rad_error error = {0};
    double low, high;
    test_roi_make(&rois[_i / 12], &roi);
    rad_roi_extremes(&roi, &low, &high);
    rad_simd_allow(_i / 6 % 2);
    ck_ok(rad_discretise(&roi, d, "test", &levels, &error));
    unsigned lowest = UINT16_MAX, most = 0;
    const rad_box *in = &roi.inner;
    for (size_t z = 0; z < levels.size[2]; z++)
        for (size_t y = 0; y < levels.size[1]; y++)
            for (size_t x = 0; x < levels.size[0]; x++) {
                const bool rim = x == 0 || y == 0 || z == 0 || x + 1 == levels.size[0] ||
                                 y + 1 == levels.size[1] || z + 1 == levels.size[2];
                const size_t i =
                    rim ? 0
                        : ((z - 1 + in->begin[2]) * roi.size[1] + y - 1 + in->begin[1]) * roi.size[0] + x -
                              1 + in->begin[0];
                const unsigned expected = rim || !roi.intensity_mask[i] ? 0
                                          : high > low ? level_of(roi.intensity[i], d, low, high)
                                                       : 1;
                ck_assert_uint_eq(levels.level[(z * levels.size[1] + y) * levels.size[0] + x], expected);
                if (expected && expected < lowest) lowest = expected;
                if (expected > most) most = expected;
            }
    expect_spans(&levels);
    ck_assert_uint_eq(levels.lowest, lowest);
    ck_assert_uint_eq(levels.count, most);
    rad_simd_allow(true);
    rad_levels_free(&levels);
    rad_roi_free(&roi);
}
END_TEST

/* Rows of every length up to several words, with their first and last level anywhere. */
START_TEST(spans_equal_plain_loops) {
    enum { MOST = 19 };
    uint16_t row[MOST];
    for (size_t width = 3; width <= MOST; width++)
        for (size_t first = 0; first < width; first++)
            for (size_t last = first; last < width; last++) {
                memset(row, 0, sizeof row);
                row[first] = 256;
                row[last] = 1;
                const rad_levels levels = {.size = {width, 1, 1}, .level = row};
                size_t begin, end;
                ck_assert(rad_levels_span(&levels, 0, 0, &begin, &end));
                ck_assert(begin == first && end == last + 1);
                memset(row, 0, sizeof row);
                ck_assert(!rad_levels_span(&levels, 0, 0, &begin, &end));
            }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("roi");
    TCase *tests = tcase_create("roi");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, kept_range_equals_plain_comparisons, 0, 2 * ROIS);
    tcase_add_loop_test(tests, one_other_value_is_not_flat, 0, ROIS);
    tcase_add_loop_test(tests, rounding_equals_the_definition, 0, 2);
    tcase_add_loop_test(tests, walks_equal_plain_loops, 0, 2 * ROIS);
    tcase_add_loop_test(tests, levels_equal_definition, 0, 12 * ROIS);
    tcase_add_test(tests, spans_equal_plain_loops);
    return test_run(suite);
}
