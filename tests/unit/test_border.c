/* What passes share over images and families: distances to the border against plain search, families alone
 * against both of their pass. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../core/simd.h"
#include "../../features/border.h"
#include "../../features/families.h"
#include "../../pipeline/settings.h"

#include <stdlib.h>
#include <string.h>

static const test_roi_options rois[] = {{{9, 8, 7}, {1, 1, 1}, 0, 4, 0.9, 0.5, false, 1},
                                        {{17, 5, 6}, {1, 1, 1}, 1, 8, 0.95, 0.7, true, 2},
                                        {{33, 3, 4}, {1, 1, 1}, 2, 40, 0.98, 0.4, false, 3}};
enum { ROIS = sizeof rois / sizeof rois[0] };
static rad_error error;

static bool inside(const rad_roi *roi, const long at[3]) {
    size_t v = 0;
    for (int a = 2; a >= 0; a--) {
        if (at[a] < 0 || at[a] >= (long)(roi->inner.end[a] - roi->inner.begin[a])) return false;
        v = v * roi->size[a] + (size_t)at[a] + roi->inner.begin[a];
    }
    return roi->morphological[v];
}

/* The nearest voxel outside, of all that are no further than the box is long. */
static long plain_distance(const rad_roi *roi, const long at[3], bool flat) {
    long least = 1000;
    const long reach = 40;
    for (long z = flat ? 0 : -reach; z <= (flat ? 0 : reach); z++)
        for (long y = -reach; y <= reach; y++)
            for (long x = -reach; x <= reach; x++) {
                const long d = labs(x) + labs(y) + labs(z);
                if (d < least && !inside(roi, (long[]){at[0] + x, at[1] + y, at[2] + z})) least = d;
            }
    return least;
}

START_TEST(distances_are_those_of_a_plain_search) {
    rad_roi roi;
    rad_border border;
    const uint16_t *distance[2], *again;
    test_roi_make(&rois[_i], &roi);
    rad_border_begin(&border);
    for (int flat = 0; flat < 2; flat++) {
        rad_simd_allow(!flat);
        ck_ok(rad_border_distance(&border, &roi, flat, &distance[flat], &error));
        rad_simd_allow(true);
        ck_ok(rad_border_distance(&border, &roi, flat, &again, &error));
        ck_assert_ptr_eq(again, distance[flat]);
    }
    size_t n[3];
    for (int a = 0; a < 3; a++) n[a] = roi.inner.end[a] - roi.inner.begin[a] + 2;
    for (size_t v = 0; v < n[0] * n[1] * n[2]; v++) {
        const long at[3] = {(long)(v % n[0]) - 1, (long)(v / n[0] % n[1]) - 1, (long)(v / n[0] / n[1]) - 1};
        for (int flat = 0; flat < 2; flat++)
            ck_assert_int_eq(distance[flat][v], plain_distance(&roi, at, flat));
    }
    rad_border_end(&border);
    rad_roi_free(&roi);
}
END_TEST

static void run_pass(const rad_feature_input *input, const rad_family *family, const bool asked[2],
                     rad_value values[2][256]) {
    rad_value *out[RAD_PASS_FAMILIES];
    for (int f = 0; f < 2; f++) {
        for (size_t i = 0; i < 256; i++) values[f][i] = rad_undefined(RAD_NOT_COMPUTED);
        out[f] = asked[f] ? values[f] : NULL;
    }
    ck_ok(family->pass->run(input, out, &error));
}

/* One family of a pass has the values that it has beside the other, with a border that is kept or not. */
START_TEST(families_alone_have_the_same_values) {
    static rad_value both[2][256], alone[2][256];
    const rad_family *families[] = {&rad_family_szm, &rad_family_ngt};
    rad_settings settings;
    rad_roi roi;
    rad_levels levels;
    rad_border border;
    test_roi_make(&rois[_i], &roi);
    test_levels_make(&roi, &levels);
    rad_settings_default(&settings);
    settings.features.dimensions = RAD_2D | RAD_2_5D | RAD_3D;
    rad_border_begin(&border);
    for (int k = 0; k < 2; k++)
        for (int f = 0; f < 2; f++) {
            rad_feature_input input = {.roi = &roi, .levels = &levels, .settings = &settings.features};
            run_pass(&input, families[k], (bool[]){true, true}, both);
            input.border = &border;
            run_pass(&input, families[k], (bool[]){f == 0, f == 1}, alone);
            ck_assert(!memcmp(both[f], alone[f], sizeof both[f]));
        }
    rad_border_end(&border);
    rad_levels_free(&levels);
    rad_roi_free(&roi);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("border");
    TCase *tests = tcase_create("border");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, distances_are_those_of_a_plain_search, 0, ROIS);
    tcase_add_loop_test(tests, families_alone_have_the_same_values, 0, ROIS);
    return test_run(suite);
}
