/* Walks over a ROI and its grey levels, a row at a time, against plain loops; with every kernel the same. */
#include "testing.h"

#include "../../core/discretise.h"
#include "../../core/memory.h"
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

/* What the definition gives, voxel by voxel. */
static unsigned level_of(double x, rad_discretisation d, double origin, double high) {
    if (d.binning == RAD_BIN_FBS) return (unsigned)floor((x - origin) / d.amount) + 1;
    return x >= high ? (unsigned)d.amount
                     : (unsigned)fmin(floor(d.amount * (x - origin) / (high - origin)) + 1, d.amount);
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
    tcase_add_loop_test(tests, walks_equal_plain_loops, 0, 2 * ROIS);
    tcase_add_loop_test(tests, levels_equal_definition, 0, 12 * ROIS);
    tcase_add_test(tests, spans_equal_plain_loops);
    return test_run(suite);
}
