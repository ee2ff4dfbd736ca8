/* Public steps: closed forms, naive twins, both sides of each bound; which last digits would tell of a few.
 */
#include "../../core/sort.h"
#include "../../federate/site/fineness.h"
#include "../../federate/step.h"
#include "testing.h"

#include <string.h>

static rad_error error;

START_TEST(powers) {
    const struct {
        double step;
        int power;
    } rows[] = {{1, 0}, {0.5, -1}, {0.01, -7}, {0x1p-7, -7}, {nextafter(0x1p-7, 0), -8},
                {3, 1}, {4, 2},    {1e8, 26}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_int_eq(rad_step_power(rows[i].step), rows[i].power);
}
END_TEST

/* What the study does not say is told by what is public: a grid, a logarithm, the name of a feature. */
START_TEST(defaults) {
    const rad_grid age = {.kind = RAD_GRID_LINEAR, .from = 0, .to = 120, .cells = 120},
                   wide = {.kind = RAD_GRID_LINEAR, .from = -1e300, .to = 1e300, .cells = 9},
                   narrow = {.kind = RAD_GRID_LINEAR, .from = 0, .to = 1e-300, .cells = 9},
                   relative = {.kind = RAD_GRID_RELATIVE, .bits = 7};
    ck_assert_int_eq(rad_step_default("age", false, NULL), -16);
    ck_assert_int_eq(rad_step_default("age", false, &relative), -16);
    ck_assert_int_eq(rad_step_default("age", false, &age), 6 - 20);
    ck_assert_int_eq(rad_step_default("age", true, &age), 6 - 20);
    ck_assert_int_eq(rad_step_default("age", true, NULL), -16);
    ck_assert_int_eq(rad_step_default("x", false, &wide), RAD_STEP_MOST);
    ck_assert_int_eq(rad_step_default("x", false, &narrow), RAD_STEP_LEAST);
    ck_assert_int_eq(rad_step_default("original_stat_energy", false, NULL), 0);
    ck_assert_int_eq(rad_step_default("stat_energy_3D_fbn32", false, NULL), 0);
    ck_assert_int_eq(rad_step_default("original_stat_energy", true, NULL), -16);
    ck_assert_int_eq(rad_step_default("original_stat_energyx", false, NULL), -16);
    ck_assert_int_eq(rad_step_default("xstat_energy", false, NULL), -16);
    ck_assert_int_eq(rad_step_default("a_ngt_coarsenes_ngt_coarseness_2D", false, NULL), -30);
}
END_TEST

/* Nearest multiples, ties to even; the error is at most half a step, and its mean square a twelfth of a
 * square. */
START_TEST(rounding) {
    test_random random = {3};
    double square = 0;
    ck_assert_double_eq(rad_step_rounded(2.5, 0), 2);
    ck_assert_double_eq(rad_step_rounded(3.5, 0), 4);
    ck_assert_double_eq(rad_step_rounded(-2.5, 0), -2);
    ck_assert_double_eq(rad_step_rounded(45.37, -1), 45.5);
    ck_assert_double_eq(rad_step_rounded(3e8, 26), 0x1p28);
    ck_assert(!signbit(rad_step_rounded(-0.1, 0)) && isnan(rad_step_rounded(NAN, 3)));
    for (int i = 0; i < 20000; i++) {
        const double x = test_uniform(&random) * 1000 - 500, y = rad_step_rounded(x, -7), m = y * 128;
        ck_assert(m == floor(m) && fabs(y - x) <= 0x1p-8);
        square += (y - x) * (y - x) / 20000;
    }
    ck_near(square * 0x1p14 * 12, 1, 0.03); /* 20,000 draws: 5 standard errors */
}
END_TEST

/* Whatever the data, sums of multiples of a step fit a vector whose lowest limb the step tells, and no higher
 * one. */
START_TEST(fixed) {
    enum { N = 40 };
    static const int steps[] = {-100, -65, -64, -63, -18, -1, 0, 1, 31, 64, 100};
    const int step = steps[_i];
    test_random random = {(uint64_t)_i + 1};
    for (int t = 0; t < 200; t++) {
        double x[N];
        uint64_t out[16];
        const uint64_t all = ((uint64_t)1 << N) - 1;
        rad_exact sum[4];
        const int bits = 1 + (int)test_below(&random, RAD_STEP_BITS);
        for (int i = 0; i < N; i++)
            x[i] = ldexp(nearbyint((test_uniform(&random) * 2 - 1) * ldexp(1, bits)), step);
        x[0] = ldexp(t % 2 ? 1 : -3, step); /* of all, an odd number of odd ones */
        for (int i = 1; i < N; i++) x[i] = 2 * floor(ldexp(x[i], -step) / 2) * ldexp(1, step);
        ck_ok(rad_exact_sum_powers(x, &all, N, 4, sum, &error));
        for (int k = 0; k < 4; k++) {
            const int32_t low = rad_step_limb(step, k + 1);
            ck_assert(low * 64 <= step * (k + 1) && step * (k + 1) < low * 64 + 64);
            ck_ok(rad_exact_to_fixed(&sum[k], low, 16, out, &error));
            ck_assert_int_eq(rad_exact_to_fixed(&sum[k], low + 1, 16, out, &error), RAD_CONFIG);
            ck_assert_int_eq(rad_exact_last(&sum[k]), step * (k + 1));
            ck_assert(rad_step_holds(&sum[k], step, k + 1) && !rad_step_holds(&sum[k], step + 1, k + 1));
            rad_exact_free(&sum[k]);
        }
    }
    const rad_exact none = {0};
    ck_assert(rad_step_holds(&none, step, 4));
}
END_TEST

/* Every value is off by a quarter of a step: n / 16 is lost of n (a + 1/4)^2, 2^-12 of it at a = 15.75. */
START_TEST(resolution) {
    double x[20];
    for (int a = 15; a <= 16; a++) {
        for (int i = 0; i < 20; i++) x[i] = i % 2 ? a + 0.25 : -a - 0.25;
        ck_assert_int_eq(rad_fineness_round(x, 20, 0), a == 15 ? RAD_FINENESS_COARSE : RAD_FINENESS_GOOD);
        ck_assert_double_eq(x[1], a);
    }
    for (int i = 0; i < 20; i++) x[i] = i % 2; /* two whole numbers: nothing is lost */
    ck_assert_int_eq(rad_fineness_round(x, 20, 0), RAD_FINENESS_GOOD);
    ck_assert_int_eq(rad_fineness_round(x, 20, 1), RAD_FINENESS_COARSE);
    for (int i = 0; i < 20; i++) x[i] = i ? 0.3 : NAN; /* a constant has no spread to resolve */
    ck_assert_int_eq(rad_fineness_round(x, 20, 0), RAD_FINENESS_GOOD);
    ck_assert(isnan(x[0]));
    x[3] = 0x1p44;
    ck_assert_int_eq(rad_fineness_round(x, 20, 0), RAD_FINENESS_GOOD);
    x[3] = 0x1p44 + 1;
    ck_assert_int_eq(rad_fineness_round(x, 20, 0), RAD_FINENESS_FINE);
}
END_TEST

typedef struct values {
    double x[100];
    size_t count;
    rad_transform transform;
} values;

static bool isolates(const values *v, size_t cell) {
    double x[100];
    memcpy(x, v->x, sizeof x);
    for (size_t i = 0; i < v->count; i++) x[i] -= v->transform.centre;
    rad_fineness_round(x, v->count, v->transform.step);
    ck_ok(rad_sort(x, v->count, &error));
    return rad_fineness_isolates(x, v->count, &v->transform, cell);
}

/* Whole numbers but for some with decimals: 1 to 4 of them are told apart of cells of 10, none and 5 are not.
 */
START_TEST(few_decimals) {
    const size_t some[] = {0, 1, 4, 5}, sizes[] = {60, 21};
    test_random random = {5};
    for (int size = 0; size < 2; size++)
        for (int s = 0; s < 4; s++) {
            values v = {.count = sizes[size], .transform = {.step = -16}};
            for (size_t i = 0; i < v.count; i++)
                v.x[i] = 30 + (double)test_below(&random, 50) + (i < some[s] ? 0.37 : 0);
            const bool few = some[s] > 0 && some[s] < 5;
            ck_assert_int_eq(isolates(&v, 10), few);
            v.transform.centre = 60.5; /* a centre changes nothing */
            ck_assert_int_eq(isolates(&v, 10), few);
            v.transform.step = 0; /* a step of 1 makes them whole */
            v.transform.centre = 0;
            ck_assert(!isolates(&v, 10));
            v.transform = (rad_transform){.step = -16};
            ck_assert_int_eq(isolates(&v, 3), some[s] == 1); /* 2 with cells of 3 */
            v.transform.logarithm = true;
            ck_assert(!isolates(&v, 10));
        }
}
END_TEST

/* Steps that are finer than the values: floats, of which the one nearest to 0 has bits of its own; tenths
 * that no binary step divides. */
START_TEST(fine_steps) {
    test_random random = {7};
    values v = {.count = 60, .transform = {.step = -50}};
    for (size_t i = 0; i < v.count; i++) v.x[i] = (float)(1 + test_uniform(&random));
    ck_assert(!isolates(&v, 10));
    v.x[17] = (float)0.0123456;
    ck_assert(isolates(&v, 10));
    v.transform.step = -16;
    ck_assert(!isolates(&v, 10));
    for (size_t i = 0; i < v.count; i++) v.x[i] = (double)test_below(&random, 1000) / 10;
    ck_assert(!isolates(&v, 10));
    v.x[17] = 66.6666;
    ck_assert(isolates(&v, 10));
    v.transform.step = -4; /* 0.1 as the study may say it */
    ck_assert(!isolates(&v, 10));
    for (size_t i = 0; i < v.count; i++)
        v.x[i] = 5 * (double)test_below(&random, 20); /* of 8 steps and more only */
    v.x[17] = 13;
    v.transform.step = 0;
    ck_assert(!isolates(&v, 10));
    v.transform.step = -1;
    ck_assert(isolates(&v, 10));
}
END_TEST

/* What chance does to sets of any size is no reason to hold anything back. */
START_TEST(chance) {
    test_random random = {11};
    static const double unit[] = {1, 0.1, 0.01, 0.001, 0.25};
    size_t told = 0;
    for (int t = 0; t < 10000; t++) {
        values v = {.count = 10 + test_below(&random, 80), .transform = {.step = t % 2 ? -16 : -30}};
        const double u = unit[test_below(&random, 5)], range = t % 3 ? 1000 : 60;
        for (size_t i = 0; i < v.count; i++)
            v.x[i] =
                t % 5 ? u * floor(test_uniform(&random) * range) : test_uniform(&random) * range - range / 2;
        told += isolates(&v, 10);
    }
    ck_assert_uint_eq(told, 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("step");
    TCase *tests = tcase_create("step");
    tcase_add_test(tests, powers);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, rounding);
    tcase_add_loop_test(tests, fixed, 0, 11);
    tcase_add_test(tests, resolution);
    tcase_add_test(tests, few_decimals);
    tcase_add_test(tests, fine_steps);
    tcase_add_test(tests, chance);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
