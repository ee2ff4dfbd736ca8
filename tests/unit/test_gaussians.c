/* Gaussian and Laplacian of Gaussian in mm: closed forms on uneven voxels, constants, kernels narrower than
 * voxels, and the reference maps with either kernel. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../filters/filter.h"
#include "../../io/scan/source.h"
#include "../../pipeline/response.h"
#include "../../pipeline/settings_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rad_filter_options parse(const char *spec) {
    char copy[256], *rest = copy;
    rad_error error = {0};
    rad_image image;
    snprintf(copy, sizeof copy, "%s", spec);
    ck_ok(rad_image_begin(&image, strsep(&rest, " "), &error));
    for (char *word; (word = strsep(&rest, " "));) {
        char *equals = strchr(word, '=');
        *equals = '\0';
        ck_ok(rad_image_set_text(&image, word, equals + 1, &error));
    }
    return image.options;
}

typedef double shade(const double mm[3], void *context);

/* The response to a function of the place, 0 mm in the middle. */
static double *respond(const char *spec, const size_t size[3], const double spacing[3], shade *f,
                       void *context) {
    rad_error error = {0};
    const rad_filter_options o = parse(spec);
    rad_field field = {.size = {size[0], size[1], size[2]}, .spacing = {spacing[0], spacing[1], spacing[2]}};
    const size_t count = rad_field_count(&field);
    double *out = rad_new(count, sizeof *out, &error);
    field.data = rad_new(count, sizeof *out, &error);
    for (size_t i = 0; i < count; i++) {
        const size_t at[3] = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
        double mm[3];
        for (int a = 0; a < 3; a++) {
            const size_t middle = size[a] / 2;
            mm[a] = ((double)at[a] - (double)middle) * spacing[a];
        }
        field.data[i] = f(mm, context);
    }
    ck_ok(rad_filter_run(&field, &o, 1, out, &error));
    rad_free(field.data);
    return out;
}

static double constant(const double mm[3], void *context) {
    (void)mm;
    return *(double *)context;
}

/* 3 x^2 + 2 y^2 - z^2 + x y, whose Laplacian is 8 everywhere (in x and y: 10), smoothed or not. */
static double quadratic(const double mm[3], void *context) {
    (void)context;
    return 3 * mm[0] * mm[0] + 2 * mm[1] * mm[1] - mm[2] * mm[2] + mm[0] * mm[1];
}

static const double grids[][3] = {{1, 1, 1}, {2, 2, 2},     {1, 1, 3},
                                  {3, 1, 1}, {0.7, 1.1, 2}, {0.98, 0.98, 3.27}};
enum { GRIDS = sizeof grids / sizeof grids[0] };

START_TEST(laplacian_in_mm) {
    const double *s = grids[_i], volume = s[0] * s[1] * s[2];
    const size_t size[3] = {65, 65, 65}, middle = (32 * 65 + 32) * 65 + 32;
    for (int n = 2; n <= 3; n++)
        for (int zero = 0; zero < 2; zero++) {
            char spec[100];
            const double sigma = 1.2 * fmax(s[0], fmax(s[1], n == 3 ? s[2] : 0));
            snprintf(spec, sizeof spec, "log sigma=%.17g cutoff=6.5 dimension=%d zero_sum=%s", sigma, n,
                     zero ? "yes" : "no");
            const double reach = 6.5 * sigma / fmin(s[0], fmin(s[1], n == 3 ? s[2] : s[0]));
            if (reach > 32) continue; /* the border of the field would be seen */
            double *map = respond(spec, size, s, quadratic, NULL);
            const double unit = pow(n == 3 ? volume : s[0] * s[1], 2.0 / n);
            ck_near(map[middle], (n == 3 ? 8 : 10) * unit, 1e-5);
            rad_free(map);
        }
}
END_TEST

/* Constants: of a Gaussian kept, of a Laplacian 0, at any border that goes on, however narrow the kernel is.
 */
START_TEST(constants) {
    static const char *const specs[] = {"log sigma=0.4",          "log sigma=1",
                                        "log sigma=2.5 cutoff=2", "log sigma=1 dimension=2",
                                        "gaussian sigma=0.3",     "gaussian sigma=0.3 dimension=2",
                                        "gaussian sigma=1",       "gaussian sigma=2.5 cutoff=1.5"};
    static const char *const boundaries[] = {"nearest", "periodic", "mirror"};
    const size_t size[3] = {9, 8, 7};
    double level = 1000;
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++)
        for (int b = 0; b < 3; b++) {
            char spec[100];
            snprintf(spec, sizeof spec, "%s boundary=%s", specs[i], boundaries[b]);
            double *map = respond(spec, size, grids[_i], constant, &level);
            for (size_t v = 0; v < 9 * 8 * 7; v++) ck_near(map[v], *spec == 'g' ? level : 0, 1e-9);
            rad_free(map);
        }
    double *sampled = respond("log sigma=1 zero_sum=no", size, grids[_i], constant, &level);
    ck_assert(fabs(sampled[0]) > 1e-3); /* the choice is one */
    rad_free(sampled);
}
END_TEST

START_TEST(narrow_and_wide_kernels_are_named) {
    static const struct {
        const char *spec;
        double spacing[3];
        size_t side, warnings;
        const char *words;
    } rows[] = {
        {"log sigma=1", {1, 1, 3}, 64, 1, "sigma, 1 mm, is less than the 3 mm between voxels along z"},
        {"log sigma=3", {1, 1, 3}, 64, 0, ""},
        {"log sigma=1 dimension=2", {1, 1, 3}, 64, 0, ""},
        {"gaussian sigma=0.5", {1, 1, 3}, 64, 3, "the 1 mm between voxels along x"},
        {"log sigma=1 riesz=1,0,0", {2, 0.5, 0.5}, 64, 1, "along x"},
        {"mean size=3", {9, 9, 9}, 64, 0, ""},
        {"gaussian sigma=16", {1, 1, 1}, 64, 0, ""}, /* 4 sigma are 64 voxels */
        {"gaussian sigma=17",
         {1, 1, 1},
         64,
         1,
         "reaches 68 voxels to either side along x, and the image has 64"},
        {"log sigma=17", {2, 2, 1}, 64, 1, "along z, and the image has 64: what lies beyond is made up"},
        {"log sigma=17 dimension=2", {2, 2, 1}, 64, 0, ""},
        {"mean size=131", {1, 1, 1}, 64, 1, "reaches 65 voxels"},
        {"mean size=131", {1, 1, 1}, 1, 0, ""}, /* one voxel is no axis */
        {"wavelet level=6", {1, 1, 1}, 20, 1, "voxels to either side"},
        {"wavelet level=10", {1, 1, 1}, 20, 1, "reaches 2046 voxels"}, /* 2 (1 + 2 + 4 ... + 512) */
        {"simoncelli", {1, 1, 1}, 4, 0, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_error error = {0};
        rad_warnings warnings = {0};
        const rad_filter_options o = parse(rows[i].spec);
        rad_geometry grid = {.size = {rows[i].side, rows[i].side, rows[i].side}};
        memcpy(grid.spacing, rows[i].spacing, sizeof grid.spacing);
        ck_ok(rad_filter_warn(&o, "one", &grid, &warnings, &error));
        ck_assert_uint_eq(warnings.count, rows[i].warnings);
        ck_assert_msg(strstr(warnings.text[0], rows[i].words) != NULL, "%s", warnings.text[0]);
    }
}
END_TEST

/* The reference maps of IBSI 2 agree with both kernels. */
START_TEST(reference_maps_with_either_kernel) {
    static const char *const maps[][3] = {{"2_a", "impulse", "log sigma=3 boundary=zero"},
                                          {"2_b", "checkerboard", "log sigma=5 boundary=mirror"},
                                          {"2_c", "checkerboard", "log sigma=5 boundary=mirror dimension=2"},
                                          {"9_a", "impulse", "log sigma=3 boundary=zero riesz=1,0,0"},
                                          {"9_b_1", "sphere", "log sigma=3 boundary=zero riesz=0,2,0"}};
    const char *data = getenv("RADIOMILL_DATA");
    rad_error error = {0};
    rad_volume volumes[2];
    for (int k = 0; k < 2; k++) {
        char path[1024];
        const rad_source_options how = {.series = {.threads = 1}};
        rad_source source;
        snprintf(path, sizeof path, "%s/ibsi2/%s/%s.nii.gz", data ? data : "../shared/data",
                 k ? "response_maps" : "digital_phantoms", maps[_i][k ? 0 : 1]);
        if (rad_source_open(path, &how, &source, NULL, &error) != RAD_OK) {
            if (!_i) printf("reference maps: skipped: no reference data\n");
            return;
        }
        ck_ok(rad_source_read(&source, &how, NULL, &volumes[k], NULL, &error));
        rad_source_close(&source);
    }
    const size_t count = rad_geometry_count(&volumes[1].geometry);
    const rad_box all = rad_geometry_box(&volumes[1].geometry);
    double *theirs = rad_new(count, sizeof *theirs, &error), low = INFINITY, high = -INFINITY;
    rad_volume_crop(&volumes[1], &all, theirs);
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, theirs[i]);
        high = fmax(high, theirs[i]);
    }
    for (int zero = 0; zero < 2; zero++) {
        char spec[128];
        rad_volume map;
        snprintf(spec, sizeof spec, "%s zero_sum=%s", maps[_i][2], zero ? "yes" : "no");
        const rad_filter_options o = parse(spec);
        ck_ok(rad_response_make(&volumes[0], "phantom", &o, NAN, 1, &map, &error));
        for (size_t i = 0; i < count; i++)
            ck_assert(fabs(((double *)map.voxels)[i] - theirs[i]) <= 0.01 * (high - low));
        rad_volume_free(&map);
    }
    rad_free(theirs);
    rad_volume_free(&volumes[0]);
    rad_volume_free(&volumes[1]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("gaussians");
    TCase *tests = tcase_create("gaussians");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, laplacian_in_mm, 0, GRIDS);
    tcase_add_loop_test(tests, constants, 0, GRIDS);
    tcase_add_test(tests, narrow_and_wide_kernels_are_named);
    tcase_add_loop_test(tests, reference_maps_with_either_kernel, 0, 5);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
