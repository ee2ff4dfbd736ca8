/* Fourier transforms, autocorrelation and local intensity against naive sums. */
#include "testing.h"

#include "../../core/memory.h"

#include "../../core/fft.h"
#include "../../features/autocorrelation.h"
#include "../../features/families.h"
#include "../../features/sphere_sums.h"
#include "../../pipeline/settings.h"

#include <complex.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Lines of n values: {n, lines}. */
static const size_t batches[][2] = {{2, 1}, {8, 3}, {14, 1}, {20, 5}, {90, 2}, {98, 4}};

static double *random_lines(size_t count, test_random *random) {
    rad_error error = {0};
    double *data = rad_new(count, sizeof *data, &error);
    ck_assert(data != NULL);
    for (size_t i = 0; i < count; i++) data[i] = test_uniform(random) - 0.5;
    return data;
}

static double complex turned(size_t j, size_t k, size_t n) {
    return cexp(-2 * acos(-1) * I * (double)(j * k % n) / (double)n);
}

/* Every coefficient against its definition. */
START_TEST(transforms_equal_definition) {
    const size_t n = batches[_i][0], lines = batches[_i][1], half = n / 2 + 1;
    rad_fft_lines real, whole;
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 3};
    ck_ok(rad_fft_make_real(n, lines, &real, &error));
    ck_ok(rad_fft_make_complex(n, lines, &whole, &error));
    double *in = random_lines(2 * n * lines, &random), *copy = random_lines(2 * n * lines, &random),
           *out = random_lines(2 * half * lines, &random);
    memcpy(copy, in, 2 * n * lines * sizeof *copy);
    ck_assert(rad_fft_run_real(&real, copy, out));
    for (size_t i = 0; i < lines * half; i++) {
        double complex sum = 0;
        for (size_t j = 0; j < n; j++) sum += in[i / half * n + j] * turned(j, i % half, n);
        ck_near(out[2 * i], creal(sum), 1e-12);
        ck_near(out[2 * i + 1], cimag(sum), 1e-12);
    }
    memcpy(copy, in, 2 * n * lines * sizeof *copy);
    ck_assert(rad_fft_run_complex(&whole, copy));
    for (size_t i = 0; i < lines * n; i++) {
        double complex sum = 0;
        for (size_t j = 0; j < n; j++) {
            const double *c = in + 2 * (i / n * n + j);
            sum += (c[0] + I * c[1]) * turned(j, i % n, n);
        }
        ck_near(copy[2 * i], creal(sum), 1e-12);
        ck_near(copy[2 * i + 1], cimag(sum), 1e-12);
    }
    rad_free(in);
    rad_free(copy);
    rad_free(out);
    rad_fft_free(&real);
    rad_fft_free(&real);
    rad_fft_free(&whole);
}
END_TEST

START_TEST(good_sizes) {
    static const size_t pairs[][2] = {{0, 2},   {1, 2},     {11, 12},   {13, 14},
                                      {97, 98}, {197, 200}, {257, 270}, {4097, 4116}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        ck_assert_uint_eq(rad_fft_good_size(pairs[i][0]), pairs[i][1]);
}
END_TEST

static const test_roi_options rois[] = {
    {{9, 8, 7}, {1, 1, 1}, 0, 50, 0.6, 0.5, false, 1},
    {{6, 11, 5}, {0.1, 0.7, 10}, 2, 9, 0.8, 0.3, true, 2},
    {{1, 12, 4}, {2, 2, 3}, 1, 5, 0.5, 0.6, true, 3},
    {{30, 1, 1}, {1, 5, 5}, 0, 1000, 0.7, 0, false, 4},
    {{13, 12, 11}, {0.9, 0.9, 2.5}, 4, 30, 0.3, 0.8, true, 5},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

/* All pairs. */
static void naive_autocorrelation(const rad_roi *roi, double *moran, double *geary) {
    const size_t count = rad_box_count(&roi->box);
    long double n = 0, mean = 0, square = 0, weights = 0, products = 0, differences = 0;
    for (size_t i = 0; i < count; i++)
        if (roi->intensity_mask[i]) {
            n++;
            mean += (long double)roi->intensity[i];
        }
    mean /= n;
    for (size_t i = 0; i < count; i++) {
        if (!roi->intensity_mask[i]) continue;
        const long double u = (long double)roi->intensity[i] - mean;
        square += u * u;
        for (size_t j = 0; j < count; j++) {
            if (i == j || !roi->intensity_mask[j]) continue;
            long double d2 = 0;
            const size_t *s = roi->size, a[3] = {i % s[0], i / s[0] % s[1], i / s[0] / s[1]},
                         b[3] = {j % s[0], j / s[0] % s[1], j / s[0] / s[1]};
            for (int k = 0; k < 3; k++) {
                const long double d =
                    ((long double)a[k] - (long double)b[k]) * (long double)roi->grid.spacing[k];
                d2 += d * d;
            }
            const long double w = 1 / sqrtl(d2), v = (long double)roi->intensity[j] - mean;
            weights += w;
            products += w * u * v;
            differences += w * (u - v) * (u - v);
        }
    }
    *moran = (double)(n / weights * products / square);
    *geary = (double)((n - 1) / (2 * weights) * differences / square);
}

START_TEST(autocorrelation_equals_all_pairs) {
    rad_roi roi;
    rad_autocorrelation a, many;
    rad_error error = {0};
    double moran, geary;
    test_roi_make(&rois[_i], &roi);
    naive_autocorrelation(&roi, &moran, &geary);
    ck_ok(rad_autocorrelation_measure(&roi, 1, &a, &error));
    ck_near(a.moran_i.value, moran, 1e-11);
    ck_near(a.geary_c.value, geary, 1e-11);
    for (int threads = 2; threads <= 8; threads += 3) {
        ck_ok(rad_autocorrelation_measure(&roi, threads, &many, &error));
        ck_assert(!memcmp(&a.moran_i.value, &many.moran_i.value, sizeof(double)));
        ck_assert(!memcmp(&a.geary_c.value, &many.geary_c.value, sizeof(double)));
    }
    for (int e = -30; e <= 30; e += 60) { /* a change of unit changes nothing */
        rad_roi scaled = roi;
        scaled.intensity = rad_new(rad_box_count(&roi.box), sizeof *scaled.intensity, NULL);
        ck_assert(scaled.intensity != NULL);
        for (size_t i = 0; i < rad_box_count(&roi.box); i++)
            scaled.intensity[i] = roi.intensity[i] * pow(10, e);
        ck_ok(rad_autocorrelation_measure(&scaled, 1, &many, &error));
        ck_near(many.moran_i.value, moran, 1e-10);
        ck_near(many.geary_c.value, geary, 1e-10);
        rad_free(scaled.intensity);
    }
    rad_roi_free(&roi);
}
END_TEST

/* Two voxels: I = -1, C = 1 whatever their distance. One voxel, equal voxels: undefined. */
START_TEST(autocorrelation_closed_forms) {
    rad_roi roi;
    rad_autocorrelation a;
    rad_error error = {0};
    test_roi_full((size_t[]){2, 1, 1}, (double[]){3.7, 1, 1}, &roi);
    ck_ok(rad_autocorrelation_measure(&roi, 1, &a, &error));
    ck_assert_int_eq(a.moran_i.reason, RAD_FLAT);
    roi.intensity[1] = 5;
    ck_ok(rad_autocorrelation_measure(&roi, 1, &a, &error));
    ck_near(a.moran_i.value, -1, 1e-14);
    ck_near(a.geary_c.value, 1, 1e-14);
    rad_roi_free(&roi);
    test_roi_full((size_t[]){1, 1, 1}, (double[]){1, 1, 1}, &roi);
    ck_ok(rad_autocorrelation_measure(&roi, 1, &a, &error));
    ck_assert_int_eq(a.geary_c.reason, RAD_ONE_VOXEL);
    rad_roi_free(&roi);
}
END_TEST

static double naive_mean(const rad_roi *roi, size_t centre) {
    const size_t *s = roi->size;
    double sum = 0, n = 0;
    for (size_t j = 0; j < rad_box_count(&roi->box); j++) {
        double d2 = 0;
        const size_t a[3] = {centre % s[0], centre / s[0] % s[1], centre / s[0] / s[1]},
                     b[3] = {j % s[0], j / s[0] % s[1], j / s[0] / s[1]};
        for (int k = 0; k < 3; k++) d2 += pow(((double)a[k] - (double)b[k]) * roi->grid.spacing[k], 2);
        if (sqrt(d2) > cbrt(3 / (4 * acos(-1))) * 10 || !isfinite(roi->intensity[j])) continue;
        sum += roi->intensity[j];
        n++;
    }
    return sum / n;
}

static void measure_peaks(const rad_roi *roi, int threads, rad_value out[2]) {
    rad_value *const values[RAD_PASS_FAMILIES] = {out, NULL};
    rad_settings settings;
    rad_error error = {0};
    rad_settings_default(&settings);
    ck_ok(rad_family_loc.pass->run(&(rad_feature_input){roi, NULL, &settings.features, threads, NULL, NULL},
                                   values, &error));
}

START_TEST(peaks_equal_direct_means) {
    rad_roi roi;
    rad_value one[2], many[2];
    double highest = -INFINITY, local = -INFINITY, global = -INFINITY;
    test_roi_make(&rois[_i], &roi);
    if (_i == 1)
        for (size_t i = 0; i < rad_box_count(&roi.box); i += 7)
            if (!roi.intensity_mask[i]) roi.intensity[i] = NAN; /* no measurement there */
    for (size_t i = 0; i < rad_box_count(&roi.box); i++)
        if (roi.intensity_mask[i]) highest = fmax(highest, roi.intensity[i]);
    for (size_t i = 0; i < rad_box_count(&roi.box); i++) {
        if (!roi.intensity_mask[i]) continue;
        const double mean = naive_mean(&roi, i);
        global = fmax(global, mean);
        if (roi.intensity[i] == highest) local = fmax(local, mean);
    }
    measure_peaks(&roi, 1, one);
    ck_near(one[0].value, local, 1e-13);
    ck_near(one[1].value, global, 1e-13);
    for (int threads = 2; threads <= 8; threads += 3) {
        measure_peaks(&roi, threads, many);
        ck_assert(!memcmp(&one[0].value, &many[0].value, sizeof(double)) &&
                  !memcmp(&one[1].value, &many[1].value, sizeof(double)));
    }
    rad_roi_free(&roi);
}
END_TEST

/* Boxes with room around the ROI for all of the sphere, for some of it, on one side, and none. */
START_TEST(sphere_sums_equal_direct_sums) {
    static const struct {
        size_t size[3], begin[3], end[3];
        double radius;
    } rows[] = {{{20, 18, 16}, {6, 6, 6}, {14, 12, 10}, 5.5},
                {{13, 9, 7}, {2, 0, 3}, {12, 9, 5}, 4.2},
                {{9, 8, 7}, {0, 0, 0}, {9, 8, 7}, 30},
                {{1, 5, 1}, {0, 1, 0}, {1, 4, 1}, 2},
                {{12, 11, 1}, {4, 4, 0}, {7, 5, 1}, 8}};
    rad_error error = {0};
    rad_sphere_row sphere[4000];
    const size_t *size = rows[_i].size;
    const ptrdiff_t reach = (ptrdiff_t)rows[_i].radius;
    size_t count = 0;
    rad_roi roi = {.box.begin = {0}};
    for (int a = 0; a < 3; a++) {
        roi.size[a] = roi.box.end[a] = size[a];
        roi.inner.begin[a] = rows[_i].begin[a];
        roi.inner.end[a] = rows[_i].end[a];
    }
    for (ptrdiff_t z = -reach; z <= reach; z++)
        for (ptrdiff_t y = -reach; y <= reach; y++) {
            const double left = rows[_i].radius * rows[_i].radius - (double)(y * y + z * z);
            if (left < 0 || labs(z) >= (long)size[2] || labs(y) >= (long)size[1]) continue;
            const size_t half = (size_t)sqrt(left);
            sphere[count++] = (rad_sphere_row){y, z, half < size[0] ? half : size[0]};
        }
    const size_t all = size[0] * size[1] * size[2];
    double *values = rad_new(all, sizeof *values, &error), *sums = rad_new(all, sizeof *sums, &error);
    test_random random = {.state = 11};
    ck_assert(values && sums);
    for (size_t i = 0; i < all; i++) sums[i] = values[i] = (double)test_below(&random, 2001) / 1000 - 1;
    ck_ok(rad_sphere_sums(&roi, sphere, count, sums, 2, &error));
    for (size_t i = 0; i < all; i++) {
        const size_t at[3] = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
        bool inside = true;
        double sum = 0;
        for (int a = 0; a < 3; a++)
            inside = inside && at[a] >= roi.inner.begin[a] && at[a] < roi.inner.end[a];
        for (size_t j = 0; j < all && inside; j++) {
            const size_t to[3] = {j % size[0], j / size[0] % size[1], j / size[0] / size[1]};
            double far = 0;
            for (int a = 0; a < 3; a++) far += pow((double)to[a] - (double)at[a], 2);
            if (far <= rows[_i].radius * rows[_i].radius) sum += values[j];
        }
        if (inside) ck_assert_msg(fabs(sums[i] - sum) < 1e-12, "%zu: %.17g, not %.17g", i, sums[i], sum);
    }
    rad_free(values);
    rad_free(sums);
}
END_TEST

/* The mean around a voxel by sums along rows, of voxels of 0.1 mm. */
static double mean_by_rows(const rad_roi *roi, const long double *before, size_t centre) {
    const ptrdiff_t n = (ptrdiff_t)roi->size[0], c = (ptrdiff_t)centre, at[3] = {c % n, c / n % n, c / n / n};
    const double radius = cbrt(3 / (4 * acos(-1))) * 100;
    long double sum = 0;
    ptrdiff_t count = 0;
    for (ptrdiff_t z = 0; z < n; z++)
        for (ptrdiff_t y = 0; y < n; y++) {
            const double left =
                radius * radius - (double)((z - at[2]) * (z - at[2]) + (y - at[1]) * (y - at[1]));
            if (left < 0) continue;
            const ptrdiff_t half = (ptrdiff_t)sqrt(left), low = at[0] > half ? at[0] - half : 0,
                            high = at[0] + half < n ? at[0] + half + 1 : n;
            sum += before[(z * n + y) * (n + 1) + high] - before[(z * n + y) * (n + 1) + low];
            count += high - low;
        }
    return (double)(sum / (long double)count);
}

/* A sphere of a million voxels; a fifth of the voxels are as bright as any. */
START_TEST(peaks_of_fine_voxels) {
    enum { SIDE = 60, FROM = 15 };
    rad_roi roi;
    rad_value peaks[2];
    rad_error error = {0};
    double local = -INFINITY, global = -INFINITY;
    test_random random = {.state = 5};
    test_roi_full((size_t[]){SIDE, SIDE, SIDE}, (double[]){0.1, 0.1, 0.1}, &roi);
    long double *before = rad_new((SIDE + 1) * SIDE * SIDE, sizeof *before, &error);
    ck_assert(before != NULL);
    for (size_t i = 0; i < SIDE * SIDE * SIDE; i++) {
        const unsigned long v = test_below(&random, 250);
        roi.intensity[i] = v > 190 ? 200 : (double)v + (double)(i % SIDE) / 7;
        long double *row = before + i / SIDE * (SIDE + 1) + i % SIDE;
        row[1] = row[0] + (long double)roi.intensity[i];
    }
    for (size_t i = 0; i < SIDE * SIDE * SIDE; i++) {
        const size_t at[3] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
        bool inside = true;
        for (int a = 0; a < 3; a++) inside = inside && at[a] >= FROM && at[a] < SIDE - FROM;
        roi.intensity_mask[i] = inside;
        if (!inside) continue;
        const double mean = mean_by_rows(&roi, before, i);
        global = fmax(global, mean);
        if (roi.intensity[i] == 200) local = fmax(local, mean);
    }
    for (int a = 0; a < 3; a++) {
        roi.inner.begin[a] = FROM;
        roi.inner.end[a] = SIDE - FROM;
    }
    measure_peaks(&roi, 2, peaks);
    ck_near(peaks[0].value, local, 1e-12);
    ck_near(peaks[1].value, global, 1e-12);
    rad_free(before);
    rad_roi_free(&roi);
}
END_TEST

/* Row after row, as the engine sums: to the last bit. */
static double mean_in_order(const rad_roi *roi, size_t centre) {
    const ptrdiff_t at[3] = {(ptrdiff_t)(centre % roi->size[0]),
                             (ptrdiff_t)(centre / roi->size[0] % roi->size[1]),
                             (ptrdiff_t)(centre / roi->size[0] / roi->size[1])};
    const double radius = cbrt(3 / (4 * acos(-1))) * 10, *side = roi->grid.spacing;
    double sum = 0;
    size_t n = 0;
    for (size_t j = 0; j < rad_box_count(&roi->box); j++) {
        const size_t row = j / roi->size[0], slice = row / roi->size[1];
        const double x = ((double)(j % roi->size[0]) - (double)at[0]) * side[0],
                     y = ((double)(row % roi->size[1]) - (double)at[1]) * side[1],
                     z = ((double)slice - (double)at[2]) * side[2];
        if (x * x + y * y + z * z > radius * radius || !isfinite(roi->intensity[j])) continue;
        sum += roi->intensity[j];
        n++;
    }
    return sum / (double)n;
}

/* Regions of one intensity that are larger than the sphere, with borders, holes and others that are nearly as
 * bright: the bits of all means one by one. */
START_TEST(peaks_of_even_regions) {
    enum { NX = 34, NY = 21, NZ = 19 };
    rad_roi roi;
    rad_value peaks[2];
    double highest = -INFINITY, local = -INFINITY, global = -INFINITY;
    const size_t margin = _i & 1 ? 3 : 0; /* less than the sphere reaches: it is cut */
    test_random random = {.state = (uint64_t)_i + 1};
    test_roi_full((size_t[]){NX, NY, NZ}, (double[]){1, 1.3, 1.1}, &roi);
    for (size_t i = 0; i < NX * NY * NZ; i++) {
        const size_t x = i % NX, y = i / NX % NY, z = i / NX / NY;
        const double even = x < NX / 2 || !(_i & 2) ? 0.1 : 0.1 + 3e-11; /* as good as any */
        roi.intensity[i] = even;
        if (_i & 4 && test_below(&random, 2500) == 0) roi.intensity[i] = _i & 8 ? NAN : -1e-12;
        const bool inside = x >= margin && x < NX - margin && y >= margin && y < NY - margin && z >= margin &&
                            z < NZ - margin && isfinite(roi.intensity[i]);
        roi.intensity_mask[i] = roi.morphological[i] = inside;
        if (inside) highest = fmax(highest, roi.intensity[i]);
    }
    for (int a = 0; a < 3; a++) {
        roi.inner.begin[a] = margin;
        roi.inner.end[a] = roi.size[a] - margin;
    }
    for (size_t i = 0; i < NX * NY * NZ; i++) {
        if (!roi.intensity_mask[i]) continue;
        const double mean = mean_in_order(&roi, i);
        global = fmax(global, mean);
        if (roi.intensity[i] == highest) local = fmax(local, mean);
    }
    measure_peaks(&roi, 2, peaks);
    ck_assert_msg(peaks[0].value == local, "%.17g, not %.17g", peaks[0].value, local);
    ck_assert_msg(peaks[1].value == global, "%.17g, not %.17g", peaks[1].value, global);
    rad_roi_free(&roi);
}
END_TEST

/* Half a million voxels that tie, each in a sphere of 300,000: one sum. */
START_TEST(peaks_of_a_large_even_region) {
    enum { SIDE = 162, FROM = 41 };
    rad_roi roi;
    rad_value peaks[2];
    test_roi_full((size_t[]){SIDE, SIDE, SIDE}, (double[]){0.15, 0.15, 0.15}, &roi);
    for (size_t i = 0; i < (size_t)SIDE * SIDE * SIDE; i++) {
        bool inside = true;
        for (size_t a = 0, at = i; a < 3; at /= SIDE, a++)
            inside = inside && at % SIDE >= FROM && at % SIDE < SIDE - FROM;
        roi.intensity[i] = 255;
        roi.intensity_mask[i] = inside;
    }
    for (int a = 0; a < 3; a++) {
        roi.inner.begin[a] = FROM;
        roi.inner.end[a] = SIDE - FROM;
    }
    const clock_t begun = clock();
    measure_peaks(&roi, 1, peaks);
    ck_assert_int_lt((clock() - begun) / CLOCKS_PER_SEC, 60);
    ck_assert(peaks[0].value == 255 && peaks[1].value == 255);
    rad_roi_free(&roi);
}
END_TEST

/* A flat image has its own value everywhere; the margin covers the sphere. */
START_TEST(peaks_closed_forms) {
    rad_roi roi;
    rad_value peaks[2];
    size_t margin[3];
    test_roi_full((size_t[]){9, 9, 9}, (double[]){1, 1, 1}, &roi);
    for (size_t i = 0; i < 729; i++) roi.intensity[i] = 42;
    measure_peaks(&roi, 1, peaks);
    ck_near(peaks[0].value, 42, 1e-14);
    ck_near(peaks[1].value, 42, 1e-14);
    rad_family_loc.margin((double[]){1, 6.2, 7}, margin);
    ck_assert(margin[0] == 6 && margin[1] == 1 && margin[2] == 0);
    rad_roi_free(&roi);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("spatial");
    TCase *tests = tcase_create("spatial");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, transforms_equal_definition, 0, 6);
    tcase_add_test(tests, good_sizes);
    tcase_add_loop_test(tests, autocorrelation_equals_all_pairs, 0, ROIS);
    tcase_add_test(tests, autocorrelation_closed_forms);
    tcase_add_loop_test(tests, peaks_equal_direct_means, 0, ROIS);
    tcase_add_loop_test(tests, sphere_sums_equal_direct_sums, 0, 5);
    tcase_add_test(tests, peaks_of_fine_voxels);
    tcase_add_loop_test(tests, peaks_of_even_regions, 0, 16);
    tcase_add_test(tests, peaks_of_a_large_even_region);
    tcase_add_test(tests, peaks_closed_forms);
    return test_run(suite);
}
