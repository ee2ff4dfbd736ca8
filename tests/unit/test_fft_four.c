/* Transforms of four lines side by side against their definition, with every kernel. */
#include "testing.h"

#include "../../core/fft_four.h"
#include "../../core/memory.h"
#include "../../core/simd.h"

#include <complex.h>
#include <string.h>

enum { LANES = RAD_FFT_LANES };

/* Each radix first, last, in the middle, alone and more than once. */
static const size_t sizes[] = {4, 8, 12, 16, 20, 28, 32, 40, 60, 64, 84, 96, 128, 140, 160, 196, 384, 420};

static double *new_block(size_t n) {
    double *block = rad_new(2 * n * LANES, sizeof *block, NULL);
    ck_assert(block != NULL);
    return block;
}

START_TEST(equal_definition) {
    const size_t n = sizes[_i / 2], plane = n * LANES;
    const bool half = _i % 2;
    rad_fft_four plan;
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 5};
    ck_ok(rad_fft_four_make(n, &plan, &error));
    double *in = new_block(n), *out[2] = {new_block(n), new_block(n)};
    for (size_t i = 0; i < 2 * plane; i++) in[i] = test_uniform(&random) - 0.5;
    for (size_t i = plane / 2; i < plane && half; i++) in[i] = in[plane + i] = 0;
    rad_fft_four_run(&plan, in, plane, half, out);
    for (size_t l = 0; l < LANES; l++)
        for (size_t k = 0; k < n; k++) {
            double complex sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += (in[i * LANES + l] + I * in[plane + i * LANES + l]) *
                       cexp(-2 * acos(-1) * I * (double)(i * k % n) / (double)n);
            ck_assert(cabs(out[0][k * LANES + l] + I * out[0][plane + k * LANES + l] - sum) <
                      1e-14 * (double)n);
        }
    double *portable[2] = {new_block(n), new_block(n)};
    rad_simd_allow(false);
    rad_fft_four_run(&plan, in, plane, half, portable);
    rad_simd_allow(true);
    ck_assert(!memcmp(portable[0], out[0], 2 * plane * sizeof *in));
    double *const all[] = {in, out[0], out[1], portable[0], portable[1]};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) rad_free(all[i]);
    rad_fft_four_free(&plan);
    rad_fft_four_free(&plan);
}
END_TEST

/* Imaginary parts anywhere behind; where half of a line is zero, nobody reads it. */
START_TEST(reads_half_a_line) {
    enum { N = 40 };
    rad_fft_four plan;
    rad_error error = {0};
    ck_ok(rad_fft_four_make(N, &plan, &error));
    double *whole = new_block(N), *apart = new_block(N), *a[2] = {new_block(N), new_block(N)},
           *b[2] = {new_block(N), new_block(N)};
    const size_t plane = N * LANES, near = plane / 2 + 4;
    for (size_t i = 0; i < 2 * plane; i++) apart[i] = NAN;
    for (size_t i = 0; i < plane / 2; i++) {
        whole[i] = apart[i] = (double)(i % 7);
        whole[plane + i] = apart[near + i] = (double)(i % 5);
    }
    rad_fft_four_run(&plan, whole, plane, false, a);
    rad_fft_four_run(&plan, apart, near, true, b);
    for (size_t i = 0; i < 2 * plane; i++) ck_assert(fabs(b[0][i] - a[0][i]) < 1e-12);
    double *const all[] = {whole, apart, a[0], a[1], b[0], b[1]};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) rad_free(all[i]);
    rad_fft_four_free(&plan);
}
END_TEST

START_TEST(next_sizes) {
    static const size_t pairs[][2] = {{0, 4},   {1, 4},   {4, 4},     {5, 8},     {21, 24},
                                      {43, 48}, {44, 48}, {155, 160}, {193, 196}, {4097, 4116}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        ck_assert_uint_eq(rad_fft_four_size(pairs[i][0]), pairs[i][1]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fft_four");
    TCase *tests = tcase_create("fft_four");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, equal_definition, 0, 2 * (int)(sizeof sizes / sizeof sizes[0]));
    tcase_add_test(tests, reads_half_a_line);
    tcase_add_test(tests, next_sizes);
    return test_run(suite);
}
