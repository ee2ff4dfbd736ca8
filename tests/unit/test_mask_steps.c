/* Steps of masks against naive twins: all pairs of voxels for distances, labels that spread for parts and
 * holes. */
#include "../../core/connected.h"
#include "../../core/distances.h"
#include "../../core/memory.h"
#include "../../pipeline/mask_apply.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { X = 9, Y = 8, Z = 6, COUNT = X * Y * Z };

static const rad_geometry grid = {
    .size = {X, Y, Z}, .spacing = {0.7, 1.1, 2.5}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};

static void draw(uint8_t *inside, double fill, uint64_t seed) {
    test_random random = {seed};
    for (int i = 0; i < COUNT; i++) inside[i] = test_uniform(&random) < fill;
}

/* Squared distance of voxel i to voxel k in mm, along the first `axes` axes; negative where another one parts
 * them. */
static double pair(int i, int k, int axes) {
    const int at[3] = {i % X, i / X % Y, i / X / Y}, to[3] = {k % X, k / X % Y, k / X / Y};
    double square = 0;
    for (int a = 0; a < 3; a++) {
        const double away = grid.spacing[a] * (at[a] - to[a]);
        if (a >= axes && at[a] != to[a]) return -1;
        if (a < axes) square += away * away;
    }
    return square;
}

static double nearest(const uint8_t *inside, int i, bool to, int axes) {
    double least = INFINITY;
    for (int k = 0; k < COUNT; k++) {
        const double square = inside[k] == to ? pair(i, k, axes) : -1;
        if (square >= 0 && square < least) least = square;
    }
    return least;
}

START_TEST(distances_are_those_of_all_pairs) {
    uint8_t inside[COUNT];
    double out[COUNT];
    rad_error error = {0};
    const double fills[] = {0, 0.005, 0.05, 0.5, 1};
    for (int axes = 2; axes <= 3; axes++)
        for (size_t f = 0; f < sizeof fills / sizeof fills[0]; f++) {
            draw(inside, fills[f], 7 + f);
            const rad_distance_of of = {inside, grid.size, {0.7, 1.1, axes == 3 ? 2.5 : 0}};
            ck_ok(rad_distance_squared(&of, out, &error));
            for (int i = 0; i < COUNT; i++) {
                const double want = nearest(inside, i, true, axes);
                if (isinf(want))
                    ck_assert(isinf(out[i]));
                else
                    ck_near(out[i], want, 1e-12);
            }
        }
}
END_TEST

static bool touches(int i, int k, int most, bool flat) {
    const int d[3] = {i % X - k % X, i / X % Y - k / X % Y, i / X / Y - k / X / Y};
    return abs(d[0]) <= 1 && abs(d[1]) <= 1 && abs(d[2]) <= (flat ? 0 : 1) &&
           abs(d[0]) + abs(d[1]) + abs(d[2]) <= most;
}

/* Every voxel takes the least number of those of its kind that it touches, until nothing changes. */
static void spread(const uint8_t *kind, int *number, int most, bool flat) {
    for (int i = 0; i < COUNT; i++) number[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < COUNT; i++)
            for (int k = 0; k < COUNT; k++)
                if (kind[i] == kind[k] && number[k] < number[i] && touches(i, k, most, flat)) {
                    number[i] = number[k];
                    changed = true;
                }
    }
}

START_TEST(largest_part) {
    uint8_t inside[COUNT], got[COUNT];
    int number[COUNT];
    rad_error error = {0};
    size_t parts;
    draw(inside, _i ? 0.12 : 0, 3 + (uint64_t)_i);
    spread(inside, number, 3, false);
    int size[COUNT] = {0}, best = -1;
    size_t count = 0;
    for (int i = 0; i < COUNT; i++) size[number[i]] += inside[i];
    for (int i = 0; i < COUNT; i++) {
        count += size[i] > 0;
        if (size[i] && (best < 0 || size[i] > size[best])) best = i;
    }
    memcpy(got, inside, sizeof got);
    ck_ok(rad_components_largest(got, grid.size, &parts, &error));
    ck_assert_uint_eq(parts, count);
    ck_assert(_i < 2 || parts > 3);
    for (int i = 0; i < COUNT; i++) ck_assert_int_eq(got[i], inside[i] && number[i] == best);
}
END_TEST

START_TEST(holes) {
    const bool flat = _i & 1;
    uint8_t inside[COUNT], got[COUNT];
    int number[COUNT], filled = 0;
    rad_error error = {0};
    draw(inside, 0.75, 11 + (uint64_t)_i);
    spread(inside, number, 1, flat);
    bool open[COUNT] = {false};
    for (int i = 0; i < COUNT; i++) {
        const int x = i % X, y = i / X % Y, z = i / X / Y;
        if (x == 0 || y == 0 || x == X - 1 || y == Y - 1 || (!flat && (z == 0 || z == Z - 1)))
            open[number[i]] = true;
    }
    memcpy(got, inside, sizeof got);
    ck_ok(rad_components_fill(got, grid.size, flat, &error));
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(got[i], inside[i] || !open[number[i]]);
        filled += got[i] && !inside[i];
    }
    ck_assert_int_gt(filled, 0);
}
END_TEST

/* Two ROIs, called a and b, with a border of background that is `border` voxels wide. */
static void make(rad_mask *mask, uint8_t *a, uint8_t *b, int border) {
    rad_error error = {0};
    draw(a, 0.6, 21);
    draw(b, 0.6, 22);
    *mask = (rad_mask){.volume = {.geometry = grid, .type = RAD_FLOAT64, .slope = 1}};
    ck_ok(rad_mask_begin(mask, &error));
    ck_ok(rad_mask_add_label(mask, 1, "a", NULL, &error));
    ck_ok(rad_mask_add_label(mask, 5, "b", NULL, &error));
    for (int i = 0; i < COUNT; i++) {
        const int x = i % X, y = i / X % Y, z = i / X / Y;
        if (x < border || y < border || z < border || x >= X - border || y >= Y - border || z >= Z - border)
            a[i] = b[i] = 0;
        if (a[i]) ck_ok(rad_mask_add_run(mask, 1, (size_t)x, (size_t)x + 1, (size_t)y, (size_t)z, &error));
        if (b[i]) ck_ok(rad_mask_add_run(mask, 5, (size_t)x, (size_t)x + 1, (size_t)y, (size_t)z, &error));
    }
    ck_ok(rad_mask_end(mask, &error));
}

static rad_mask_step step_of(const char *word, double mm, double inner, int dimension, const char *name) {
    rad_mask_step step;
    rad_error error = {0};
    ck_ok(rad_mask_step_begin(&step, word, &error));
    step.mm = mm;
    step.inner = inner;
    step.dimension = dimension;
    snprintf(step.roi, sizeof step.roi, "a");
    snprintf(step.name, sizeof step.name, "%s", name);
    return step;
}

static void check(const rad_mask *mask, int64_t label, const bool *want) {
    uint8_t got[COUNT];
    const rad_box all = rad_geometry_box(&grid);
    rad_mask_crop(mask, label, &all, got);
    for (int i = 0; i < COUNT; i++) ck_assert_msg(got[i] == want[i], "voxel %d is %d", i, got[i]);
}

/* Distances below, at and above those of neighbours; 1.1 is that of two voxels along y to the last digit. */
START_TEST(distances_in_mm) {
    static const double far[] = {0.6, 0.7, 1.1, 1.4, 2.49, 2.5, 3.3, 60};
    for (size_t f = 0; f < sizeof far / sizeof far[0]; f++)
        for (int dimension = 2; dimension <= 3; dimension++)
            for (int border = 0; border < 2; border++) {
                const double mm = far[f], inner = f ? far[f - 1] : 0;
                const rad_mask_step steps[] = {step_of("grow", mm, 0, dimension, "grown"),
                                               step_of("shrink", mm, 0, dimension, "shrunk"),
                                               step_of("ring", mm, inner, dimension, "*_ring")};
                uint8_t a[COUNT], b[COUNT];
                bool want[3][COUNT];
                rad_mask mask;
                rad_error error = {0};
                make(&mask, a, b, border);
                ck_ok(rad_mask_apply(&mask, steps, 3, "m", NULL, &error));
                for (int i = 0; i < COUNT; i++) {
                    const double out = nearest(a, i, true, dimension), in = nearest(a, i, false, dimension);
                    const double at = mm * mm * (1 + 1e-9), from = inner * inner * (1 + 1e-9);
                    want[0][i] = out <= at;
                    want[1][i] = a[i] && in > at;
                    want[2][i] = out > from && out <= at;
                }
                ck_assert_uint_eq(mask.label_count, 5);
                for (int s = 0; s < 3; s++) check(&mask, 6 + s, want[s]);
                ck_assert_str_eq(mask.labels[4].name, "a_ring");
                bool kept[COUNT];
                for (int i = 0; i < COUNT; i++) kept[i] = b[i];
                check(&mask, 5, kept);
                rad_mask_free(&mask);
            }
}
END_TEST

START_TEST(two_rois) {
    static const char *const words[] = {"union", "intersection", "minus", "difference"};
    for (int s = 0; s < 4; s++) {
        uint8_t a[COUNT], b[COUNT];
        bool want[COUNT];
        rad_mask mask;
        rad_error error = {0};
        make(&mask, a, b, 0);
        rad_mask_step step = step_of(words[s], 0, 0, 3, "");
        strcpy(step.other, "b");
        ck_ok(rad_mask_apply(&mask, &step, 1, "m", NULL, &error));
        for (int i = 0; i < COUNT; i++)
            want[i] = s == 0 ? a[i] || b[i] : s == 1 ? a[i] && b[i] : s == 2 ? a[i] && !b[i] : a[i] != b[i];
        ck_assert_uint_eq(mask.label_count, 2);
        check(&mask, 1, want);
        rad_mask_free(&mask);
    }
}
END_TEST

/* In their order: what one step makes is there for the next. */
START_TEST(one_after_the_other) {
    uint8_t a[COUNT], b[COUNT];
    bool want[COUNT];
    rad_mask mask;
    rad_error error = {0};
    rad_warnings warnings = {.count = 0};
    make(&mask, a, b, 1);
    rad_mask_step steps[] = {step_of("grow", 1.1, 0, 3, "wide"), step_of("minus", 0, 0, 3, "rim")};
    strcpy(steps[1].roi, "wide");
    strcpy(steps[1].other, "a+b");
    ck_ok(rad_mask_apply(&mask, steps, 2, "m", &warnings, &error));
    for (int i = 0; i < COUNT; i++) want[i] = nearest(a, i, true, 3) <= 1.21 * (1 + 1e-9) && !a[i] && !b[i];
    check(&mask, 7, want);
    ck_assert_uint_eq(warnings.count, 1);
    ck_assert_ptr_nonnull(
        strstr(warnings.text[0], "ROI a: grow by 1.1 mm meets the border of the image along x, y"));
    rad_mask_free(&mask);
}
END_TEST

START_TEST(what_cannot_be) {
    uint8_t a[COUNT], b[COUNT];
    rad_mask mask;
    rad_error error = {0};
    make(&mask, a, b, 1);
    rad_mask_step step = step_of("shrink", 60, 0, 3, "");
    ck_ok(rad_mask_apply(&mask, &step, 1, "m", NULL, &error));
    ck_assert_str_eq(mask.labels[0].fault, "shrink by 60 mm leaves no voxel of it");
    ck_assert(!mask.labels[1].fault && mask.labels[0].voxels == 0);
    strcpy(step.roi, "nothing");
    ck_assert_int_eq(rad_mask_apply(&mask, &step, 1, "m", NULL, &error), RAD_UNREADABLE);
    step = step_of("grow", 1, 0, 3, "b");
    ck_assert_int_eq(rad_mask_apply(&mask, &step, 1, "m", NULL, &error), RAD_CONFIG);
    ck_assert_ptr_nonnull(strstr(error.text, "there is a ROI b already"));
    *step.roi = '\0';
    strcpy(step.name, "c");
    ck_assert_int_eq(rad_mask_apply(&mask, &step, 1, "m", NULL, &error), RAD_CONFIG);
    ck_assert_ptr_nonnull(strstr(error.text, "grow of 2 ROIs gives as many"));
    ck_assert_uint_eq(mask.label_count, 2);
    rad_mask_free(&mask);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mask_steps");
    TCase *tests = tcase_create("mask_steps");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, distances_are_those_of_all_pairs);
    tcase_add_loop_test(tests, largest_part, 0, 6);
    tcase_add_loop_test(tests, holes, 0, 6);
    tcase_add_test(tests, distances_in_mm);
    tcase_add_test(tests, two_rois);
    tcase_add_test(tests, one_after_the_other);
    tcase_add_test(tests, what_cannot_be);
    return test_run(suite);
}
