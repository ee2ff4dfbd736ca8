/* PyRadiomics' definitions against closed forms: bins, meshes, outlines, the recursive LoG, interpolation. */
#include "../../core/eigen.h"
#include "../../core/itk_interpolate.h"
#include "../../core/linear.h"
#include "../../features/pyr_classes.h"
#include "../../features/pyr_mesh.h"
#include "../../filters/pyr_filters.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static rad_error error;

/* Levels of a row of intensities. */
static void check_levels(const double *x, size_t count, bool single, rad_discretisation d,
                         const unsigned *expected) {
    double intensity[16];
    uint8_t ones[16];
    rad_levels levels;
    memcpy(intensity, x, count * sizeof *x);
    memset(ones, 1, sizeof ones);
    const rad_roi roi = {.box = {{0, 0, 0}, {count, 1, 1}},
                         .size = {count, 1, 1},
                         .inner = {{0, 0, 0}, {count, 1, 1}},
                         .intensity = intensity,
                         .morphological = ones,
                         .intensity_mask = ones,
                         .morphological_count = count,
                         .intensity_count = count,
                         .range = {-INFINITY, INFINITY},
                         .single = single};
    ck_ok(rad_discretise(&roi, d, "test", &levels, &error));
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(levels.level[levels.size[0] * (levels.size[1] + 1) + i + 1], expected[i]);
    rad_levels_free(&levels);
}

START_TEST(bins_begin_at_multiples_of_the_width) {
    const rad_discretisation d = {.binning = RAD_BIN_WIDTH, .amount = 25};
    check_levels((double[]){54, 74.999, 75, 166}, 4, false, d, (unsigned[]){1, 1, 2, 5});
    check_levels((double[]){-118, -100.001, -100, 0}, 4, false, d, (unsigned[]){1, 1, 2, 6});
    check_levels((double[]){50, 50}, 2, false, d, (unsigned[]){1, 1});
}
END_TEST

START_TEST(counted_bins_have_the_edges_of_numpy) {
    check_levels((double[]){0, 0.999, 1, 4}, 4, false,
                 (rad_discretisation){.binning = RAD_BIN_COUNT, .amount = 4}, (unsigned[]){1, 1, 2, 4});
    /* one value lies in the middle of the range that numpy makes for it */
    check_levels((double[]){7, 7}, 2, false, (rad_discretisation){.binning = RAD_BIN_COUNT, .amount = 32},
                 (unsigned[]){17, 17});
    /* a third, as a float, is above the edge as a double, and on it as a float */
    const double third = (float)(1.0 / 3);
    check_levels((double[]){0, third, 1}, 3, true,
                 (rad_discretisation){.binning = RAD_BIN_COUNT, .amount = 3}, (unsigned[]){1, 2, 3});
    check_levels((double[]){0, nextafterf((float)third, 0), 1}, 3, true,
                 (rad_discretisation){.binning = RAD_BIN_COUNT, .amount = 3}, (unsigned[]){1, 1, 3});
}
END_TEST

START_TEST(mesh_of_a_box) {
    uint8_t mask[3 * 4 * 5];
    const size_t size[3] = {3, 4, 5};
    const double s[3] = {1, 2, 3};
    const rad_box box = {{0, 0, 0}, {3, 4, 5}};
    rad_pyr_mesh m;
    memset(mask, 1, sizeof mask);
    ck_ok(rad_pyr_mesh_measure(mask, size, &box, s, &m, &error));
    /* edges and corners are cut half-way between voxels: prisms off 12 edges, and of them again at 8 corners
     */
    const double a = 3, b = 8, c = 15, whole = a * b * c;
    const double prisms = ((a - 1) * s[1] * s[2] + (b - 2) * s[0] * s[2] + (c - 3) * s[0] * s[1]) / 8 * 4;
    const double corners = 8 * (s[0] * s[1] * s[2] / 8) * (1 - 1.0 / 6);
    ck_assert_double_eq_tol(m.volume, whole - prisms - corners, 1e-9);
    ck_assert_double_eq_tol(m.in_plane[2],
                            hypot(a, b - 2) > hypot(a - 1, b) ? hypot(a, b - 2) : hypot(a - 1, b), 1e-12);
    ck_assert_double_gt(m.diameter, m.in_plane[2]);
}
END_TEST

/* All pairs of vertices in a plane, as the definition has it. */
static double widest_in_plane(const uint8_t *mask, const size_t n[3], const double s[3], int axis) {
    static double vertex[20000][3];
    size_t count = 0;
    const ptrdiff_t size[3] = {(ptrdiff_t)n[0], (ptrdiff_t)n[1], (ptrdiff_t)n[2]};
    for (ptrdiff_t z = -1; z < size[2]; z++)
        for (ptrdiff_t y = -1; y < size[1]; y++)
            for (ptrdiff_t x = -1; x < size[0]; x++)
                for (int a = 0; a < 3; a++) {
                    const ptrdiff_t p[2][3] = {{x, y, z}, {x + (a == 0), y + (a == 1), z + (a == 2)}};
                    int in[2];
                    for (int k = 0; k < 2; k++) {
                        const ptrdiff_t *q = p[k];
                        in[k] = q[0] >= 0 && q[1] >= 0 && q[2] >= 0 && q[0] < size[0] && q[1] < size[1] &&
                                q[2] < size[2] && mask[(q[2] * size[1] + q[1]) * size[0] + q[0]];
                    }
                    for (int i = 0; in[0] != in[1] && i < 3; i++)
                        vertex[count][i] = (double)(p[0][i] + p[1][i]) / 2 * s[i];
                    count += in[0] != in[1];
                }
    double most = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            const double *p = vertex[i], *q = vertex[k];
            if (p[axis] == q[axis]) most = fmax(most, hypot(hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]));
        }
    return most;
}

START_TEST(diameters_in_planes_are_those_of_all_pairs) {
    enum { MOST = 9 };
    uint8_t mask[MOST * MOST * MOST];
    const double s[3] = {0.7, 1.3, 2};
    test_random random = {(uint64_t)_i + 1};
    size_t size[3], voxels = 0;
    for (int a = 0; a < 3; a++) size[a] = 1 + (size_t)(test_uniform(&random) * MOST);
    const double share = test_uniform(&random);
    for (size_t i = 0; i < size[0] * size[1] * size[2]; i++)
        voxels += mask[i] = i == 0 || test_uniform(&random) < share;
    rad_pyr_mesh m;
    ck_ok(
        rad_pyr_mesh_measure(mask, size, &(rad_box){{0, 0, 0}, {size[0], size[1], size[2]}}, s, &m, &error));
    for (int a = 0; a < 3; a++)
        ck_assert_double_eq_tol(m.in_plane[a], widest_in_plane(mask, size, s, a), 1e-12);
    ck_assert_uint_gt(voxels, 0);
}
END_TEST

START_TEST(outline_of_a_square) {
    const uint8_t mask[] = {1, 1, 1, 1};
    rad_pyr_outline o;
    ck_ok(rad_pyr_outline_measure(mask, (size_t[]){2, 2}, (double[]){1, 1}, &o, &error));
    ck_assert_double_eq_tol(o.area, 4 - 4 * 0.125, 1e-12);
    ck_assert_double_eq_tol(o.perimeter, 4 * 1 + 4 * sqrt(0.5), 1e-12);
    ck_assert_double_eq_tol(o.diameter, sqrt(5), 1e-12);
}
END_TEST

START_TEST(log_of_a_quadric_is_its_laplacian) {
    enum { N = 64 };
    double *x = calloc(N * N * N, sizeof *x), *out = calloc(N * N * N, sizeof *out);
    for (size_t v = 0; v < N * N * N; v++) {
        const size_t row = v / N, slice = row / N;
        const double at[3] = {(double)(v % N) - 32, (double)(row % N) - 32, (double)slice - 32};
        x[v] = at[0] * at[0] + 2 * at[1] * at[1] * 4 + 3 * at[2] * at[2] * 9; /* spacing 1, 2, 3 */
    }
    rad_filter_options o = {.filter = &rad_filter_pyr_log};
    const rad_pyr_filter own = {.number = 3};
    memcpy(o.own, &own, sizeof own);
    const rad_field field = {
        .size = {N, N, N}, .spacing = {1, 2, 3}, .data = x, .wanted = {{31, 31, 31}, {34, 34, 34}}};
    ck_ok(rad_filter_run(&field, &o, 1, out, &error));
    /* Laplacian 2 + 4 + 6, times sigma^2 */
    ck_assert_double_eq_tol(out[(32 * N + 32) * N + 32], 9 * 12, 0.02 * 9 * 12);
    ck_assert_ptr_null(rad_filter_pyr_log.unfit(&o, (size_t[]){4, 4, 4}, (double[]){1, 1, 1}));
    ck_assert_ptr_nonnull(rad_filter_pyr_log.unfit(&o, (size_t[]){4, 3, 4}, (double[]){1, 1, 1}));
    free(x);
    free(out);
}
END_TEST

START_TEST(interpolation_ends_half_a_voxel_out) {
    double x[] = {1, 3, 2, 5}, out[6];
    const rad_geometry own = {{4, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    rad_geometry grid = own;
    grid.size[0] = 6;
    grid.origin[0] = -0.75;
    ck_ok(rad_itk_interpolate(x, &own, &grid, RAD_ITK_LINEAR, 1, out, &error));
    const double expected[] = {0, 1.5, 2.75, 2.75, 5, 0}; /* at -0.75, 0.25, ...; 3.25 is beyond the last */
    for (size_t i = 0; i < 6; i++) ck_assert_double_eq(out[i], expected[i]);
    grid.origin[0] = -0.5;
    ck_ok(rad_itk_interpolate(x, &own, &grid, RAD_ITK_NEAREST, 1, out, &error));
    ck_assert_double_eq(out[0], 1); /* -0.5 is still inside, and halves go up */
    ck_assert_double_eq(out[1], 3);
    ck_assert_double_eq(out[4], 0); /* 3.5 is not */
}
END_TEST

START_TEST(second_eigenvalues) {
    double value;
    ck_ok(rad_eigen_second(2, (double[]){0.25, 0.75, 0.75, 0.25}, &value, &error));
    ck_assert_double_eq_tol(value, 0.5, 1e-12);
    ck_ok(rad_linear_second_singular(2, (double[]){0, 2, 1, 0}, &value, &error));
    ck_assert_double_eq_tol(value, 1, 1e-12);
}
END_TEST

START_TEST(features_have_names) {
    for (int c = 0; c < RAD_PYR_CLASSES; c++) {
        const rad_family *f = rad_pyr_classes[c];
        ck_assert_uint_le(f->count, 32);
        ck_assert_int_eq(f->choice, c);
        for (size_t i = 0; i < f->count; i++) {
            ck_assert(!strncmp(f->features[i].tag, f->key, strlen(f->key)));
            ck_assert_int_eq(rad_pyr_find(c, f->features[i].tag + strlen(f->key) + 1), (int)i);
        }
        ck_assert_int_eq(rad_pyr_find(c, "Nothing"), -1);
    }
    ck_assert_int_eq(__builtin_popcount(rad_pyr_standard(RAD_PYR_SHAPE)), 14);
    ck_assert_int_eq(__builtin_popcount(rad_pyr_standard(RAD_PYR_FIRSTORDER)), 18);
    ck_assert_int_eq(__builtin_popcount(rad_pyr_standard(RAD_PYR_GLCM)), 24);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pyr_classes");
    TCase *tc = tcase_create("pyr_classes");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, bins_begin_at_multiples_of_the_width);
    tcase_add_test(tc, counted_bins_have_the_edges_of_numpy);
    tcase_add_test(tc, mesh_of_a_box);
    tcase_add_loop_test(tc, diameters_in_planes_are_those_of_all_pairs, 0, 20);
    tcase_add_test(tc, outline_of_a_square);
    tcase_add_test(tc, log_of_a_quadric_is_its_laplacian);
    tcase_add_test(tc, interpolation_ends_half_a_voxel_out);
    tcase_add_test(tc, second_eigenvalues);
    tcase_add_test(tc, features_have_names);
    return test_run(suite);
}
