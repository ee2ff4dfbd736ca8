/* VolumeNum, found along runs, against a walk over voxels; centre and box of a ROI against sums. */
#include "../../core/connected.h"
#include "../../core/memory.h"
#include "../../pipeline/pyr_diagnostics.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static rad_error error;

static const char *line_of(const rad_pyr_report *r, const char *name) {
    for (size_t i = 0; i < r->count; i++)
        if (!strcmp(r->row[i].name, name)) return r->row[i].text;
    return "";
}

START_TEST(parts_are_those_of_a_walk) {
    static const size_t sizes[][3] = {{7, 6, 5}, {1, 9, 4}, {12, 1, 1}, {33, 5, 3}};
    const size_t *n = sizes[_i % 4], count = n[0] * n[1] * n[2];
    rad_geometry g = {.spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    memcpy(g.size, n, sizeof g.size);
    uint8_t *inside = rad_new(count, 1, &error), *copy = rad_new(count, 1, &error);
    rad_pyr_report report = {0};
    uint64_t state = 88172645463325252U + (uint64_t)_i;
    double sum = 0;
    size_t voxels = 0, parts = 0;
    for (size_t v = 0; v < count; v++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        inside[v] = state % 100 < 4 + 12 * (uint64_t)(_i / 4);
        voxels += inside[v];
        sum += inside[v] ? (double)(v % n[0]) : 0;
    }
    memcpy(copy, inside, count);
    const rad_pyr_mask mask = {.geometry = g, .inside = inside};
    ck_assert_int_eq(rad_pyr_report_mask(&report, "corrected", NULL, &mask, &error), RAD_OK);
    if (voxels) {
        char text[32];
        double centre = -1;
        ck_assert_int_eq(rad_components_largest(copy, n, &parts, &error), RAD_OK);
        snprintf(text, sizeof text, "%zu", parts);
        ck_assert_str_eq(line_of(&report, "diagnostics_Mask-corrected_VolumeNum"), text);
        snprintf(text, sizeof text, "%zu", voxels);
        ck_assert_str_eq(line_of(&report, "diagnostics_Mask-corrected_VoxelNum"), text);
        ck_assert_int_eq(
            sscanf(line_of(&report, "diagnostics_Mask-corrected_CenterOfMassIndex"), "(%lf", &centre), 1);
        ck_assert_double_eq_tol(centre, sum / (double)voxels, 1e-12);
    } else {
        ck_assert_uint_eq(report.count, 0);
    }
    rad_pyr_report_free(&report);
    rad_free(inside);
    rad_free(copy);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pyr_parts");
    TCase *tc = tcase_create("pyr_parts");
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, parts_are_those_of_a_walk, 0, 32);
    return test_run(suite);
}
