/* Oracle: PyRadiomics 3.0.1 (SciPy 1.13, trimesh 5.2, NumPy 1.26) on a small field of doubles; uint8,
 * wrapped, by closed form. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../filters/pyr_filters.h"

#include <math.h>
#include <string.h>

static rad_error error;

enum { X = 7, Y = 6, Z = 5, MAPS = 5, VOXELS = 4 };

static const struct {
    int divided;
    double radius, value[MAPS][VOXELS]; /* degrees 0 to 3, kurtosis */
} rows[] = {
    {1,
     1,
     {{3.0943257511452988, 10.314419170484335, 13.408744921629642, 17.018791631299141},
      {1.3827049367419926, 7.9895101794356602, 11.580793649212103, 16.138248501034401},
      {6.0236958951765383, 12.262191226321336, 12.561870685874796, 13.936229993801792},
      {1.9347817024927909, 7.0207639790576826, 11.461640300017885, 11.349888381733997},
      {-0.78067317627721611, -0.46514479254105368, -0.36696319929818522, -0.13492602590332448}}},
    {0,
     1.5,
     {{0.27566444771089599, 1.37832223855448, 2.2053155816871679, 2.4809800293980637},
      {0.42705752605030634, 1.1180511183511455, 1.7394206580290379, 2.1940063413731132},
      {0.71619724391352912, 1.4479849814141503, 1.8468861271110577, 1.9314316267500442},
      {0.99646756078404797, 0.38061673953280412, 2.04427711604907, 1.2907056444168925},
      {-0.12261797257804075, -1.4530755907639803, -0.75726185074241403, -0.35133801626566052}}},
    {2,
     0.7,
     {{21.269972969211626, 86.092747732523179, 76.977045031432681, 114.45271169147243},
      {10.662307874626608, 71.912393282466141, 69.331609554736758, 124.83599548176325},
      {36.795518096329687, 67.933189042803463, 69.036266428307783, 74.244976618098761},
      {25.413985817914671, 52.345001395501093, 53.102394148945336, 74.024307822641404},
      {-0.82337264432392177, -0.45628416462055865, -0.59432768942123149, -0.17070495004412933}}},
    {2, /* points that end on the first and the last slice, or a rounding beyond */
     2,
     {{35.449954948686042, 60.771351340604639, 111.41414412444182, 137.74839637203763},
      {32.915104981910403, 51.662901517107933, 100.06725717181958, 121.07724980364705},
      {32.073884713456508, 62.491093889721313, 99.938948579245064, 117.52393639186357},
      {30.16140994245896, 45.345361652568663, 70.98874297067384, 92.853544764461034},
      {-1.0734134725184172, -0.63548339604623028, -0.53270632981653021, -0.51034881943986887}}},
};

START_TEST(energies_and_kurtosis) {
    const int map = _i % MAPS;
    const double radius = rows[_i / MAPS].radius;
    rad_field f = {.size = {X, Y, Z}, .spacing = {1, 1, 1}, .wanted = {{1, 1, 1}, {6, 5, 4}}};
    f.data = rad_new_raw(X * Y * Z, sizeof(double), &error);
    double *out = rad_new_raw(X * Y * Z, sizeof(double), &error);
    for (size_t v = 0; v < X * Y * Z; v++) {
        const size_t i = v % X, j = v / X % Y, k = v / (X * Y);
        f.data[v] = (double)((i * 37 + 11 * j * j + k * 17 + i * j * k) % 23) / 8;
    }
    rad_filter_options o = {.filter = &rad_filter_pyr_lbp3d};
    const rad_pyr_filter own = {
        .number = radius, .levels = rows[_i / MAPS].divided, .method = map < MAPS - 1 ? map : -1};
    memcpy(o.own, &own, sizeof own);
    ck_ok(rad_filter_run(&f, &o, 1 + map % 2, out, &error));
    for (size_t x = 0; x < VOXELS; x++) {
        const double expected = rows[_i / MAPS].value[map][x];
        ck_assert_double_eq_tol(out[(2 * Y + 3) * X + 1 + x], expected, 1e-13 * fmax(1, fabs(expected)));
    }
    rad_free(out);
    rad_free(f.data);
}
END_TEST

/* The variance of four samples of which one is the bright voxel: 3 / 16 of its square, as a type takes it. */
static double variance_as(double bright, const double ends[2]) {
    rad_field f = {
        .size = {3, 3, 1}, .spacing = {1, 1, 1}, .wanted = {{1, 1, 0}, {2, 2, 1}}, .whole = ends[1] > 0};
    double data[9] = {0, 0, 0, 0, 0, bright, 0, 0, 0}, out[9];
    memcpy(f.ends, ends, sizeof f.ends);
    f.data = data;
    rad_filter_options o = {.filter = &rad_filter_pyr_lbp};
    const rad_pyr_filter own = {.number = 1, .levels = 4, .method = RAD_PYR_LBP_VAR, .axis = 2};
    memcpy(o.own, &own, sizeof own);
    ck_ok(rad_filter_run(&f, &o, 1, out, &error));
    return out[4];
}

START_TEST(variances_go_round) {
    ck_assert_double_eq(variance_as(36, (const double[]){0, 255}), 243);
    ck_assert_double_eq(variance_as(40, (const double[]){0, 255}), 300 - 256);
    ck_assert_double_eq(variance_as(36, (const double[]){-128, 127}), 243 - 256);
    ck_assert_double_eq(variance_as(420, (const double[]){-32768, 32767}), 33075 - 65536);
    ck_assert_double_eq(variance_as(420, (const double[]){0, 65535}), 33075);
    ck_assert_double_eq(variance_as(420, (const double[]){-2147483648, 2147483647}), 33075);
    ck_assert_double_eq(variance_as(0, (const double[]){0, 255}), 0); /* NaN becomes 0 ... */
    ck_assert_double_eq(variance_as(0, (const double[]){-2147483648, 2147483647}), -2147483648);
    ck_assert(isnan(variance_as(0, (const double[]){0, 0}))); /* ... where the type has none */
    ck_assert_double_eq(variance_as(37, (const double[]){0, 0}), 256.6875);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pyr_lbp");
    TCase *tc = tcase_create("pyr_lbp");
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, energies_and_kurtosis, 0, MAPS * (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(tc, variances_go_round);
    return test_run(suite);
}
