/* Families that settings ask for beside those of the IBSI: points of the histogram, diameters in a slice,
 * maximal correlation. Each against a naive twin or a closed form. */
#include "../../core/eigen.h"
#include "../../core/memory.h"
#include "../../features/families.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static rad_roi make(uint64_t seed, double fill) {
    rad_roi roi;
    test_roi_make(&(test_roi_options){.size = {7, 6, 4},
                                      .spacing = {0.8, 1.3, 3},
                                      .margin = 1,
                                      .levels = 9,
                                      .fill = fill,
                                      .seed = seed},
                  &roi);
    return roi;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void run(const rad_family *family, const rad_roi *roi, const rad_levels *levels,
                const rad_feature_settings *settings, rad_value *values) {
    rad_error error = {0};
    rad_value *out[RAD_PASS_FAMILIES] = {values};
    const rad_feature_input input = {.roi = roi, .levels = levels, .settings = settings, .threads = 1};
    ck_ok(family->pass->run(&input, out, &error));
}

START_TEST(points_by_counting) {
    const rad_feature_settings settings = {.percentiles = {3, {0, 2.5, 100}},
                                           .volume_at = {3, {-1, 4, 100}},
                                           .volume_at_part = {3, {0, 41, 100}},
                                           .intensity_at = {3, {5, 95, 100}}};
    rad_roi roi = make(4 + (uint64_t)_i, _i ? 0.6 : 0.02);
    double *x = calloc(roi.intensity_count, sizeof *x);
    const size_t n = roi.intensity_count;
    rad_value out[64];
    rad_roi_gather(&roi, x);
    qsort(x, n, sizeof *x, ascending);
    run(&rad_family_points, &roi, NULL, &settings, out);
    for (int k = 0; k < 3; k++) {
        const double at[] = {settings.percentiles.row[k] / 100, 1 - settings.intensity_at.row[k] / 100};
        for (int g = 0; g < 2; g++) {
            const double rank = at[g] * (double)(n - 1);
            const size_t low = (size_t)floor(rank), high = low + 1 < n ? low + 1 : low;
            const double want = x[low] + (rank - floor(rank)) * (x[high] - x[low]);
            ck_near(out[(g ? 48 : 0) + k].value, want, 1e-12);
        }
        const double from[] = {settings.volume_at.row[k],
                               x[0] + settings.volume_at_part.row[k] / 100 * (x[n - 1] - x[0])};
        for (int g = 0; g < 2; g++) {
            double count = 0;
            for (size_t i = 0; i < n; i++) count += x[i] >= from[g];
            ck_near(out[(g ? 32 : 16) + k].value, count / (double)n, 1e-12);
        }
    }
    ck_assert(rad_family_points.listed(&settings, 2) && !rad_family_points.listed(&settings, 3));
    free(x);
    rad_roi_free(&roi);
}
END_TEST

START_TEST(names_of_points) {
    const rad_feature_settings settings = {.percentiles = {1, {2.5}}, .volume_at = {2, {20, -950}}};
    rad_error error = {0};
    const char *first = rad_family_points.tag(&settings, 0, &error);
    ck_assert_str_eq(first, "points_p2.5");
    ck_assert_str_eq(rad_family_points.tag(&settings, 16, &error), "points_v20");
    ck_assert_str_eq(rad_family_points.tag(&settings, 17, &error), "points_vm950");
    ck_assert_ptr_eq(rad_family_points.tag(&settings, 0, &error), first); /* kept once */
}
END_TEST

enum { LONGEST, ACROSS, PRODUCT };

/* A box of w x h pixels of 1 mm: the outline begins half a pixel beyond the outermost centres. */
START_TEST(diameters_of_a_box) {
    static const size_t sizes[][2] = {{1, 1}, {2, 1}, {5, 1}, {4, 4}, {9, 5}, {3, 8}};
    const double w = (double)sizes[_i][0], h = (double)sizes[_i][1];
    rad_roi roi;
    rad_value out[3];
    test_roi_full((size_t[]){sizes[_i][0], sizes[_i][1], 3}, (double[]){1, 1, 5}, &roi);
    run(&rad_family_recist, &roi, NULL, &(rad_feature_settings){.families = 0}, out);
    const double a = hypot(w, h - 1), b = hypot(w - 1, h);
    ck_near(out[LONGEST].value, fmax(a, b), 1e-12);
    if (h == 1) ck_near(out[ACROSS].value, 1, 1e-12); /* the long axis lies along the row */
    ck_near(out[PRODUCT].value, out[LONGEST].value * out[ACROSS].value, 1e-12);
    rad_roi_free(&roi);
}
END_TEST

typedef struct spot {
    double x, y;
} spot;

static size_t list_spots(const rad_roi *roi, size_t z, spot *out) {
    size_t n = 0;
    for (size_t y = 0; y < roi->size[1]; y++)
        for (size_t x = 0; x < roi->size[0]; x++) {
            const uint8_t *at = roi->morphological + (z * roi->size[1] + y) * roi->size[0] + x;
            if (!*at) continue;
            const double u = 0.8 * (double)x, v = 1.3 * (double)y; /* every middle, also those inside */
            out[n++] = (spot){u - 0.4, v};
            out[n++] = (spot){u + 0.4, v};
            out[n++] = (spot){u, v - 0.65};
            out[n++] = (spot){u, v + 0.65};
        }
    return n;
}

/* What all segments between two points reach across the direction, at a place along it. */
static double reach(const spot *p, size_t n, spot along, double at) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            const double t = p[i].x * along.x + p[i].y * along.y, s = p[k].x * along.x + p[k].y * along.y;
            const double u = p[i].y * along.x - p[i].x * along.y, v = p[k].y * along.x - p[k].x * along.y;
            if (at < t || at > s) continue;
            const double here = s > t ? u + (at - t) / (s - t) * (v - u) : u;
            low = fmin(low, here);
            high = fmax(high, here);
        }
    return high - low;
}

START_TEST(diameters_by_all_segments) {
    rad_roi roi = make(40 + (uint64_t)_i, _i % 2 ? 0.15 : 0.5);
    spot p[4 * 9 * 8];
    double longest = 0, across = 0;
    rad_value out[3];
    for (size_t z = 0; z < roi.size[2]; z++) {
        const size_t n = list_spots(&roi, z, p);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++) longest = fmax(longest, hypot(p[k].x - p[i].x, p[k].y - p[i].y));
    }
    for (size_t z = 0; z < roi.size[2]; z++) {
        const size_t n = list_spots(&roi, z, p);
        for (size_t i = 0; i < n; i++)
            for (size_t k = i + 1; k < n; k++) {
                const double length = hypot(p[k].x - p[i].x, p[k].y - p[i].y);
                if (length < longest * (1 - 1e-9)) continue;
                const spot along = {(p[k].x - p[i].x) / length, (p[k].y - p[i].y) / length};
                for (size_t j = 0; j < n; j++)
                    across = fmax(across, reach(p, n, along, p[j].x * along.x + p[j].y * along.y));
            }
    }
    run(&rad_family_recist, &roi, NULL, &(rad_feature_settings){.families = 0}, out);
    ck_near(out[LONGEST].value, longest, 1e-12);
    ck_near(out[ACROSS].value, across, 1e-9);
    rad_roi_free(&roi);
}
END_TEST

enum { LEVELS = 9, DIRECTIONS = 13 };

/* Of Q as it is defined: the second largest singular value of p(i,k) / sqrt(p(i.) p(k.)), squared, is that of
 * Q. */
static double correlation(double p[LEVELS][LEVELS], size_t *n) {
    double margin[LEVELS] = {0}, a[LEVELS * LEVELS], value = 0;
    size_t used[LEVELS];
    rad_error error = {0};
    *n = 0;
    for (int i = 0; i < LEVELS; i++)
        for (int k = 0; k < LEVELS; k++) margin[i] += p[i][k];
    for (size_t i = 0; i < LEVELS; i++)
        if (margin[i] > 0) used[(*n)++] = i;
    for (size_t i = 0; i < *n; i++)
        for (size_t k = 0; k < *n; k++) {
            a[i * *n + k] = 0; /* Q, whose eigenvalues are those of Q^T */
            for (size_t m = 0; m < *n; m++)
                a[i * *n + k] += p[used[i]][used[m]] * p[used[k]][used[m]] /
                                 sqrt(margin[used[i]] * margin[used[k]]) / margin[used[m]];
        }
    if (*n > 1) ck_ok(rad_eigen_second(*n, a, &value, &error));
    return sqrt(fmax(value, 0));
}

START_TEST(maximal_correlation) {
    const rad_feature_settings settings = {.dimensions = RAD_3D, .glcm_distance = 1 + _i % 2};
    rad_roi roi = make(70 + (uint64_t)_i, 0.7);
    rad_levels levels;
    rad_value out[6];
    double all[LEVELS][LEVELS] = {{0}}, sum = 0;
    size_t n, counted = 0;
    test_levels_make(&roi, &levels);
    run(&rad_family_mcc, &roi, &levels, &settings, out);
    const int *s = (const int[]){(int)levels.size[0], (int)levels.size[1], (int)levels.size[2]};
    for (int d = 14; d < 27; d++) {
        const int step[3] = {d % 3 - 1, d / 3 % 3 - 1, d / 9 - 1};
        double p[LEVELS][LEVELS] = {{0}};
        for (int z = 0; z < s[2]; z++)
            for (int y = 0; y < s[1]; y++)
                for (int x = 0; x < s[0]; x++) {
                    const int to[3] = {x + step[0] * settings.glcm_distance,
                                       y + step[1] * settings.glcm_distance,
                                       z + step[2] * settings.glcm_distance};
                    if (to[0] < 0 || to[1] < 0 || to[2] < 0 || to[0] >= s[0] || to[1] >= s[1] ||
                        to[2] >= s[2])
                        continue;
                    const int a = levels.level[(z * s[1] + y) * s[0] + x],
                              b = levels.level[(to[2] * s[1] + to[1]) * s[0] + to[0]];
                    if (!a || !b) continue;
                    p[a - 1][b - 1]++;
                    p[b - 1][a - 1]++;
                }
        for (int i = 0; i < LEVELS; i++)
            for (int k = 0; k < LEVELS; k++) all[i][k] += p[i][k];
        const double value = correlation(p, &n);
        if (n < 2) continue;
        sum += value;
        counted++;
    }
    ck_assert_uint_gt(counted, 5);
    ck_near(out[RAD_3D_AVG].value, sum / (double)counted, 1e-9);
    ck_near(out[RAD_3D_COMB].value, correlation(all, &n), 1e-9);
    rad_levels_free(&levels);
    rad_roi_free(&roi);
}
END_TEST

/* One level has no correlation, and what needs a matrix of too many levels says so. */
START_TEST(no_correlation) {
    const rad_feature_settings settings = {.dimensions = RAD_3D, .glcm_distance = 1};
    rad_roi roi;
    rad_levels levels;
    rad_value out[6];
    test_roi_full((size_t[]){12, 10, 9}, (double[]){1, 1, 1}, &roi);
    test_levels_make(&roi, &levels);
    run(&rad_family_mcc, &roi, &levels, &settings, out);
    ck_assert_int_eq(out[RAD_3D_COMB].reason, RAD_ONE_LEVEL);
    rad_levels_free(&levels);
    for (size_t i = 0; i < 1080; i++) roi.intensity[i] = (double)(i % 511 + 1);
    test_levels_make(&roi, &levels);
    run(&rad_family_mcc, &roi, &levels, &settings, out);
    ck_assert_int_eq(out[RAD_3D_COMB].reason, RAD_DEFINED);
    rad_levels_free(&levels);
    for (size_t i = 0; i < 1080; i++) roi.intensity[i] = (double)(i % 512 + 1);
    test_levels_make(&roi, &levels);
    run(&rad_family_mcc, &roi, &levels, &settings, out);
    ck_assert_int_eq(out[RAD_3D_COMB].reason, RAD_MANY_LEVELS);
    rad_levels_free(&levels);
    rad_roi_free(&roi);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("points");
    TCase *tests = tcase_create("points");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, points_by_counting, 0, 4);
    tcase_add_test(tests, names_of_points);
    tcase_add_loop_test(tests, diameters_of_a_box, 0, 6);
    tcase_add_loop_test(tests, diameters_by_all_segments, 0, 8);
    tcase_add_loop_test(tests, maximal_correlation, 0, 6);
    tcase_add_test(tests, no_correlation);
    return test_run(suite);
}
