/* Sums over a ROI against its voxels one by one: the same bytes, whatever the intensities, with every kernel.
 */
#include "testing.h"

#include "../../core/simd.h"
#include "../../features/roi_sums.h"

#include <string.h>

/* Rows shorter and longer than lanes and pieces. */
static const test_roi_options rois[] = {
    {{9, 8, 7}, {1, 1, 1}, 1, 50, 0.6, 0.5, true, 1},    {{300, 3, 2}, {1, 1, 1}, 2, 900, 0.9, 0.3, true, 2},
    {{17, 5, 4}, {1, 1, 1}, 0, 5, 0.05, 0.6, false, 3},  {{1, 1, 1}, {1, 1, 1}, 0, 10, 1, 0, false, 4},
    {{64, 4, 3}, {1, 1, 1}, 0, 200, 0.95, 0.3, true, 5},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

/* Whole numbers small and large, of which sums have more than 53 bits; others; what is no number outside of
 * the mask, and inside; a zero below 0. */
enum { WHOLE, LARGE, HALVES, PARTS, NAN_OUTSIDE, NAN_INSIDE, INFINITE, ZEROS, KINDS };
static void place_values(rad_roi *roi, int kind) {
    test_random random = {7};
    for (size_t i = 0; i < rad_box_count(&roi->box); i++) {
        double *x = &roi->intensity[i];
        *x = (double)test_below(&random, 3000) - 1000;
        if (kind == LARGE) *x = *x * 0x1p43 + 1;
        if (kind == HALVES) *x /= 2;
        if (kind == PARTS) *x *= 0.1;
        if (kind == NAN_OUTSIDE && !roi->intensity_mask[i]) *x = i % 2 ? NAN : -INFINITY;
        if (kind == NAN_INSIDE && i % 7 == 3) *x = NAN;
        if (kind == INFINITE) *x = INFINITY;
        if (kind == ZEROS) *x = -0.0;
    }
}

START_TEST(sums_equal_those_one_by_one) {
    rad_roi roi;
    test_roi_make(&rois[_i % ROIS], &roi);
    for (int kind = 0; kind < KINDS; kind++)
        for (int wide = 0; wide < 2; wide++) {
            rad_roi_sums one, other;
            memset(&one, 0, sizeof one);
            memset(&other, 0, sizeof other);
            place_values(&roi, kind);
            rad_simd_allow(wide);
            rad_roi_sums_measure(&roi, &one);
            rad_simd_allow(true);
            rad_roi_sums_measure_any(&roi, &other);
            ck_assert_msg(!memcmp(&one, &other, sizeof one), "values %d, kernel %d: %.17g, %.17g", kind, wide,
                          one.weighted[0], other.weighted[0]);
        }
    rad_roi_free(&roi);
}
END_TEST

/* A box of ones: sums of the first whole numbers and of their squares. A row longer than a piece of a run. */
START_TEST(boxes_have_closed_forms) {
    static const size_t sizes[][3] = {{13, 5, 7}, {1, 1, 1}, {1050000, 1, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        rad_roi roi;
        rad_roi_sums m;
        const uint64_t x = sizes[i][0], y = sizes[i][1], z = sizes[i][2], count = x * y * z;
        test_roi_full(sizes[i], (double[]){1, 1, 1}, &roi);
        rad_roi_sums_measure(&roi, &m);
        ck_assert(m.count == count && m.first[0] == count * (x - 1) / 2 &&
                  m.first[1] == count * (y - 1) / 2 && m.first[2] == count * (z - 1) / 2);
        ck_assert(m.second[0] == y * z * ((x - 1) * x * (2 * x - 1) / 6));
        ck_assert(m.second[8] == x * y * ((z - 1) * z * (2 * z - 1) / 6));
        ck_assert(m.second[1] == z * (x * (x - 1) / 2) * (y * (y - 1) / 2) && m.second[3] == m.second[1]);
        ck_assert(m.intensity == (double)count && m.weighted[0] == (double)m.first[0]);
        rad_roi_free(&roi);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("roi_sums");
    TCase *tests = tcase_create("roi_sums");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, sums_equal_those_one_by_one, 0, ROIS);
    tcase_add_test(tests, boxes_have_closed_forms);
    return test_run(suite);
}
