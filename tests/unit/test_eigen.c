/* The second eigenvalue of symmetric matrices against LAPACK and closed forms. */
#include "testing.h"

#include "../../core/eigen.h"
#include "../../core/memory.h"
#include "../../core/simd.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static rad_error error;

static int descending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double by_lapack(size_t n, const double *a, double *largest) {
    double *own = calloc(n * n, sizeof *own), *w = calloc(n, sizeof *w);
    memcpy(own, a, n * n * sizeof *own);
    ck_assert_int_eq(LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'U', (int)n, own, (int)n, w), 0);
    for (size_t i = 0; i < n; i++) w[i] = fabs(w[i]);
    qsort(w, n, sizeof *w, descending);
    const double second = w[1];
    *largest = w[0];
    free(own);
    free(w);
    return second;
}

/* Noise; counts scaled by their margins; blocks, of which several have the same eigenvalues; of rank one. */
static void fill(int kind, size_t n, test_random *random, double *a) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double u = test_uniform(random), d = (double)(i - j);
            const double x = kind == 0   ? u - 0.5
                             : kind == 1 ? floor(u * 50 / (1 + d * d))
                             : kind == 2 ? (i / 3 == j / 3 ? 1 : 0)
                             : kind == 3 ? (double)(i + 1) * (double)(j + 1)
                                         : (u - 0.5) * 1e-160;
            a[i * n + j] = a[j * n + i] = x;
        }
    if (kind != 1) return;
    double *margin = calloc(n, sizeof *margin);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) margin[i] += a[i * n + j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = a[i * n + j] > 0 ? a[i * n + j] / sqrt(margin[i] * margin[j]) : 0;
    free(margin);
}

START_TEST(second_is_that_of_lapack) {
    static const size_t sizes[] = {2, 3, 4, 5, 8, 17, 31, 64, 90};
    const size_t n = sizes[_i / 5];
    test_random random = {(uint64_t)_i + 40};
    double *a = calloc(n * n, sizeof *a), value, again, largest;
    fill(_i % 5, n, &random, a);
    ck_ok(rad_eigen_second(n, a, &value, &error));
    const double expected = by_lapack(n, a, &largest);
    ck_assert_msg(fabs(value - expected) <= 4e-16 * (double)n * largest, "n = %zu: %.17g, LAPACK %.17g", n,
                  value, expected);
    rad_simd_allow(false);
    ck_ok(rad_eigen_second(n, a, &again, &error));
    rad_simd_allow(true);
    ck_assert(!memcmp(&value, &again, sizeof value));
    free(a);
}
END_TEST

START_TEST(closed_forms) {
    double value;
    ck_ok(rad_eigen_second(2, (double[]){0.25, 0.75, 0.75, 0.25}, &value, &error));
    ck_assert_double_eq_tol(value, 0.5, 1e-15);
    ck_ok(rad_eigen_second(3, (double[]){1, 0, 0, 0, -3, 0, 0, 0, 2}, &value, &error));
    ck_assert_double_eq_tol(value, 2, 1e-15);
    ck_ok(rad_eigen_second(2, (double[]){0, 1, 1, 0}, &value, &error)); /* 1 and -1 */
    ck_assert_double_eq_tol(value, 1, 1e-15);
    ck_ok(rad_eigen_second(4, (double[16]){0}, &value, &error));
    ck_assert_double_eq(value, 0);
    ck_assert_int_eq(rad_eigen_second(2, (double[]){1, NAN, NAN, 1}, &value, &error), RAD_NO_RESULT);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("eigen");
    TCase *tests = tcase_create("eigen");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, second_is_that_of_lapack, 0, 45);
    tcase_add_test(tests, closed_forms);
    return test_run(suite);
}
