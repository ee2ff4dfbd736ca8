/* Interpolation against closed forms and a naive gather. */
#include "testing.h"

#include "../../core/memory.h"

#include "../../core/interpolate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rad_volume volume_of(const size_t size[3], const double spacing[3],
                            double (*f)(double, double, double)) {
    rad_volume v = {.type = RAD_FLOAT64, .slope = 1, .geometry = {.direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
    memcpy(v.geometry.size, size, sizeof v.geometry.size);
    memcpy(v.geometry.spacing, spacing, sizeof v.geometry.spacing);
    double *x = rad_new(rad_geometry_count(&v.geometry), sizeof *x, NULL);
    ck_assert(x != NULL);
    for (size_t k = 0, i = 0; k < size[2]; k++)
        for (size_t j = 0; j < size[1]; j++)
            for (size_t h = 0; h < size[0]; h++, i++)
                x[i] = f((double)h * spacing[0], (double)j * spacing[1], (double)k * spacing[2]);
    v.voxels = x;
    return v;
}

static double noise(double x, double y, double z) {
    const double s = sin(12.9898 * x + 78.233 * y + 37.719 * z) * 43758.5453;
    return s - floor(s);
}

static double plane(double x, double y, double z) {
    return 2 * x - 3 * y + 0.5 * z + 7;
}

static double wave(double x, double y, double z) {
    return cos(0.21 * x) + sin(0.17 * y) * cos(0.13 * z);
}

static double *interpolate(const rad_volume *v, const double spacing[3], rad_interpolation method,
                           int threads, rad_geometry *grid) {
    rad_error error = {0};
    ck_ok(rad_interpolation_grid(&v->geometry, spacing, grid, &error));
    const rad_box all = rad_geometry_box(grid);
    double *out = rad_new(rad_geometry_count(grid), sizeof *out, NULL);
    ck_assert(out != NULL);
    ck_ok(rad_interpolate_image(v, &(rad_interpolating){grid, &all, method, threads}, false, out, &error));
    return out;
}

/* The manual's example: 4 voxels of 3 mm become 6 of 2 mm, centres aligned. */
START_TEST(grid_of_the_manual) {
    const rad_geometry in = {
        .size = {4, 4, 1}, .spacing = {3, 3, 3}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    rad_geometry grid;
    rad_error error = {0};
    ck_ok(rad_interpolation_grid(&in, (double[]){2, 2, 0}, &grid, &error));
    ck_assert_uint_eq(grid.size[0], 6);
    ck_assert_uint_eq(grid.size[1], 6);
    ck_assert_uint_eq(grid.size[2], 1);
    ck_near(grid.spacing[0], 2, 0);
    ck_near(grid.spacing[2], 3, 0);
    ck_near(grid.origin[0], (9 - 10) / 2.0, 1e-15);
    ck_near(grid.origin[2], 0, 0);
}
END_TEST

/* Along flipped and swapped axes the grid is centred on the image's centre all the same. */
START_TEST(grid_keeps_the_centre) {
    const rad_geometry in = {.size = {7, 10, 3},
                             .spacing = {1.5, 0.7, 4},
                             .origin = {3, -8, 11},
                             .direction = {0, -1, 0, -1, 0, 0, 0, 0, 1}};
    rad_geometry grid;
    rad_error error = {0};
    ck_ok(rad_interpolation_grid(&in, (double[]){2, 2, 2}, &grid, &error));
    double a[3], b[3];
    rad_geometry_world(&in, (double[]){3, 4.5, 1}, a);
    rad_geometry_world(&grid,
                       (double[]){((double)grid.size[0] - 1) / 2, ((double)grid.size[1] - 1) / 2,
                                  ((double)grid.size[2] - 1) / 2},
                       b);
    for (int i = 0; i < 3; i++) ck_near(a[i], b[i], 1e-12);
}
END_TEST

START_TEST(absurd_grids_are_refused) {
    const rad_geometry in = {
        .size = {512, 512, 600}, .spacing = {1, 1, 1}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    rad_geometry grid;
    rad_error error = {0};
    ck_assert_int_eq(rad_interpolation_grid(&in, (double[]){1e-3, 1e-3, 1e-3}, &grid, &error), RAD_CONFIG);
    ck_assert_int_eq(rad_interpolation_grid(&in, (double[]){1e-300, 1, 1}, &grid, &error), RAD_CONFIG);
}
END_TEST

/* A plane is reproduced by linear and cubic interpolation away from the border. */
/* Every decimal comes back from single precision, and from sums of distances. */
START_TEST(spacings_are_decimals) {
    for (int i = 1; i < 1000000; i += i < 20000 ? 1 : 97) {
        char text[16];
        snprintf(text, sizeof text, "%d.%04d", i / 10000, i % 10000);
        const double spacing = strtod(text, NULL);
        rad_geometry g = {.spacing = {(float)spacing, spacing * (1 + 3e-13), spacing}};
        rad_geometry_settle(&g);
        for (int a = 0; a < 3; a++)
            ck_assert_msg(g.spacing[a] == spacing, "%s, axis %d: %.17g", text, a, g.spacing[a]);
    }
    rad_geometry g = {
        .spacing = {0.48828125, sqrt(2), 0.9375001}}; /* exact in binary; no decimal of 12 digits */
    rad_geometry_settle(&g);
    ck_assert(g.spacing[0] == 0.48828125 && g.spacing[1] == sqrt(2) && g.spacing[2] == 0.9375001);
}
END_TEST

START_TEST(planes_are_exact) {
    rad_volume v = volume_of((size_t[]){40, 37, 41}, (double[]){1, 1.3, 0.9}, plane);
    for (int method = RAD_LINEAR; method <= RAD_CUBIC; method++) {
        rad_geometry grid;
        double *out = interpolate(&v, (double[]){0.8, 0.8, 1.7}, (rad_interpolation)method, 1, &grid);
        for (size_t k = 0, i = 0; k < grid.size[2]; k++)
            for (size_t j = 0; j < grid.size[1]; j++)
                for (size_t h = 0; h < grid.size[0]; h++, i++) {
                    double w[3];
                    rad_geometry_world(&grid, (double[]){(double)h, (double)j, (double)k}, w);
                    bool inner = true;
                    for (int a = 0; a < 3; a++) {
                        const double extent = (double)(v.geometry.size[a] - 1) * v.geometry.spacing[a];
                        const double edge = method == RAD_CUBIC ? 14 * v.geometry.spacing[a] : 0;
                        inner = inner && w[a] >= edge && w[a] <= extent - edge;
                    }
                    if (inner) ck_near(out[i], plane(w[0], w[1], w[2]), method == RAD_CUBIC ? 1e-6 : 1e-12);
                }
        rad_free(out);
    }
    rad_volume_free(&v);
}
END_TEST

/* A smooth function: the cubic error is of fourth order, far below the linear one. */
START_TEST(cubic_beats_linear) {
    rad_volume v = volume_of((size_t[]){50, 50, 50}, (double[]){1, 1, 1}, wave);
    double worst[2] = {0};
    for (int method = RAD_LINEAR; method <= RAD_CUBIC; method++) {
        rad_geometry grid;
        double *out = interpolate(&v, (double[]){0.7, 0.7, 0.7}, (rad_interpolation)method, 1, &grid);
        for (size_t k = 25, m = grid.size[0]; k < 40; k++) {
            double w[3];
            rad_geometry_world(&grid, (double[]){(double)k, (double)k, (double)k}, w);
            worst[method - RAD_LINEAR] =
                fmax(worst[method - RAD_LINEAR], fabs(out[(k * m + k) * m + k] - wave(w[0], w[1], w[2])));
        }
        rad_free(out);
    }
    ck_assert(worst[1] < worst[0] / 50);
    ck_assert(worst[1] < 1e-4);
    rad_volume_free(&v);
}
END_TEST

/* On the voxels' own places a spline interpolates: spacing 1/3 meets every voxel at each third point. */
START_TEST(cubic_interpolates) {
    rad_volume v = volume_of((size_t[]){6, 5, 7}, (double[]){3, 3, 3}, noise);
    rad_geometry grid;
    double *out = interpolate(&v, (double[]){1, 1, 1}, RAD_CUBIC, 1, &grid);
    const double *x = v.voxels;
    for (size_t k = 0, i = 0; k < 7; k++)
        for (size_t j = 0; j < 5; j++)
            for (size_t h = 0; h < 6; h++, i++)
                ck_near(out[((3 * k + 1) * grid.size[1] + 3 * j + 1) * grid.size[0] + 3 * h + 1], x[i],
                        1e-12);
    rad_free(out);
    rad_volume_free(&v);
}
END_TEST

static double clamp(double x, size_t n) {
    return fmin(fmax(x, 0), (double)n - 1);
}

/* Trilinear by the eight-voxel gather, nearest by rounding. */
static double gather(const rad_volume *v, const double at[3], rad_interpolation method) {
    const size_t *n = v->geometry.size;
    const double *x = v->voxels;
    size_t i[3];
    double f[3], sum = 0;
    for (int a = 0; a < 3; a++) {
        const double c = clamp(at[a], n[a]);
        i[a] = (size_t)floor(method == RAD_NEAREST ? c + 0.5 : c);
        f[a] = method == RAD_NEAREST ? 0 : c - (double)i[a];
    }
    for (int corner = 0; corner < 8; corner++) {
        double w = 1;
        size_t p[3];
        for (int a = 0; a < 3; a++) {
            const bool up = corner >> a & 1;
            w *= up ? f[a] : 1 - f[a];
            p[a] = i[a] + up < n[a] ? i[a] + up : n[a] - 1;
        }
        sum += w * x[(p[2] * n[1] + p[1]) * n[0] + p[0]];
    }
    return sum;
}

START_TEST(separable_equals_gather) {
    static const double spacings[][3] = {{2, 2, 2}, {0.6, 0.9, 1.1}, {5, 0.3, 0}, {0, 0, 2}};
    rad_volume v = volume_of((size_t[]){17, 12, 9}, (double[]){0.98, 1.2, 3}, noise);
    for (int method = RAD_NEAREST; method <= RAD_LINEAR; method++) {
        rad_geometry grid;
        double *out = interpolate(&v, spacings[_i], (rad_interpolation)method, 1, &grid);
        for (size_t k = 0, i = 0; k < grid.size[2]; k++)
            for (size_t j = 0; j < grid.size[1]; j++)
                for (size_t h = 0; h < grid.size[0]; h++, i++) {
                    double w[3], at[3];
                    rad_geometry_world(&grid, (double[]){(double)h, (double)j, (double)k}, w);
                    ck_assert(rad_geometry_index(&v.geometry, w, at));
                    ck_near(out[i], gather(&v, at, (rad_interpolation)method), 1e-12);
                }
        rad_free(out);
    }
    rad_volume_free(&v);
}
END_TEST

/* A box of the grid holds what the whole grid holds there; the thread count changes no bit. */
START_TEST(box_equals_whole) {
    rad_volume v = volume_of((size_t[]){90, 80, 70}, (double[]){1, 1, 1.5}, noise);
    rad_error error = {0};
    for (int method = RAD_NEAREST; method <= RAD_CUBIC; method++) {
        rad_geometry grid;
        double *all = interpolate(&v, (double[]){1.1, 0.8, 1}, (rad_interpolation)method, 3, &grid);
        const rad_box box = {{35, 44, 50}, {44, 55, 58}};
        double out[9 * 11 * 8], again[9 * 11 * 8];
        ck_ok(rad_interpolate_image(&v, &(rad_interpolating){&grid, &box, (rad_interpolation)method, 1},
                                    false, out, &error));
        ck_ok(rad_interpolate_image(&v, &(rad_interpolating){&grid, &box, (rad_interpolation)method, 2},
                                    false, again, &error));
        ck_assert(!memcmp(out, again, sizeof out));
        for (size_t k = box.begin[2], i = 0; k < box.end[2]; k++)
            for (size_t j = box.begin[1]; j < box.end[1]; j++)
                for (size_t h = box.begin[0]; h < box.end[0]; h++, i++)
                    ck_near(out[i], all[(k * grid.size[1] + j) * grid.size[0] + h], 1e-14);
        rad_free(all);
    }
    rad_volume_free(&v);
}
END_TEST

START_TEST(rounding_goes_to_whole_numbers) {
    rad_volume v = volume_of((size_t[]){2, 1, 1}, (double[]){1, 1, 1}, plane); /* 7 and 9 */
    rad_geometry grid;
    rad_error error = {0};
    ck_ok(rad_interpolation_grid(&v.geometry, (double[]){0.25, 0, 0}, &grid, &error));
    const rad_box all = rad_geometry_box(&grid);
    double out[8];
    ck_assert_uint_eq(grid.size[0], 8);
    ck_ok(rad_interpolate_image(&v, &(rad_interpolating){&grid, &all, RAD_LINEAR, 1}, true, out, &error));
    for (int i = 0; i < 8; i++) ck_assert(out[i] == rint(out[i]) && out[i] >= 7 && out[i] <= 9);
    rad_volume_free(&v);
}
END_TEST

/* A single slice, a single voxel: every method gives the value that is there. */
START_TEST(single_voxels) {
    rad_volume v = volume_of((size_t[]){1, 1, 1}, (double[]){2, 2, 2}, plane);
    for (int method = RAD_NEAREST; method <= RAD_CUBIC; method++) {
        rad_geometry grid;
        double *out = interpolate(&v, (double[]){0.5, 1, 3}, (rad_interpolation)method, 1, &grid);
        for (size_t i = 0; i < rad_geometry_count(&grid); i++) ck_near(out[i], 7, 1e-12);
        rad_free(out);
    }
    rad_volume_free(&v);
}
END_TEST

/* The box of a label holds every voxel of it, and the mask there is the whole mask's. */
START_TEST(mask_box_misses_nothing) {
    static const double spacings[][3] = {{1, 1, 1}, {2.5, 2.5, 2.5}, {0.4, 0.4, 3}, {0, 0, 0}};
    test_random random = {(uint64_t)_i + 7};
    rad_mask mask = {.volume = {.type = RAD_UINT8,
                                .slope = 1,
                                .geometry = {.size = {19, 14, 8},
                                             .spacing = {0.9, 1.1, 2.7},
                                             .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}}};
    uint8_t *voxels = rad_new(19 * 14 * 8, 1, NULL);
    ck_assert(voxels != NULL);
    for (size_t i = 0; i < 19 * 14 * 8; i++) {
        const size_t x = i % 19, y = i / 19 % 14, z = i / 19 / 14;
        voxels[i] = (uint8_t)(x >= 4 && x < 13 && y < 9 && z >= 3 && test_uniform(&random) < 0.7 ? 3 : 0);
    }
    mask.volume.voxels = voxels;
    rad_error error = {0};
    ck_ok(rad_mask_index(&mask, "test", &error));
    rad_geometry grid;
    ck_ok(rad_interpolation_grid(&mask.volume.geometry, spacings[_i], &grid, &error));
    for (int method = RAD_NEAREST; method <= RAD_LINEAR; method++) {
        const rad_box all = rad_geometry_box(&grid);
        const rad_box box = rad_interpolation_box(&mask.volume.geometry, &grid, &mask.labels[0].box);
        uint8_t *whole = rad_new(rad_geometry_count(&grid), 1, NULL),
                *part = rad_new(rad_box_count(&box), 1, NULL);
        ck_assert(whole && part);
        ck_ok(rad_interpolate_mask(&mask, 3, &(rad_interpolating){&grid, &all, (rad_interpolation)method, 1},
                                   0.3, whole, &error));
        ck_ok(rad_interpolate_mask(&mask, 3, &(rad_interpolating){&grid, &box, (rad_interpolation)method, 2},
                                   0.3, part, &error));
        size_t in_whole = 0, in_part = 0;
        for (size_t i = 0; i < rad_geometry_count(&grid); i++) in_whole += whole[i];
        for (size_t i = 0; i < rad_box_count(&box); i++) in_part += part[i];
        ck_assert_uint_gt(in_whole, 0);
        ck_assert_uint_eq(in_whole, in_part);
        rad_free(whole);
        rad_free(part);
    }
    rad_mask_free(&mask);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("interpolate");
    TCase *tests = tcase_create("interpolate");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, grid_of_the_manual);
    tcase_add_test(tests, grid_keeps_the_centre);
    tcase_add_test(tests, absurd_grids_are_refused);
    tcase_add_test(tests, spacings_are_decimals);
    tcase_add_test(tests, planes_are_exact);
    tcase_add_test(tests, cubic_beats_linear);
    tcase_add_test(tests, cubic_interpolates);
    tcase_add_loop_test(tests, separable_equals_gather, 0, 4);
    tcase_add_test(tests, box_equals_whole);
    tcase_add_test(tests, rounding_goes_to_whole_numbers);
    tcase_add_test(tests, single_voxels);
    tcase_add_loop_test(tests, mask_box_misses_nothing, 0, 4);
    return test_run(suite);
}
