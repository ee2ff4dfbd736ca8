/* The smallest ellipsoid: closed forms under affine maps, a plain ascent, and one answer for every storage
 * order of a ROI. */
#include "../../features/enclosing.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static rad_error error;

/* Corners of a cube, or ends of the axes; their ellipsoid is a ball of radius sqrt(3), or 1. */
static size_t put_corners(bool cube, rad_point *out) {
    for (size_t i = 0; i < 8 && cube; i++)
        for (size_t a = 0; a < 3; a++) out[i][a] = i >> a & 1 ? 1 : -1;
    for (size_t i = 0; i < 6 && !cube; i++)
        for (size_t a = 0; a < 3; a++) out[i][a] = i / 2 != a ? 0 : i % 2 ? 1 : -1;
    return cube ? 8 : 6;
}

/* A map of the space takes the ellipsoid with it: its semi-axes are the singular values of the map. */
START_TEST(affine_maps) {
    enum { INSIDE = 300 };
    test_random random = {99 + (uint64_t)_i};
    rad_point points[8 + INSIDE];
    const size_t corners = put_corners(_i % 2, points), count = corners + INSIDE;
    double map[9], square[9] = {0}, expected[3], axis[3];
    for (size_t i = corners; i < count; i++) { /* within the octahedron, so within both */
        double sum = 0;
        for (int a = 0; a < 3; a++) sum += fabs(points[i][a] = 2 * test_uniform(&random) - 1);
        for (int a = 0; a < 3; a++) points[i][a] /= fmax(1, sum);
    }
    for (int k = 0; k < 9; k++) map[k] = (k % 4 == 0 ? 3 : 0) + 4 * test_uniform(&random) - 2;
    for (size_t i = 0; i < count; i++) {
        rad_point p;
        memcpy(p, points[i], sizeof p);
        for (int a = 0; a < 3; a++)
            points[i][a] = 1e3 * _i + map[3 * a] * p[0] + map[3 * a + 1] * p[1] + map[3 * a + 2] * p[2];
    }
    for (int k = 0; k < 9; k++)
        for (int m = 0; m < 3; m++) square[k] += map[3 * (k / 3) + m] * map[3 * (k % 3) + m];
    ck_ok(rad_eigenvalues(square, expected, &error));
    ck_ok(rad_enclosing_ellipsoid(&(rad_hull){.vertices = points, .vertex_count = count}, axis, &error));
    for (int a = 0; a < 3; a++) ck_near(axis[a], sqrt(expected[a] * (_i % 2 ? 3 : 1)), 1e-8);
}
END_TEST

static const int permutations[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

/* The mask of a ROI with its axes permuted, then those flipped whose bit is set. */
static void reorder(const rad_roi *roi, int order, rad_roi *out) {
    const int *axis = permutations[order / 8];
    size_t size[3];
    double spacing[3];
    for (int a = 0; a < 3; a++) {
        size[a] = roi->size[axis[a]];
        spacing[a] = roi->grid.spacing[axis[a]];
    }
    test_roi_full(size, spacing, out);
    for (size_t i = 0; i < rad_box_count(&out->box); i++) {
        const size_t at[3] = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
        size_t from[3];
        for (int a = 0; a < 3; a++) from[axis[a]] = order >> a & 1 ? size[a] - 1 - at[a] : at[a];
        out->morphological[i] =
            roi->morphological[(from[2] * roi->size[1] + from[1]) * roi->size[0] + from[0]];
    }
    test_roi_recount(out);
}

static const test_roi_options rois[] = {
    {{24, 19, 9}, {0.9, 1.1, 2.5}, 0, 8, 0.02, 0, false, 3},
    {{40, 31, 17}, {1, 1, 1}, 0, 8, 0.004, 0, false, 4},
    {{7, 9, 5}, {0.7, 0.7, 3}, 0, 8, 0.3, 0, false, 5},
    {{33, 12, 4}, {1.3, 0.8, 2}, 0, 8, 0.05, 0, false, 6},
    {{60, 50, 3}, {0.5, 0.5, 5}, 0, 8, 0.5, 0, false, 7},
    {{2, 2, 2}, {1, 2, 3}, 0, 8, 1, 0, false, 8},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

/* Cuts the corners off, so that the hull is not the box. */
static void round_off(rad_roi *roi) {
    for (size_t i = 0; i < rad_box_count(&roi->box); i++) {
        const size_t at[3] = {i % roi->size[0], i / roi->size[0] % roi->size[1],
                              i / roi->size[0] / roi->size[1]};
        double square = 0;
        for (int a = 0; a < 3; a++) square += pow(2 * ((double)at[a] + 0.5) / (double)roi->size[a] - 1, 2);
        if (square > 1.2) roi->morphological[i] = 0;
    }
    test_roi_recount(roi);
}

START_TEST(storage_orders) {
    rad_roi roi, turned;
    rad_hull hull;
    double first[4] = {0};
    test_roi_make(&rois[_i], &roi);
    if (_i + 1 < ROIS) round_off(&roi);
    for (int order = 0; order < 48; order++) {
        double axis[3];
        reorder(&roi, order, &turned);
        ck_ok(rad_hull_make(turned.morphological, turned.size, &turned.inner, turned.grid.spacing, &hull,
                            &error));
        ck_ok(rad_enclosing_ellipsoid(&hull, axis, &error));
        const double now[4] = {axis[0] * axis[1] * axis[2], axis[0], axis[1], axis[2]};
        if (!order) memcpy(first, now, sizeof first);
        ck_near(now[0] / first[0], 1, 1e-9);
        for (int a = 1; a < 4; a++) ck_near(now[a] / first[a], 1, 1e-8);
        rad_hull_free(&hull);
        rad_roi_free(&turned);
    }
    rad_roi_free(&roi);
}
END_TEST

/* Determinant of the inverse of a symmetric 4x4 matrix, and the inverse, by elimination without pivots. */
static double invert(const double m[4][4], double inverse[4][4]) {
    double a[4][8] = {{0}}, determinant = 1;
    for (int r = 0; r < 4; r++) {
        memcpy(a[r], m[r], sizeof m[r]);
        a[r][4 + r] = 1;
    }
    for (int k = 0; k < 4; k++) {
        const double pivot = a[k][k];
        determinant *= pivot;
        for (int c = 0; c < 8; c++) a[k][c] /= pivot;
        for (int r = 0; r < 4; r++) {
            const double factor = a[r][k];
            for (int c = 0; c < 8 && r != k; c++) a[r][c] -= factor * a[k][c];
        }
    }
    for (int r = 0; r < 4; r++) memcpy(inverse[r], a[r] + 4, sizeof inverse[r]);
    return determinant;
}

/* Khachiyan's ascent as it is in books: the furthest point gets more weight until none is further than a
 * part. Product of the semi-axes of the ellipsoid that holds all points. */
static double plain_ascent(rad_point *p, size_t count) {
    double weight[512] = {0}, m[4][4], inverse[4][4], determinant = 0, most = 0;
    for (size_t i = 0; i < count; i++) weight[i] = 1 / (double)count;
    for (int step = 0; step < 60000; step++) {
        size_t far = 0;
        memset(m, 0, sizeof m);
        for (size_t i = 0; i < count; i++) {
            const double q[4] = {p[i][0], p[i][1], p[i][2], 1};
            for (int k = 0; k < 16; k++) m[k / 4][k % 4] += weight[i] * q[k / 4] * q[k % 4];
        }
        determinant = invert((const double(*)[4])m, inverse);
        most = 0;
        for (size_t i = 0; i < count; i++) {
            const double q[4] = {p[i][0], p[i][1], p[i][2], 1};
            double d = 0;
            for (int k = 0; k < 16; k++) d += q[k / 4] * inverse[k / 4][k % 4] * q[k % 4];
            if (d > most) far = i;
            most = fmax(most, d);
        }
        if (most < 4 * (1 + 1e-3)) break;
        const double part = (most - 4) / (4 * (most - 1));
        for (size_t i = 0; i < count; i++) weight[i] *= 1 - part;
        weight[far] += part;
    }
    ck_assert(most < 4 * (1 + 1e-3));
    return sqrt(determinant) * pow(most - 1, 1.5);
}

/* Against the plain ascent: of points on a ball (nearly all take part), in a ball, on a grid (many are
 * alike). */
START_TEST(plain_ascent_agrees) {
    static const size_t counts[] = {5, 12, 40, 150, 27};
    test_random random = {7 + (uint64_t)_i};
    rad_point p[512];
    double axis[3];
    const size_t count = counts[_i % 5];
    for (size_t i = 0; i < count; i++) {
        double square = 0;
        for (size_t a = 0; a < 3; a++) {
            p[i][a] = 2 * test_uniform(&random) - 1;
            square += p[i][a] * p[i][a];
        }
        for (size_t a = 0; a < 3; a++) {
            if (_i % 2) p[i][a] /= sqrt(square);
            if (count == 27) p[i][a] = (double)(i / (size_t)pow(3, (double)a) % 3) * (double)(a + 1);
        }
    }
    ck_ok(rad_enclosing_ellipsoid(&(rad_hull){.vertices = p, .vertex_count = count}, axis, &error));
    const double ratio = axis[0] * axis[1] * axis[2] / plain_ascent(p, count);
    ck_assert_msg(ratio <= 1 + 1e-9 && ratio >= 1 - 3e-3, "%zu points: ratio %.12g", count, ratio);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("enclosing");
    TCase *tests = tcase_create("enclosing");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, affine_maps, 0, 20);
    tcase_add_loop_test(tests, storage_orders, 0, ROIS);
    tcase_add_loop_test(tests, plain_ascent_agrees, 0, 20);
    return test_run(suite);
}
