/* PyRadiomics' wavelets against a naive twin: every sum by itself, on a padded copy, in the precision of the
 * image. Bytes are equal, whatever is shared, wanted, and however many threads and vectors there are. */
#include "filtering.h"

#include "../../core/memory.h"
#include "../../core/simd.h"
#include "../../filters/pyr_filters.h"
#include "../../filters/shared.h"
#include "../../filters/wavelet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static rad_error error;

/* Taps of PyWavelets in single precision: those of Coiflets without the root of 2. */
static float narrowed(const char *name, double tap) {
    return strncmp(name, "coif", 4) != 0 ? (float)tap : (float)(tap / sqrt(2)) * (float)sqrt(2);
}

/* Taps of a wavelet. */
typedef struct kernel {
    const char *name;
    const double *tap;
    size_t taps;
} kernel;

/* One output of a line of n values, `step` apart. */
static double one_output(const double *line, size_t step, size_t n, size_t o, const kernel *k, bool single) {
    const double *tap = k->tap;
    const size_t taps = k->taps;
    float sum = 0;
    double exact = 0;
    const size_t last = o + taps / 2, beyond = last < n ? 0 : last - n + 1;
    for (size_t j = 0; j < taps; j++) {
        const size_t t = single && j < beyond && beyond <= taps ? beyond - 1 - j : j;
        const double x = line[(last + taps * n - t) % n * step];
        sum += narrowed(k->name, tap[t]) * (float)x;
        exact += tap[t] * x;
    }
    return single ? (double)sum : exact;
}

static void naive(const rad_field *f, const rad_pyr_filter *o, double *out) {
    size_t n[3];
    const size_t *m = f->size;
    rad_wavelet w;
    ck_ok(rad_wavelet_make(o->text, &w, &error));
    for (int a = 0; a < 3; a++) {
        n[a] = m[a] + m[a] % 2;
        ck_assert_uint_gt(n[a], 0);
    }
    const size_t count = n[0] * n[1] * n[2], step[3] = {1, n[0], n[0] * n[1]};
    double *x = new_doubles(count), *y = new_doubles(count);
    for (size_t v = 0; v < count; v++)
        x[v] = f->data[(v / step[2] % m[2] * m[1] + v / n[0] % n[1] % m[1]) * m[0] + v % n[0] % m[0]];
    for (int pass = 0; pass < 3 * o->levels; pass++) {
        const int a = pass % 3;
        const bool high = pass / 3 + 1 == o->levels && o->high >> a & 1;
        if (a == o->axis) continue;
        for (size_t v = 0; v < count; v++) {
            const size_t at = v / step[a] % n[a];
            y[v] = one_output(x + v - at * step[a], step[a], n[a], at,
                              &(kernel){o->text, high ? w.high : w.low, w.length}, f->single);
        }
        double *swap = x;
        x = y;
        y = swap;
    }
    for (size_t v = 0; v < rad_field_count(f); v++)
        out[v] = x[v / (m[0] * m[1]) * step[2] + v / m[0] % m[1] * n[0] + v % m[0]];
    rad_free(x);
    rad_free(y);
}

static void expect_wanted(const rad_field *f, const double *ours, const double *theirs, const char *what) {
    const rad_box w = rad_field_wanted(f);
    for (size_t z = w.begin[2]; z < w.end[2]; z++)
        for (size_t y = w.begin[1]; y < w.end[1]; y++)
            for (size_t x = w.begin[0]; x < w.end[0]; x++) {
                const size_t v = (z * f->size[1] + y) * f->size[0] + x;
                ck_assert_msg(ours[v] == theirs[v], "%s, voxel %zu %zu %zu: %.17g, naive %.17g", what, x, y,
                              z, ours[v], theirs[v]);
            }
}

/* All bands, one after the other, as an extraction asks for them. */
static void compare_bands(rad_field *f, rad_pyr_filter o, const char *what) {
    rad_shared shared = {.key = ""};
    const size_t count = rad_field_count(f);
    double *ours = new_doubles(count), *theirs = new_doubles(count);
    for (unsigned high = 0; high < 8; high++) {
        rad_filter_options options = {.filter = &rad_filter_pyr_wavelet, .boundary = RAD_PERIODIC};
        o.high = high * 3 % 8; /* in an order in which prefixes come and go */
        memcpy(options.own, &o, sizeof o);
        naive(f, &o, theirs);
        for (int way = 0; way < 4; way++) {
            f->shared = way % 2 ? NULL : &shared;
            rad_simd_allow(way < 2);
            memset(ours, 0, count * sizeof *ours);
            ck_ok(rad_filter_run(f, &options, way == 2 ? 1 : 3, ours, &error));
            expect_wanted(f, ours, theirs, what);
        }
    }
    rad_simd_allow(true);
    rad_shared_clear(&shared);
    rad_free(ours);
    rad_free(theirs);
}

static const struct {
    const char *wavelet;
    int levels, axis;
    size_t size[3];
} cases[] = {{"coif1", 1, -1, {13, 12, 9}}, {"haar", 1, -1, {8, 7, 5}},   {"db5", 1, -1, {4, 6, 3}},
             {"bior2.2", 1, 2, {9, 8, 4}},  {"coif1", 1, 0, {7, 9, 6}},   {"db2", 1, 1, {6, 5, 7}},
             {"coif1", 2, -1, {9, 10, 11}}, {"haar", 3, -1, {6, 5, 4}},   {"db3", 2, 2, {5, 8, 3}},
             {"coif2", 1, -1, {700, 3, 2}}, {"coif17", 1, -1, {11, 5, 4}}};

START_TEST(bands_are_those_of_the_naive_twin) {
    for (int single = 0; single < 2; single++) {
        char what[80];
        rad_field f = noise(cases[_i].size, unit, 7 + (uint64_t)_i);
        rad_pyr_filter o = {.levels = cases[_i].levels, .axis = cases[_i].axis};
        snprintf(o.text, sizeof o.text, "%s", cases[_i].wavelet);
        snprintf(what, sizeof what, "%s, level %d, %s", o.text, o.levels, single ? "single" : "double");
        f.single = single;
        for (size_t v = 0; single && v < rad_field_count(&f); v++) f.data[v] = (float)f.data[v];
        compare_bands(&f, o, what);
        for (int a = 0; a < 3; a++) {
            f.wanted.begin[a] = 1;
            f.wanted.end[a] = f.size[a] - (f.size[a] > 2);
        }
        compare_bands(&f, o, what);
        rad_free(f.data);
    }
}
END_TEST

/* What is wanted changes between two runs: nothing of the first is taken for the second. */
START_TEST(shared_passes_are_of_what_is_wanted) {
    rad_shared shared = {.key = ""};
    rad_field f = noise((size_t[]){10, 9, 8}, unit, 3);
    rad_pyr_filter o = {.levels = 1, .axis = -1, .text = "coif1", .high = 4};
    rad_filter_options options = {.filter = &rad_filter_pyr_wavelet, .boundary = RAD_PERIODIC};
    double *ours = new_doubles(rad_field_count(&f)), *theirs = new_doubles(rad_field_count(&f));
    memcpy(options.own, &o, sizeof o);
    naive(&f, &o, theirs);
    f.shared = &shared;
    f.wanted = (rad_box){{1, 1, 1}, {4, 4, 4}};
    ck_ok(rad_filter_run(&f, &options, 1, ours, &error));
    expect_wanted(&f, ours, theirs, "the first");
    f.wanted = (rad_box){{2, 0, 3}, {10, 9, 8}};
    ck_ok(rad_filter_run(&f, &options, 1, ours, &error));
    expect_wanted(&f, ours, theirs, "the second");
    rad_shared_clear(&shared);
    rad_free(ours);
    rad_free(theirs);
    rad_free(f.data);
}
END_TEST

int main(void) {
    Suite *s = suite_create("pyr_wavelets");
    TCase *tests = tcase_create("twins");
    suite_add_tcase(s, tests);
    tcase_add_loop_test(tests, bands_are_those_of_the_naive_twin, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tests, shared_passes_are_of_what_is_wanted);
    return test_run(s);
}
