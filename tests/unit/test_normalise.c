/* Normalisation against plain loops: all methods, types with slope and intercept, NaN and padding. */
#include "../../core/memory.h"
#include "../../pipeline/normalise.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT = 7 * 6 * 5 };

static rad_volume make(bool holes) {
    rad_volume v = {
        .geometry = {.size = {7, 6, 5}, .spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}},
        .type = RAD_FLOAT32,
        .slope = 0.5,
        .intercept = -20};
    test_random random = {11};
    float *x = rad_new_raw(COUNT, sizeof *x, NULL);
    ck_assert_ptr_nonnull(x);
    for (int i = 0; i < COUNT; i++) x[i] = (float)(300 * test_uniform(&random) + (i % 9 ? 0 : 900));
    if (holes) {
        x[3] = NAN;
        x[90] = INFINITY;
        x[17] = x[40] = -4000; /* padding: -2020 */
        v.pads = true;
        v.pad[0] = v.pad[1] = -2020;
    }
    v.voxels = x;
    return v;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The intensities that count, in order; *n of them. */
static void choose(const double *x, bool foreground, double *own, int *n) {
    double mean = 0;
    *n = 0;
    for (int i = 0; i < COUNT; i++)
        if (isfinite(x[i]) && x[i] != -2020) own[(*n)++] = x[i];
    for (int i = 0; i < *n; i++) mean += own[i] / *n;
    int kept = 0;
    for (int i = 0; i < *n; i++)
        if (!foreground || own[i] > mean) own[kept++] = own[i];
    *n = kept;
    qsort(own, (size_t)kept, sizeof *own, ascending);
}

static double at_rank(const double *own, int n, double part) {
    const double rank = part * (n - 1);
    const int below = (int)floor(rank);
    return below + 1 < n ? own[below] * (below + 1 - rank) + own[below + 1] * (rank - below) : own[n - 1];
}

START_TEST(against_loops) {
    const bool holes = _i & 1, foreground = _i & 2, clips = _i & 4;
    const int method = 1 + _i / 8;
    const rad_normalisation how = {.method = method,
                                   .by = foreground ? RAD_NORMALISED_BY_FOREGROUND : RAD_NORMALISED_BY_IMAGE,
                                   .percentiles = {1, 99},
                                   .scale = 100,
                                   .clip = clips ? 1.5 : 0};
    double x[COUNT], own[COUNT], zero = 0, unit = 0;
    rad_error error = {0};
    int n;
    rad_volume v = make(holes);
    for (int i = 0; i < COUNT; i++) x[i] = 0.5 * (double)((float *)v.voxels)[i] - 20;
    choose(x, foreground, own, &n);
    if (method == RAD_NORMALISE_Z) {
        for (int i = 0; i < n; i++) zero += own[i] / n;
        for (int i = 0; i < n; i++) unit += (own[i] - zero) * (own[i] - zero) / (n - 1);
        unit = sqrt(unit);
    } else {
        const double tail = method == RAD_NORMALISE_PERCENTILE ? 0.01 : 0;
        zero = at_rank(own, n, tail);
        unit = at_rank(own, n, 1 - tail) - zero;
    }
    ck_ok(rad_normalise(&v, &how, NULL, "image", &error));
    const double *got = v.voxels;
    ck_assert(v.type == RAD_FLOAT64 && v.slope == 1 && v.intercept == 0);
    for (int i = 0; i < COUNT; i++) {
        double y = (x[i] - zero) / unit;
        const double low = method == RAD_NORMALISE_Z ? -1.5 : 0, high = method == RAD_NORMALISE_Z ? 1.5 : 1;
        if (clips && x[i] != -2020) y = y < low ? low : y > high ? high : y;
        if (!isfinite(x[i]))
            ck_assert(!isfinite(got[i]));
        else
            ck_near(got[i], 100 * y, 1e-9);
        ck_assert_int_eq(v.pads && got[i] >= v.pad[0] && got[i] <= v.pad[1], x[i] == -2020);
    }
    rad_volume_free(&v);
}
END_TEST

/* By the voxels of a ROI in a box inside of the image, and other percentiles than the usual ones. */
START_TEST(within_a_roi) {
    enum { WIDE = 4, HIGH = 3, DEEP = 2 };
    uint8_t inside[WIDE * HIGH * DEEP];
    const rad_drawn within = {.box = {{2, 1, 3}, {2 + WIDE, 1 + HIGH, 3 + DEEP}}, .inside = inside};
    for (int method = 1; method <= 3; method++) {
        rad_volume v = make(true);
        double x[COUNT], own[COUNT], zero = 0, unit = 0;
        rad_error error = {0};
        int n = 0, at = 0;
        for (int i = 0; i < COUNT; i++) x[i] = 0.5 * (double)((float *)v.voxels)[i] - 20;
        for (int z = 3; z < 3 + DEEP; z++)
            for (int y = 1; y < 1 + HIGH; y++)
                for (int i = 2; i < 2 + WIDE; i++, at++) {
                    inside[at] = at % 3 != 0;
                    const double here = x[(z * 6 + y) * 7 + i];
                    if (inside[at] && isfinite(here) && here != -2020) own[n++] = here;
                }
        qsort(own, (size_t)n, sizeof *own, ascending);
        const rad_normalisation how = {
            .method = method, .by = RAD_NORMALISED_BY_ROI, .percentiles = {20, 75}, .scale = 2};
        if (method == RAD_NORMALISE_Z) {
            for (int i = 0; i < n; i++) zero += own[i] / n;
            for (int i = 0; i < n; i++) unit += (own[i] - zero) * (own[i] - zero) / (n - 1);
            unit = sqrt(unit);
        } else {
            const bool cut = method == RAD_NORMALISE_PERCENTILE;
            zero = at_rank(own, n, cut ? 0.2 : 0);
            unit = at_rank(own, n, cut ? 0.75 : 1) - zero;
        }
        ck_ok(rad_normalise(&v, &how, &within, "image", &error));
        for (int i = 0; i < COUNT; i++)
            if (isfinite(x[i])) ck_near(((const double *)v.voxels)[i], 2 * (x[i] - zero) / unit, 1e-9);
        rad_volume_free(&v);
    }
}
END_TEST

/* An image of one intensity, or of none, has no scale; nothing is asked of one that stays as it is. */
START_TEST(nothing_varies) {
    rad_error error = {0};
    for (int method = 1; method <= 3; method++)
        for (int kind = 0; kind < 2; kind++) {
            rad_volume v = make(false);
            for (int i = 0; i < COUNT; i++) ((float *)v.voxels)[i] = kind ? NAN : 7;
            ck_assert_int_eq(
                rad_normalise(&v, &(rad_normalisation){.method = method, .scale = 1, .percentiles = {1, 99}},
                              NULL, "image", &error),
                RAD_UNREADABLE);
            ck_assert_ptr_nonnull(strstr(error.text, "image: normalisation needs intensities that differ"));
            ck_assert(v.type == RAD_FLOAT32);
            rad_volume_free(&v);
        }
    rad_volume v = make(true);
    ck_ok(rad_normalise(&v, &(rad_normalisation){.scale = 1}, NULL, "image", &error));
    ck_assert(v.type == RAD_FLOAT32 && v.slope == 0.5);
    rad_volume_free(&v);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("normalise");
    TCase *tests = tcase_create("normalise");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, against_loops, 0, 24);
    tcase_add_test(tests, within_a_roi);
    tcase_add_test(tests, nothing_varies);
    return test_run(suite);
}
