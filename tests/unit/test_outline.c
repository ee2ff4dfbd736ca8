/* Outlines of hulls against a look at every edge: the same edges in the same order. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../core/simd.h"
#include "../../features/outline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static rad_error error;

static double along(const double *a, const double n[3]) {
    return n[0] * a[0] + n[1] * a[1] + n[2] * a[2];
}

static size_t plain_outline(const rad_hull *hull, const double n[3], uint32_t *next, uint32_t *corners) {
    size_t count = 0;
    for (size_t e = 0; e < hull->edge_count; e++) {
        const rad_hull_edge *edge = &hull->edges[e];
        const bool left = along(hull->normals[edge->left], n) > 1e-12,
                   right = along(hull->normals[edge->right], n) > 1e-12;
        if (left == right) continue;
        corners[count++] = left ? edge->a : edge->b;
        next[left ? edge->a : edge->b] = left ? edge->b : edge->a;
    }
    return count;
}

/* A ball, a box, a rod, and noise; directions are facets of the hull, axes, and any. */
static void make_hull(int kind, rad_hull *hull) {
    enum { N = 24 };
    uint8_t *mask = calloc(N * N * N, 1);
    test_random random = {(uint64_t)kind + 1};
    for (int v = 0; v < N * N * N; v++) {
        const int plane = v / N / N;
        const double x = v % N - 11.3, y = v / N % N - 11.6, z = plane - 12;
        mask[v] = kind == 0   ? x * x + y * y * 1.3 + z * z * 1.7 < 110
                  : kind == 1 ? fabs(x) < 6 && fabs(y) < 9 && fabs(z) < 4
                  : kind == 2 ? x > -11 && x < 11.5 && fabs(y) < 1.5 && fabs(z) < 1
                              : test_uniform(&random) < 0.002 || v == 7000;
    }
    ck_ok(rad_hull_make(mask, (size_t[]){N, N, N}, &(rad_box){{0, 0, 0}, {N, N, N}},
                        (double[]){1, 1, kind == 1 ? 2.5 : 1}, hull, &error));
    free(mask);
}

START_TEST(outlines_are_those_of_a_look_at_all_edges) {
    rad_hull hull;
    rad_outlines outlines;
    rad_outline_room room;
    test_random random = {77};
    make_hull(_i % 4, &hull);
    rad_simd_allow(_i < 4);
    ck_ok(rad_outlines_make(&hull, &outlines, &error));
    ck_ok(rad_outline_room_make(&outlines, &room, &error));
    uint32_t *next[2], *corners[2];
    for (int k = 0; k < 2; k++) {
        next[k] = calloc(hull.vertex_count, sizeof **next);
        corners[k] = calloc(hull.edge_count, sizeof **corners);
    }
    for (size_t f = 0; f < hull.facet_count + 103; f++) {
        double n[3] = {f % 3 == 0, f % 3 == 1, f % 3 == 2};
        if (f < hull.facet_count) memcpy(n, hull.normals[f], sizeof n);
        if (f > hull.facet_count + 2) {
            double square = 0;
            for (int a = 0; a < 3; a++) n[a] = test_uniform(&random) - 0.5;
            for (int a = 0; a < 3; a++) square += n[a] * n[a];
            for (int a = 0; a < 3; a++) n[a] /= sqrt(square);
        }
        const size_t count = plain_outline(&hull, n, next[0], corners[0]);
        ck_assert_uint_eq(rad_outline_find(&outlines, &room, n, next[1], corners[1]), count);
        ck_assert(!memcmp(corners[0], corners[1], count * sizeof **corners));
        for (size_t i = 0; i < count; i++) ck_assert_uint_eq(next[0][corners[0][i]], next[1][corners[0][i]]);
    }
    for (int k = 0; k < 2; k++) {
        free(next[k]);
        free(corners[k]);
    }
    rad_outline_room_free(&room);
    rad_outlines_free(&outlines);
    rad_simd_allow(true);
    rad_hull_free(&hull);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("outline");
    TCase *tests = tcase_create("outline");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, outlines_are_those_of_a_look_at_all_edges, 0, 8);
    return test_run(suite);
}
