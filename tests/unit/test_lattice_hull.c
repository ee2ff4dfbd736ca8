/* The hull in whole numbers against Qhull, closed forms, and what every hull obeys. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../features/lattice_hull.h"

#include <stdlib.h>
#include <string.h>

static rad_error error;

/* Every vertex on or below every facet, facets of three edges or more, Euler's number, edges that fit. */
static void check_hull(const rad_hull *hull) {
    unsigned *sides = rad_new(hull->facet_count, sizeof *sides, NULL);
    ck_assert(sides != NULL);
    ck_assert_uint_eq(hull->vertex_count + hull->facet_count, hull->edge_count + 2);
    for (size_t e = 0; e < hull->edge_count; e++) {
        const rad_hull_edge *edge = &hull->edges[e];
        ck_assert(edge->left != edge->right && edge->a != edge->b);
        sides[edge->left]++;
        sides[edge->right]++;
    }
    for (size_t f = 0; f < hull->facet_count; f++) {
        const double *n = hull->normals[f];
        double reach = -INFINITY;
        ck_assert_uint_ge(sides[f], 3);
        ck_near(n[0] * n[0] + n[1] * n[1] + n[2] * n[2], 1, 1e-14);
        for (size_t i = 0; i < hull->vertex_count; i++) {
            const double *p = hull->vertices[i];
            reach = fmax(reach, n[0] * p[0] + n[1] * p[1] + n[2] * p[2]);
        }
        for (size_t e = 0; e < hull->edge_count; e++) {
            const rad_hull_edge *edge = &hull->edges[e];
            if (edge->left != f && edge->right != f) continue;
            for (int end = 0; end < 2; end++) {
                const double *p = hull->vertices[end ? edge->a : edge->b];
                ck_near(n[0] * p[0] + n[1] * p[1] + n[2] * p[2], reach, 1e-12);
            }
        }
    }
    rad_free(sides);
}

static int compare_vertices(const void *a, const void *b) {
    const double *p = a, *q = b;
    for (int i = 0; i < 3; i++)
        if (p[i] != q[i]) return p[i] < q[i] ? -1 : 1;
    return 0;
}

static void compare(rad_hull *one, rad_hull *other) {
    ck_near(one->volume / other->volume, 1, 1e-12);
    ck_near(one->area / other->area, 1, 1e-12);
    ck_assert_uint_eq(one->vertex_count, other->vertex_count);
    ck_assert_uint_eq(one->facet_count, other->facet_count);
    ck_assert_uint_eq(one->edge_count, other->edge_count);
    qsort(one->vertices, one->vertex_count, sizeof *one->vertices, compare_vertices);
    qsort(other->vertices, other->vertex_count, sizeof *other->vertices, compare_vertices);
    ck_assert_mem_eq(one->vertices, other->vertices, one->vertex_count * sizeof *one->vertices);
}

/* Beside the shapes of all suites: large and sparse ones, and one voxel. */
static const test_roi_options rois[] = {
    {{30, 20, 25}, {1, 1, 1}, 1, 2, 0.02, 0, false, 6},
    {{40, 30, 3}, {1, 1, 5}, 0, 2, 0.01, 0, false, 7},
    {{1, 1, 1}, {1, 2, 3}, 0, 2, 1, 0, false, 8},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

static void compare_ways(const rad_roi *roi) {
    rad_hull ours, theirs;
    ck_ok(rad_hull_make_by(RAD_HULL_LATTICE, roi->morphological, roi->size, &roi->inner, roi->grid.spacing,
                           &ours, &error));
    ck_ok(rad_hull_make_by(RAD_HULL_QHULL, roi->morphological, roi->size, &roi->inner, roi->grid.spacing,
                           &theirs, &error));
    check_hull(&ours);
    ck_assert(ours.diameter == theirs.diameter);
    compare(&ours, &theirs);
    rad_hull_free(&ours);
    rad_hull_free(&theirs);
}

START_TEST(masks_equal_qhull) {
    rad_roi roi;
    test_roi_make(_i < TEST_SHAPES ? &test_shapes[_i] : &rois[_i - TEST_SHAPES], &roi);
    compare_ways(&roi);
    rad_roi_free(&roi);
}
END_TEST

/* Ellipsoids have large facets and long rows of points in one plane. */
START_TEST(ellipsoids_equal_qhull) {
    static const double axes[][3] = {{9, 9, 9}, {14, 8, 5}, {20, 3, 11}, {2.4, 15, 15}};
    rad_roi roi;
    size_t size[3];
    for (int a = 0; a < 3; a++) size[a] = 2 * (size_t)axes[_i][a] + 1;
    test_roi_full(size, (double[]){1, 0.75, 2}, &roi);
    for (size_t i = 0; i < size[0] * size[1] * size[2]; i++) {
        const size_t at[3] = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
        double r = 0;
        for (int a = 0; a < 3; a++) r += pow(((double)at[a] - floor(axes[_i][a])) / axes[_i][a], 2);
        roi.morphological[i] = r <= 1;
    }
    test_roi_recount(&roi);
    compare_ways(&roi);
    rad_roi_free(&roi);
}
END_TEST

static void shuffle(rad_lattice_point *p, size_t count, test_random *random) {
    for (size_t i = count; i > 1; i--) {
        const size_t k = test_below(random, i);
        rad_lattice_point swap;
        memcpy(swap, p[k], sizeof swap);
        memcpy(p[k], p[i - 1], sizeof swap);
        memcpy(p[i - 1], swap, sizeof swap);
    }
}

/* All points of a box, most of them on edges and in facets, some twice, in any order. */
START_TEST(boxes_in_any_order) {
    enum { SIDE = 5, COUNT = SIDE * SIDE * SIDE };
    rad_lattice_point p[2 * COUNT];
    test_random random = {(uint64_t)_i + 1};
    for (int i = 0; i < 2 * COUNT; i++) {
        const int at[3] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE % SIDE};
        for (int a = 0; a < 3; a++) p[i][a] = at[a] - 1;
    }
    shuffle(p, 2 * COUNT, &random);
    rad_hull hull;
    ck_ok(rad_lattice_hull(p, 2 * COUNT, (double[]){0.5, 1, 3}, &hull, &error));
    check_hull(&hull);
    ck_assert_uint_eq(hull.vertex_count, 8);
    ck_assert_uint_eq(hull.facet_count, 6);
    ck_assert(hull.volume == 2 * 4 * 12 && hull.area == 2 * (2 * 4 + 2 * 12 + 4 * 12));
    rad_hull_free(&hull);
}
END_TEST

/* Points on a few planes, so that triples and quadruples in a line or plane are many; every order is one
 * hull. */
START_TEST(order_changes_nothing) {
    enum { COUNT = 120 };
    rad_lattice_point p[COUNT];
    test_random random = {(uint64_t)_i + 77};
    const size_t span = 3 + (size_t)_i % 9;
    for (int i = 0; i < COUNT; i++)
        for (int a = 0; a < 3; a++) p[i][a] = (int32_t)test_below(&random, span);
    rad_hull one, other;
    const double side[3] = {1, 1, 1};
    ck_ok(rad_lattice_hull(p, COUNT, side, &one, &error));
    check_hull(&one);
    for (int turn = 0; turn < 5; turn++) {
        shuffle(p, COUNT, &random);
        ck_ok(rad_lattice_hull(p, COUNT, side, &other, &error));
        check_hull(&other);
        ck_assert(one.volume == other.volume);
        compare(&one, &other);
        rad_hull_free(&other);
    }
    rad_hull_free(&one);
}
END_TEST

/* A double pyramid as large as whole numbers allow: its volume is exact. */
START_TEST(largest_coordinates) {
    enum { HALF = RAD_LATTICE_MOST / 2 };
    rad_lattice_point p[] = {{-HALF, 0, 0}, {HALF, 0, 0},     {0, -HALF, 0}, {0, HALF, 0},
                             {0, 0, -HALF}, {0, 0, HALF},     {1, 1, 1},     {HALF / 2, HALF / 2, 0},
                             {0, 0, 0},     {HALF / 3, -1, 1}};
    rad_hull hull;
    ck_ok(rad_lattice_hull(p, sizeof p / sizeof p[0], (double[]){1, 1, 1}, &hull, &error));
    check_hull(&hull);
    ck_assert_uint_eq(hull.vertex_count, 6);
    ck_assert_uint_eq(hull.facet_count, 8);
    ck_near(hull.volume / (4 * pow(HALF, 3) / 3), 1, 1e-15);
    rad_hull_free(&hull);
}
END_TEST

/* A cube of that side beside the origin, with what lies in its facets and edges: the largest products. */
START_TEST(largest_cubes) {
    rad_lattice_point p[27];
    rad_hull hull;
    const int32_t sign = _i ? 1 : -1;
    for (int i = 0; i < 27; i++) {
        const int at[3] = {i % 3, i / 3 % 3, i / 9};
        for (int a = 0; a < 3; a++) p[i][a] = sign * at[a] * (RAD_LATTICE_MOST / 2);
    }
    ck_ok(rad_lattice_hull(p, 27, (double[]){1, 1, 1}, &hull, &error));
    check_hull(&hull);
    ck_assert_uint_eq(hull.vertex_count, 8);
    ck_assert_uint_eq(hull.facet_count, 6);
    ck_assert(hull.volume == 0x1p54 && hull.area == 6 * 0x1p36);
    rad_hull_free(&hull);
}
END_TEST

START_TEST(flat_points_have_none) {
    rad_lattice_point p[] = {{0, 0, 0}, {4, 0, 2}, {0, 4, 2}, {4, 4, 4}, {2, 2, 2}, {8, 0, 4}};
    rad_hull hull;
    for (size_t count = 0; count <= 6; count++) {
        error.text[0] = '\0';
        ck_assert_int_eq(rad_lattice_hull(p, count, (double[]){1, 1, 1}, &hull, &error), RAD_NO_RESULT);
        ck_assert(strstr(error.text, "flat"));
        ck_assert(!hull.vertices && !hull.edges && !hull.normals);
    }
    p[5][2] = 5;
    ck_ok(rad_lattice_hull(p, 6, (double[]){1, 1, 1}, &hull, &error));
    rad_hull_free(&hull);
}
END_TEST

/* The longest row of voxels for whole numbers, and one voxel more, which Qhull takes. */
START_TEST(long_rows) {
    const size_t length = (RAD_LATTICE_MOST - 2) / 2 + (size_t)_i;
    uint8_t *mask = rad_new(length, 1, &error);
    rad_hull ours, theirs;
    const rad_box box = {{0, 0, 0}, {length, 1, 1}};
    ck_assert(mask != NULL);
    memset(mask, 1, length);
    ck_ok(rad_hull_make(mask, box.end, &box, (double[]){1, 1, 1}, &ours, &error));
    ck_ok(rad_hull_make_by(RAD_HULL_QHULL, mask, box.end, &box, (double[]){1, 1, 1}, &theirs, &error));
    ck_near(ours.volume / theirs.volume, 1, 1e-9);
    ck_assert(ours.diameter == (double)length);
    rad_hull_free(&ours);
    rad_hull_free(&theirs);
    rad_free(mask);
}
END_TEST

/* Beyond coordinates of 32 bits nothing is read. */
START_TEST(longest_boxes_are_refused) {
    const uint8_t one = 1;
    rad_hull hull;
    for (int a = 0; a < 3; a++) {
        rad_box box = {{0, 0, 0}, {1, 1, 1}};
        box.end[a] = (size_t)1 << 30;
        ck_assert_int_eq(rad_hull_make(&one, box.end, &box, (double[]){1, 1, 1}, &hull, &error), RAD_CONFIG);
        ck_assert_msg(strstr(error.text, "has 1073741824 voxels along an axis") &&
                          strstr(error.text, "at most 1073741823"),
                      "%s", error.text);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("lattice_hull");
    TCase *tests = tcase_create("lattice_hull");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, masks_equal_qhull, 0, TEST_SHAPES + ROIS);
    tcase_add_loop_test(tests, ellipsoids_equal_qhull, 0, 4);
    tcase_add_loop_test(tests, boxes_in_any_order, 0, 20);
    tcase_add_loop_test(tests, order_changes_nothing, 0, 60);
    tcase_add_test(tests, largest_coordinates);
    tcase_add_loop_test(tests, largest_cubes, 0, 2);
    tcase_add_test(tests, flat_points_have_none);
    tcase_add_loop_test(tests, long_rows, 0, 2);
    tcase_add_test(tests, longest_boxes_are_refused);
    return test_run(suite);
}
