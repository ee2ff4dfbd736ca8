/* PyRadiomics' LoG against a naive twin: every line by itself, value by value, over the whole field. Bytes
 * are equal, in every group of lines, for any number of threads and with and without vectors. */
#include "filtering.h"

#include "../../core/memory.h"
#include "../../filters/pyr_filters.h"
#include "../../filters/pyr_log.c" // NOLINT: for its constants

#include <stdio.h>

static rad_error error;

/* n . in - d . out along one line of doubles, then single precision. */
static void filter_line(const recursion *r, const double *in, size_t n, double *out) {
    double *forth = new_doubles(n), *back = new_doubles(n);
    for (size_t i = 0; i < n; i++) {
        double sum = 0, past = 0;
        for (size_t k = 0; k < 4; k++) {
            sum += in[i >= k ? i - k : 0] * r->n[k];
            past += i > k ? forth[i - 1 - k] * r->d[k] : in[0] * r->before[k];
        }
        forth[i] = sum - past;
    }
    for (size_t i = n; i-- > 0;) {
        double sum = 0, past = 0;
        for (size_t k = 0; k < 4; k++) {
            sum += in[i + 1 + k < n ? i + 1 + k : n - 1] * r->m[k];
            past += i + 1 + k < n ? back[i + 1 + k] * r->d[k] : in[n - 1] * r->behind[k];
        }
        back[i] = sum - past;
    }
    for (size_t i = 0; i < n; i++) out[i] = (float)(forth[i] + back[i]);
    rad_free(forth);
    rad_free(back);
}

static void filter_axis(const rad_field *f, const recursion *r, int axis, double *x) {
    const size_t step[3] = {1, f->size[0], f->size[0] * f->size[1]}, n = f->size[axis];
    double *in = new_doubles(n), *out = new_doubles(n);
    for (size_t v = 0; v < rad_field_count(f); v++) {
        if (v / step[axis] % n) continue; /* no beginning of a line */
        for (size_t i = 0; i < n; i++) in[i] = x[v + i * step[axis]];
        filter_line(r, in, n, out);
        for (size_t i = 0; i < n; i++) x[v + i * step[axis]] = out[i];
    }
    rad_free(in);
    rad_free(out);
}

static void naive(const rad_field *f, double sigma, double *out) {
    const size_t count = rad_field_count(f);
    double *x = new_doubles(count);
    for (int axis = 0; axis < 3; axis++) {
        memcpy(x, f->data, count * sizeof *x);
        for (int turn = 0; turn < 3; turn++) {
            const int along = turn == 0 ? axis : turn <= axis ? turn - 1 : turn;
            const double own = sigma / f->spacing[along];
            const recursion r = turn ? smoothing(own) : curvature(own, sigma * sigma);
            filter_axis(f, &r, along, x);
        }
        const double square = f->spacing[axis] * f->spacing[axis];
        for (size_t v = 0; v < count; v++) out[v] = (float)((axis ? out[v] : 0) + (float)x[v] / square);
    }
    rad_free(x);
}

START_TEST(lines_are_those_of_the_naive_twin) {
    static const size_t sizes[][3] = {{4, 4, 4}, {16, 16, 5}, {33, 17, 4}, {5, 31, 32}, {47, 6, 19}};
    rad_field f = noise(sizes[_i / 2], (double[]){1, 1.25, 2}, 31 + (uint64_t)_i);
    const double sigma = _i % 2 ? 2.5 : 0.9;
    rad_filter_options o = {.filter = &rad_filter_pyr_log};
    memcpy(o.own, &(rad_pyr_filter){.number = sigma}, sizeof(rad_pyr_filter));
    const size_t count = rad_field_count(&f);
    double *ours = new_doubles(count), *theirs = new_doubles(count);
    naive(&f, sigma, theirs);
    for (int way = 0; way < 3; way++) {
        rad_simd_allow(way < 2);
        memset(ours, 0, count * sizeof *ours);
        ck_ok(rad_filter_run(&f, &o, way ? 1 : 3, ours, &error));
        for (size_t v = 0; v < count; v++)
            ck_assert_msg(ours[v] == theirs[v], "way %d, voxel %zu: %.9g, naive %.9g", way, v, ours[v],
                          theirs[v]);
    }
    rad_simd_allow(true);
    rad_free(ours);
    rad_free(theirs);
    rad_free(f.data);
}
END_TEST

/* A box and its reach give what the whole field gives, in the middle and at an end. */
START_TEST(a_box_sees_enough) {
    rad_field f = noise((size_t[]){90, 44, 9}, (double[]){1, 1.5, 4}, 77);
    rad_filter_options o = {.filter = &rad_filter_pyr_log};
    memcpy(o.own, &(rad_pyr_filter){.number = 0.9}, sizeof(rad_pyr_filter));
    size_t reach[3] = {0};
    ck_ok(rad_filter_reach(&o, f.spacing, reach, &error));
    ck_assert_uint_eq(reach[0], 15); /* 16 x 0.9 mm */
    ck_assert_uint_eq(reach[1], 10);
    ck_assert_uint_eq(reach[2], 4); /* no fewer: unfit asks for 4 */
    const size_t first = _i ? 40 : 0, from = _i ? first - reach[0] : 0, to = first + 20 + reach[0];
    f.wanted = (rad_box){{first, 12, 0}, {first + 20, 30, 9}};
    rad_field part = {.size = {to - from, 44, 9}, .spacing = {1, 1.5, 4}};
    part.wanted = (rad_box){{first - from, 12, 0}, {first - from + 20, 30, 9}};
    part.data = new_doubles(rad_field_count(&part));
    double *all = new_doubles(rad_field_count(&f)), *some = new_doubles(rad_field_count(&part));
    for (size_t row = 0; row < 44 * 9; row++)
        memcpy(part.data + row * part.size[0], f.data + row * 90 + from, part.size[0] * sizeof *part.data);
    ck_ok(rad_filter_run(&f, &o, 1, all, &error));
    ck_ok(rad_filter_run(&part, &o, 1, some, &error));
    for (size_t row = 0; row < 44 * 9; row++)
        for (size_t x = first; x < first + 20 && row % 44 >= 12 && row % 44 < 30; x++)
            ck_assert_double_eq(some[row * part.size[0] + x - from], all[row * 90 + x]);
    rad_free(all);
    rad_free(some);
    rad_free(part.data);
    rad_free(f.data);
}
END_TEST

int main(void) {
    Suite *s = suite_create("pyr_log");
    TCase *tests = tcase_create("pyr_log");
    suite_add_tcase(s, tests);
    tcase_add_loop_test(tests, lines_are_those_of_the_naive_twin, 0, 10);
    tcase_add_loop_test(tests, a_box_sees_enough, 0, 2);
    return test_run(s);
}
