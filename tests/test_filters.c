/* Filters against the response maps of IBSI-2 (RADIOMILL_DATA), and against naive twins. */
#include "testing.h"

#include "../core/memory.h"
#include "../features/feature.h"
#include "../filters/convolve.h"
#include "../filters/filter.h"
#include "../io/nifti.h"
#include "../pipeline/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Parameters of the tests of IBSI-2 phase 1; spacing 2 mm, 64^3 voxels. */
static const struct {
    const char *map, *phantom, *filter, *options;
} maps[] = {
    {"1_a_1", "checkerboard", "mean", "boundary=zero size=15"},
    {"1_a_2", "checkerboard", "mean", "boundary=nearest size=15"},
    {"1_a_3", "checkerboard", "mean", "boundary=periodic size=15"},
    {"1_a_4", "checkerboard", "mean", "boundary=mirror size=15"},
    {"1_b_1", "impulse", "mean", "boundary=zero size=15 dimension=2"},
    {"2_a", "impulse", "log", "boundary=zero sigma=3"},
    {"2_b", "checkerboard", "log", "boundary=mirror sigma=5"},
    {"2_c", "checkerboard", "log", "boundary=mirror sigma=5 dimension=2"},
    {"3_a_1", "impulse", "laws", "boundary=zero kernels=E5L5S5"},
    {"3_a_2", "impulse", "laws", "boundary=zero kernels=E5L5S5 rotations=yes"},
    {"3_a_3", "impulse", "laws", "boundary=zero kernels=E5L5S5 rotations=yes delta=7"},
    {"3_b_1", "checkerboard", "laws", "boundary=mirror kernels=E3W5R5"},
    {"3_b_2", "checkerboard", "laws", "boundary=mirror kernels=E3W5R5 rotations=yes"},
    {"3_b_3", "checkerboard", "laws", "boundary=mirror kernels=E3W5R5 rotations=yes delta=7"},
    {"3_c_1", "checkerboard", "laws", "boundary=mirror kernels=L5S5 dimension=2"},
    {"3_c_2", "checkerboard", "laws", "boundary=mirror kernels=L5S5 dimension=2 rotations=yes"},
    {"3_c_3", "checkerboard", "laws", "boundary=mirror kernels=L5S5 dimension=2 rotations=yes delta=7"},
    {"4_a_1", "impulse", "gabor", "boundary=zero sigma=10 lambda=4 gamma=0.5 theta=60"},
    {"4_a_2", "impulse", "gabor",
     "boundary=zero sigma=10 lambda=4 gamma=0.5 rotations=yes step=45 pooling=mean orthogonal=yes"},
    {"4_b_1", "sphere", "gabor", "boundary=mirror sigma=20 lambda=8 gamma=2.5 theta=225"},
    {"4_b_2", "sphere", "gabor",
     "boundary=mirror sigma=20 lambda=8 gamma=2.5 rotations=yes step=22.5 pooling=mean orthogonal=yes"},
    {"5_a_1", "impulse", "wavelet", "boundary=zero wavelet=db2 subband=LHL"},
    {"5_a_2", "impulse", "wavelet", "boundary=zero wavelet=db2 subband=LHL rotations=yes pooling=mean"},
    {"6_a_1", "sphere", "wavelet", "boundary=periodic wavelet=coif1 subband=HHL"},
    {"6_a_2", "sphere", "wavelet", "boundary=periodic wavelet=coif1 subband=HHL rotations=yes pooling=mean"},
    {"7_a_1", "checkerboard", "wavelet",
     "boundary=mirror wavelet=haar subband=LLL level=2 rotations=yes pooling=mean"},
    {"7_a_2", "checkerboard", "wavelet",
     "boundary=mirror wavelet=haar subband=HHH level=2 rotations=yes pooling=mean"},
    {"8_a_1", "checkerboard", "simoncelli", "boundary=periodic level=1"},
    {"8_a_2", "checkerboard", "simoncelli", "boundary=periodic level=2"},
    {"8_a_3", "checkerboard", "simoncelli", "boundary=periodic level=3"},
    {"9_a", "impulse", "log", "boundary=zero sigma=3 riesz=1,0,0"},
    {"9_b_1", "sphere", "log", "boundary=zero sigma=3 riesz=0,2,0"},
    {"10_b_1", "pattern_1", "simoncelli", "boundary=periodic level=1 riesz=0,2,0"},
};
enum { MAPS = sizeof maps / sizeof maps[0] };

/* Options from "key=value key=value". */
static void set_options(rad_filter_options *options, const char *words) {
    rad_error error = {0};
    char copy[256], *rest = copy;
    snprintf(copy, sizeof copy, "%s", words);
    rad_filter_default(options);
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        char *equals = strchr(word, '=');
        ck_assert(equals != NULL);
        *equals = '\0';
        ck_ok(rad_filter_set(options, word, equals + 1, &error));
    }
}

static rad_field read_field(const char *folder, const char *name) {
    const char *data = getenv("RADIOMILL_DATA");
    char path[1024];
    rad_error error = {0};
    rad_volume v;
    snprintf(path, sizeof path, "%s/ibsi2/%s/%s.nii.gz", data ? data : "../shared/data", folder, name);
    if (access(path, R_OK)) return (rad_field){{0}, {0}, NULL};
    ck_ok(rad_nifti_read(path, &v, NULL, &error));
    rad_field field = {{v.geometry.size[0], v.geometry.size[1], v.geometry.size[2]},
                       {v.geometry.spacing[0], v.geometry.spacing[1], v.geometry.spacing[2]},
                       rad_new(rad_geometry_count(&v.geometry), sizeof(double), &error)};
    const rad_box all = rad_geometry_box(&v.geometry);
    ck_assert(field.data != NULL);
    rad_volume_crop(&v, &all, field.data);
    rad_volume_free(&v);
    return field;
}

/* Every voxel within 1 % of the range of the reference; bytes the same for one thread and three. */
START_TEST(response_maps) {
    rad_field field = read_field("digital_phantoms", maps[_i].phantom),
              reference = read_field("response_maps", maps[_i].map);
    if (!field.data || !reference.data) {
        printf("response map %s: skipped: no reference data\n", maps[_i].map);
        return;
    }
    rad_error error = {0};
    rad_filter_options options;
    const size_t count = rad_field_count(&field);
    double *one = rad_new(count, sizeof *one, &error), *three = rad_new(count, sizeof *three, &error);
    double low = INFINITY, high = -INFINITY, most = 0;
    ck_assert(one && three && rad_field_count(&reference) == count);
    set_options(&options, maps[_i].options);
    ck_ok(rad_filter_find(maps[_i].filter)->run(&field, &options, 1, one, &error));
    ck_ok(rad_filter_find(maps[_i].filter)->run(&field, &options, 3, three, &error));
    ck_assert(!memcmp(one, three, count * sizeof *one));
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, reference.data[i]);
        high = fmax(high, reference.data[i]);
        most = fmax(most, fabs(one[i] - reference.data[i]));
    }
    printf("response map %s: %.4f %% of the range\n", maps[_i].map, 100 * most / (high - low));
    ck_assert_msg(most <= 0.01 * (high - low), "%s: %g of a range of %g", maps[_i].map, most, high - low);
    rad_free(one);
    rad_free(three);
    rad_free(field.data);
    rad_free(reference.data);
}
END_TEST

/* Phase 2: statistics of the response maps of the CT phantom. A: slice by slice, no interpolation; B: 1 mm.
 */
static const struct {
    const char *id, *filter, *options;
} tests_2[] = {
    {"1.A", NULL, NULL},
    {"1.B", NULL, NULL},
    {"2.A", "mean", "dimension=2 size=5"},
    {"2.B", "mean", "size=5"},
    {"3.A", "log", "dimension=2 sigma=1.5"},
    {"3.B", "log", "sigma=1.5"},
    {"4.A", "laws", "dimension=2 kernels=L5E5 delta=7 rotations=yes pooling=max"},
    {"4.B", "laws", "kernels=L5E5E5 delta=7 rotations=yes pooling=max"},
    {"5.A", "gabor", "dimension=2 sigma=5 lambda=2 gamma=1.5 rotations=yes step=22.5 pooling=mean"},
    {"5.B", "gabor", "sigma=5 lambda=2 gamma=1.5 rotations=yes step=22.5 pooling=mean orthogonal=yes"},
    {"6.A", "wavelet", "dimension=2 wavelet=db3 subband=LH rotations=yes pooling=mean"},
    {"6.B", "wavelet", "wavelet=db3 subband=LLH rotations=yes pooling=mean"},
    {"7.A", "wavelet", "dimension=2 wavelet=db3 subband=HH level=2 rotations=yes pooling=mean"},
    {"7.B", "wavelet", "wavelet=db3 subband=HHH level=2 rotations=yes pooling=mean"},
    {"8.A", "simoncelli", "dimension=2 boundary=periodic level=1"},
    {"8.B", "simoncelli", "boundary=periodic level=1"},
    {"9.A", "simoncelli", "dimension=2 boundary=periodic level=2"},
    {"9.B", "simoncelli", "boundary=periodic level=2"},
};
enum { TESTS_2 = sizeof tests_2 / sizeof tests_2[0] };

static rad_settings settings_2(bool volume) {
    rad_settings s;
    rad_settings_default(&s);
    s.range[0] = -1000;
    s.range[1] = 400;
    s.families = 1U << RAD_FAMILY_STAT;
    if (!volume) return s;
    for (int a = 0; a < 3; a++) s.spacing[a] = 1;
    s.image_method = RAD_CUBIC;
    s.round = true;
    return s;
}

static const rad_pass *statistics_pass(void) {
    for (size_t p = 0; p < rad_pass_count; p++)
        if (!strcmp(rad_passes[p]->families[0]->key, "stat")) return rad_passes[p];
    return NULL;
}

START_TEST(filtered_features) {
    const char *data = getenv("RADIOMILL_DATA");
    const bool volume = strchr(tests_2[_i].id, 'B') != NULL;
    char path[2][1024];
    rad_error error = {0};
    rad_volume image;
    rad_mask mask;
    rad_roi roi;
    rad_field field;
    rad_reference_table reference;
    const rad_settings settings = settings_2(volume);
    for (int i = 0; i < 2; i++)
        snprintf(path[i], sizeof path[i], "%s/ibsi1/ct_phantom/nifti/%s.nii.gz",
                 data ? data : "../shared/data", i ? "mask" : "image");
    if (access(path[0], R_OK)) {
        printf("filter test %s: skipped: no reference data\n", tests_2[_i].id);
        return;
    }
    ck_ok(rad_nifti_read(path[0], &image, NULL, &error));
    ck_ok(rad_nifti_read_mask(path[1], &mask, NULL, &error));
    ck_ok(rad_roi_prepare(&image, &mask, &mask.labels[0], &settings, 2, "phantom", &roi, &error));
    if (tests_2[_i].filter) {
        rad_filter_options options;
        set_options(&options, tests_2[_i].options);
        ck_ok(rad_field_interpolate(&image, &settings, "phantom", 2, &field, &error));
        double *map = rad_new(rad_field_count(&field), sizeof *map, &error);
        ck_assert(map != NULL);
        ck_ok(rad_filter_find(tests_2[_i].filter)->run(&field, &options, 2, map, &error));
        rad_roi_take_map(&roi, map);
        rad_free(map);
        rad_free(field.data);
    }
    const rad_pass *pass = statistics_pass();
    const rad_family *family = pass->families[0];
    rad_value values[64], *out[RAD_PASS_FAMILIES] = {values, NULL};
    const rad_feature_input input = {&roi, NULL, &settings, 1};
    ck_ok(pass->run(&input, out, &error));
    ck_ok(rad_reference_read("ibsi2_values.csv", &reference, &error));
    size_t met = 0, there = 0;
    for (size_t i = 0; i < reference.count; i++) {
        const rad_reference_value *r = &reference.rows[i];
        if (strcmp(r->data_set, tests_2[_i].id) != 0 || !r->standardised) continue;
        there++;
        for (size_t f = 0; f < family->count; f++)
            if (!strcmp(family->features[f].tag, r->tag)) {
                const bool ok = rad_reference_meets(r, values[f].value);
                met += ok;
                if (!ok)
                    printf("%s %s: %.6g, reference %s within %g\n", r->data_set, r->tag, values[f].value,
                           r->text, r->tolerance);
            }
    }
    printf("filter test %s: %zu of %zu values\n", tests_2[_i].id, met, there);
    ck_assert(there >= 17);
    ck_assert_uint_eq(met, there);
    rad_reference_free(&reference);
    rad_roi_free(&roi);
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

/* Lines of every length under odd and even taps, longer ones too, all boundaries and axes, both ways. */
START_TEST(convolution_equals_definition) {
    static const size_t sizes[][3] = {{5, 4, 3}, {1, 6, 2}, {7, 1, 1}, {3, 2, 9}};
    const rad_boundary boundary = (rad_boundary)_i;
    rad_error error = {0};
    test_random random = {9};
    for (size_t s = 0; s < 4; s++)
        for (size_t length = 1; length <= 12; length++)
            for (int axis = 0; axis < 3; axis++) {
                double in[64], out[64], tap[12];
                rad_taps taps;
                const size_t *n = sizes[s], count = n[0] * n[1] * n[2];
                const bool flipped = length % 3 == 0;
                for (size_t i = 0; i < count; i++) in[i] = test_uniform(&random);
                for (size_t i = 0; i < length; i++) tap[i] = test_uniform(&random) - 0.5;
                ck_ok(rad_taps_make(tap, length, &taps, &error));
                rad_convolve(in, n, axis, &taps, flipped, boundary, 2, out);
                for (size_t v = 0; v < count; v++) {
                    const size_t at[3] = {v % n[0], v / n[0] % n[1], v / n[0] / n[1]};
                    const size_t stride = axis == 0 ? 1 : axis == 1 ? n[0] : n[0] * n[1];
                    double sum = 0;
                    for (size_t i = 0; i < length; i++) {
                        /* walks to the voxel step by step */
                        const ptrdiff_t centre = (ptrdiff_t)(length / 2);
                        ptrdiff_t p =
                            (ptrdiff_t)at[axis] + (flipped ? (ptrdiff_t)i - centre : centre - (ptrdiff_t)i);
                        const ptrdiff_t last = (ptrdiff_t)n[axis] - 1;
                        while (p < 0 || p > last) {
                            if (boundary == RAD_ZERO) break;
                            if (boundary == RAD_CLAMP) p = p < 0 ? 0 : last;
                            if (boundary == RAD_PERIODIC) p += p < 0 ? last + 1 : -last - 1;
                            if (boundary == RAD_MIRROR) p = p < 0 ? -p - 1 : 2 * last + 1 - p;
                        }
                        if (p >= 0 && p <= last)
                            sum += tap[i] * in[v - at[axis] * stride + (size_t)p * stride];
                    }
                    ck_near(out[v], sum, 1e-13);
                }
                rad_taps_free(&taps);
            }
}
END_TEST

/* Shifts of a wavelet's low-pass by even steps are orthonormal: an impulse under the low-pass shows the taps.
 */
START_TEST(wavelets_are_orthogonal) {
    static const char *const names[] = {"haar", "db2", "db3", "db4",  "db5",  "db6",
                                        "db7",  "db8", "db9", "db10", "coif1"};
    rad_error error = {0};
    rad_filter_options options;
    double in[64 * 3] = {0}, out[2][64 * 3];
    rad_field field = {{64, 3, 1}, {1, 1, 1}, in};
    in[64 + 32] = 1;
    for (int band = 0; band < 2; band++) {
        rad_filter_default(&options);
        options.dimension = 2;
        options.boundary = RAD_PERIODIC;
        snprintf(options.wavelet, sizeof options.wavelet, "%s", names[_i]);
        snprintf(options.subband, sizeof options.subband, "%s", band ? "HL" : "LL");
        ck_ok(rad_filter_find("wavelet")->run(&field, &options, 1, out[band], &error));
    }
    double row[2][64] = {{0}};
    for (size_t x = 0; x < 64; x++) /* the low-pass along y sums to sqrt(2) */
        for (size_t y = 0; y < 3; y++)
            for (int band = 0; band < 2; band++) row[band][x] += out[band][y * 64 + x] / sqrt(2);
    for (size_t shift = 0; shift < 32; shift += 2) {
        double low = 0, high = 0, both = 0;
        for (size_t x = 0; x < 64; x++) {
            low += row[0][x] * row[0][(x + shift) % 64];
            high += row[1][x] * row[1][(x + shift) % 64];
            both += row[0][x] * row[1][(x + shift) % 64];
        }
        ck_near(low, shift == 0, 1e-9);
        ck_near(high, shift == 0, 1e-9);
        ck_near(both, 0, 1e-9);
    }
}
END_TEST

START_TEST(options_are_checked) {
    rad_error error = {0};
    rad_filter_options options;
    rad_filter_default(&options);
    ck_assert_int_eq(options.boundary, RAD_MIRROR);
    ck_assert_int_eq(rad_filter_set(&options, "sigma", "-1", &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "0.001") != NULL, "%s", error.text);
    ck_assert_int_eq(rad_filter_set(&options, "boundary", "wrap", &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "zero, nearest, periodic, mirror") != NULL, "%s", error.text);
    ck_assert_int_eq(rad_filter_set(&options, "sigmas", "1", &error), RAD_CONFIG);
    ck_assert_int_eq(rad_filter_set(&options, "size", "2.5", &error), RAD_CONFIG);
    ck_assert_int_eq(rad_filter_set(&options, "riesz", "1,2", &error), RAD_CONFIG);
    ck_ok(rad_filter_set(&options, "riesz", "1,2,0", &error));
    ck_assert_int_eq(options.riesz[1], 2);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("filters");
    TCase *tests = tcase_create("filters");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, response_maps, 0, MAPS);
    tcase_add_loop_test(tests, filtered_features, 0, TESTS_2);
    tcase_add_loop_test(tests, convolution_equals_definition, 0, 4);
    tcase_add_loop_test(tests, wavelets_are_orthogonal, 0, 11);
    tcase_add_test(tests, options_are_checked);
    return test_run(suite);
}
