/* Widths of hulls and rectangles around them: never more than a look at every vertex gives, and hardly less;
 * the box on facets against a look at every facet. */
#include "testing.h"

#include "../../features/enclosing.h"
#include "../../features/hull.h"
#include "../../features/width.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static rad_error error;

static double along(const double *a, const double n[3]) {
    return n[0] * a[0] + n[1] * a[1] + n[2] * a[2];
}

/* A ball, a box, a rod, noise, and a slanted ellipsoid. */
enum { KINDS = 5 };
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
                  : kind == 3 ? test_uniform(&random) < 0.002 || v == 7000
                              : pow(x + y, 2) / 2 + pow(x - y, 2) * 3 + pow(z + x / 3, 2) < 90;
    }
    ck_ok(rad_hull_make(mask, (size_t[]){N, N, N}, &(rad_box){{0, 0, 0}, {N, N, N}},
                        (double[]){1, 1, kind == 1 ? 2.5 : 1}, hull, &error));
    free(mask);
}

static double plain_width(const rad_hull *hull, const double d[3]) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < hull->vertex_count; i++) {
        low = fmin(low, along(hull->vertices[i], d));
        high = fmax(high, along(hull->vertices[i], d));
    }
    return high - low;
}

/* Two directions at right angles to n and to each other. */
static void make_basis(const double n[3], double u[3], double v[3]) {
    double norm = 0;
    const int most = fabs(n[0]) > 0.7 ? 1 : 0;
    for (int a = 0; a < 3; a++) u[a] = (a == most ? 1 : 0) - n[a] * n[most];
    for (int a = 0; a < 3; a++) norm += u[a] * u[a];
    for (int a = 0; a < 3; a++) u[a] /= sqrt(norm);
    for (int i = 0; i < 3; i++) v[i] = n[(i + 1) % 3] * u[(i + 2) % 3] - n[(i + 2) % 3] * u[(i + 1) % 3];
}

/* The least rectangle of the vertices seen along n, by the direction of each edge; by_angles: by 2,000
 * angles. */
static double plain_rectangle(const rad_hull *hull, const double n[3], bool by_angles) {
    double u[3], v[3], least = INFINITY;
    make_basis(n, u, v);
    for (int k = 0; k < 2000 && by_angles; k++) {
        const double angle = acos(0) * k / 2000;
        double d[3], e[3];
        for (int a = 0; a < 3; a++) {
            d[a] = u[a] * cos(angle) + v[a] * sin(angle);
            e[a] = v[a] * cos(angle) - u[a] * sin(angle);
        }
        least = fmin(least, plain_width(hull, d) * plain_width(hull, e));
    }
    for (size_t i = 0; i < hull->edge_count && !by_angles; i++) {
        const double *p = hull->vertices[hull->edges[i].a], *q = hull->vertices[hull->edges[i].b];
        const double dx = along(q, u) - along(p, u), dy = along(q, v) - along(p, v), norm = hypot(dx, dy);
        double d[3], e[3];
        if (norm < 1e-9) continue;
        for (int a = 0; a < 3; a++) {
            d[a] = (u[a] * dx + v[a] * dy) / norm;
            e[a] = (v[a] * dx - u[a] * dy) / norm;
        }
        least = fmin(least, plain_width(hull, d) * plain_width(hull, e));
    }
    return least;
}

/* Along the middle of a cell the width is the hull's own. */
START_TEST(middles_are_exact) {
    rad_hull hull;
    rad_widths widths;
    make_hull(_i, &hull);
    ck_ok(rad_widths_make(&hull, &widths, &error));
    const size_t n = widths.cells;
    for (size_t cell = 0; cell < 3 * n * n; cell++) {
        const size_t face = cell / n / n;
        double d[3];
        d[face] = 1;
        d[(face + 1) % 3] = (2.0 * (double)(cell / n % n) + 1) / (double)n - 1;
        d[(face + 2) % 3] = (2.0 * (double)(cell % n) + 1) / (double)n - 1;
        const double norm = sqrt(along(d, d));
        for (int a = 0; a < 3; a++) d[a] /= norm;
        ck_assert_double_eq_tol(rad_widths_along(&widths, d), plain_width(&hull, d), 1e-12 * hull.diameter);
    }
    rad_widths_free(&widths);
    rad_hull_free(&hull);
}
END_TEST

/* Away from it by less than a step s of the face: two spans of one width there differ by less than two
 * diameters, and along the direction by s times that; s is the square root of 2 by the number of cells. */
START_TEST(widths_are_reached_from_below) {
    rad_hull hull;
    rad_widths widths;
    make_hull(_i, &hull);
    ck_ok(rad_widths_make(&hull, &widths, &error));
    test_random random = {77 + (uint64_t)_i};
    for (int k = 0; k < 400; k++) {
        double n[3], u[3], v[3], norm = 0;
        for (int a = 0; a < 3; a++)
            n[a] = k < 6 ? (k / 2 == a) * (k % 2 ? -1 : 1) : 2 * test_uniform(&random) - 1;
        for (int a = 0; a < 3; a++) norm += n[a] * n[a];
        for (int a = 0; a < 3; a++) n[a] /= sqrt(norm);
        const double width = plain_width(&hull, n), least = rad_widths_along(&widths, n);
        ck_assert_msg(least <= width * (1 + 1e-12) &&
                          least >= width - 2 * M_SQRT2 / (double)widths.cells * hull.diameter,
                      "kind %d: %.12g of %.12g", _i, least, width);
        if (k % 8) continue;
        make_basis(n, u, v);
        const double area = plain_rectangle(&hull, n, true), bound = rad_widths_rectangle(&widths, u, v);
        ck_assert_msg(bound <= area * (1 + 1e-12) &&
                          bound >= area - 4 * M_SQRT2 / (double)widths.cells * pow(hull.diameter, 2),
                      "kind %d: %.12g of %.12g", _i, bound, area);
    }
    rad_widths_free(&widths);
    rad_widths_free(&widths);
    rad_hull_free(&hull);
}
END_TEST

START_TEST(the_box_is_that_of_a_look_at_all_facets) {
    rad_hull hull;
    double side[3], least = INFINITY;
    make_hull(_i, &hull);
    for (size_t f = 0; f < hull.facet_count; f++)
        least =
            fmin(least, plain_width(&hull, hull.normals[f]) * plain_rectangle(&hull, hull.normals[f], false));
    ck_ok(rad_enclosing_box(&hull, 2, side, &error));
    ck_near(side[0] * side[1] * side[2] / least, 1, 1e-9);
    rad_hull_free(&hull);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("width");
    TCase *tests = tcase_create("width");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, middles_are_exact, 0, KINDS);
    tcase_add_loop_test(tests, widths_are_reached_from_below, 0, KINDS);
    tcase_add_loop_test(tests, the_box_is_that_of_a_look_at_all_facets, 0, KINDS);
    return test_run(suite);
}
