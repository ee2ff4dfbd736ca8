/* Oracle: ten interpolators of SimpleITK 2.5.7 (ITK 5.4), and map_coordinates of SciPy 1.13, on a small image
 * of whole numbers. Splines to the last bit; what goes through exp and sin to 1e-14. */
#include "../../core/exact_spline.h"
#include "../../core/itk_interpolate.h"
#include "../../pipeline/pyr_resample.h"
#include "testing.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

enum { X = 6, Y = 5, Z = 4, COUNT = X * Y * Z };

static rad_error error;

static const rad_geometry own = {{X, Y, Z}, {1, 1.25, 2}, {-3, 2, 10}, {1, 0, 0, 0, 1, 0, 0, 0, 1}},
                          grid = {{4, 3, 3}, {0.7, 1.1, 1.3}, {-2.6, 2.9, 10.7}, {1, 0, 0, 0, 1, 0, 0, 0, 1}};

static void fill(double x[COUNT]) {
    for (size_t v = 0; v < COUNT; v++) {
        const size_t i = v % X, j = v / X % Y, k = v / (X * Y);
        x[v] = (double)((i * 37 + 11 * j * j + k * 17 + i * j * k) % 23);
    }
}

/* Every fourth value of the grid. */
static const double expected[RAD_ITK_INTERPOLATORS][9] = {
    {11, 21, 21, 5, 15, 15, 22, 9, 9},
    {8.5675999999999988, 12.812000000000003, 13.343200000000003, 11.671999999999999, 11.720000000000001,
     10.088000000000001, 14.417599999999997, 11.824, 11.138400000000001},
    {6.0283620592695364, 15.138139950350231, 14.950202063210666, 10.138730508248797, 12.442094545454538,
     10.505723905749825, 16.277921962302088, 12.277169909060285, 11.753507101946884},
    {10.45742013289723, 11.512146518663746, 11.872124169168595, 11.42270034512587, 11.546961171377227,
     11.216828525959524, 11.925749251761049, 11.440911036652128, 10.787144628090786},
    {8, 21, 21, 8, 15, 15, 15, 15, 15},
    {5.3679971530677371, 14.363514016318774, 16.217703495795902, 10.70098368518018, 13.278334556310794,
     11.912359194781663, 16.949479868414659, 11.485107035251044, 10.938557770689094},
    {4.7950619378455155, 14.316656520878656, 16.411193605507457, 10.359365583179063, 13.249442117243627,
     12.175572262086602, 16.7810073908765, 11.157396626999924, 10.821653013047376},
    {4.6793941107655748, 14.355454921797998, 16.510806338985905, 10.295262126641962, 13.251067360433597,
     12.275972301723536, 16.771705223736259, 11.09638379885592, 10.830592190480594},
    {4.9884268553846711, 14.264362382446983, 16.258978308741391, 10.467554711675618, 13.241293566650699,
     12.019875195202003, 16.80002626396351, 11.256549532350103, 10.817618416160002},
    {5.8399504391183381, 14.111973921505108, 15.659375924599431, 10.922117438893027, 13.071834801241744,
     11.4284731686074, 16.826256046039259, 11.616178808374242, 10.925732456254888},
};

START_TEST(values_are_those_of_itk) {
    const bool exact = _i <= RAD_ITK_BSPLINE || _i == RAD_ITK_LABEL_GAUSSIAN;
    double x[COUNT], out[36];
    fill(x);
    ck_assert_int_eq(rad_itk_interpolate(x, &own, &grid, (rad_itk_interpolator)_i, 1 + _i % 3, out, &error),
                     RAD_OK);
    for (int k = 0; k < 9; k++) ck_assert(fabs(out[4 * k] - expected[_i][k]) <= (exact ? 0 : 5e-14));
}
END_TEST

/* On the voxels themselves: a sinc gives them back, a spline to its rounding, which truncation
 * sees. */
START_TEST(centres) {
    double x[COUNT], before[COUNT], out[COUNT];
    fill(before);
    fill(x);
    ck_assert_int_eq(rad_itk_interpolate(x, &own, &own, (rad_itk_interpolator)_i, 1, out, &error), RAD_OK);
    for (size_t v = 0; v < COUNT; v++) {
        if (_i == RAD_ITK_GAUSSIAN || _i == RAD_ITK_LABEL_GAUSSIAN) break; /* neighbours count */
        ck_assert(fabs(out[v] - before[v]) <= (_i == RAD_ITK_BSPLINE ? 2.2e-14 : 0));
    }
    if (_i == RAD_ITK_BSPLINE) ck_assert_double_eq(out[3 + X * (2 + Y)], 17.000000000000007);
    if (_i == RAD_ITK_GAUSSIAN) ck_assert_double_eq_tol(out[3 + X * (2 + Y)], 10.885334684635108, 5e-14);
}
END_TEST

START_TEST(splines_are_those_of_scipy) {
    static const struct {
        double at[3], value;
    } points[] = {
        {{0, 0, 0}, 1.1577519973575679e-14},
        {{5, 4, 3}, 12.000000000000005},
        {{3, 2, 1}, 17.000000000000011},
        {{3.75, 2.5, 1.25}, 3.1282117873613644},
        {{4.7000000000000002, 3.8999999999999999, 0.10000000000000001}, 13.161404984300161},
        {{9.9999999999999995e-08, 0.5, 2.9999989999999999}, 10.479910714301184},
        {{1, 1, -1.0000000000000001e-09}, 0},
        {{1, 1, 3.0000000999999998}, 0},
        {{4.4000000000000004, 1.7, 2}, 11.983630846889957},
    };
    double x[COUNT];
    fill(x);
    rad_exact_spline_filter(x, own.size, RAD_SPLINE_SCIPY, 2);
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
        ck_assert_double_eq(rad_exact_spline_scipy(x, own.size, points[i].at), points[i].value);
}
END_TEST

/* A step from 0 to `top`, twice as fine: what overshoots stays in the type that stores it. */
static void resample_step(rad_volume stored, double top, double least, double most) {
    enum { N = 12 };
    const rad_geometry line = {{N, 2, 2}, {1, 1, 1}, {0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    rad_pyr_image image = {.geometry = line, .precision = rad_pyr_precision_of(&stored)};
    rad_pyr_mask mask = {.geometry = line};
    const rad_pyr_case how = {.spacing = {.value = {0.5, 1, 1}, .count = 3}, .interpolator = RAD_ITK_BSPLINE};
    double low = INFINITY, high = -INFINITY;
    rad_volume_ends(&stored, image.ends);
    image.x = rad_new(4 * N, sizeof *image.x, &error);
    mask.inside = rad_new(4 * N, 1, &error);
    for (size_t v = 0; v < 4 * N; v++) image.x[v] = v % N < N / 2 ? 0 : top;
    memset(mask.inside, 1, 4 * N);
    ck_assert_int_eq(rad_pyr_resample(&image, &mask, &how, 1, &error), RAD_OK);
    for (size_t v = 0; v < rad_geometry_count(&image.geometry); v++) {
        low = fmin(low, image.x[v]);
        high = fmax(high, image.x[v]);
    }
    ck_assert_double_eq(low, least);
    ck_assert_double_eq(high, most);
    rad_free(image.x);
    rad_free(mask.inside);
}

/* -24 and 279: the overshoot of a step of 255, cut off; SimpleITK gives the same on images of each type. */
START_TEST(types_hold_what_they_can) {
    resample_step((rad_volume){.type = RAD_UINT8, .slope = 1}, 255, 0, 255);
    resample_step((rad_volume){.type = RAD_INT8, .slope = 1}, 127, -12, 127);
    resample_step((rad_volume){.type = RAD_INT16, .slope = 1}, 255, -24, 279);
    resample_step((rad_volume){.type = RAD_UINT16, .slope = 1}, 65535, 0, 65535);
    resample_step((rad_volume){.type = RAD_UINT16, .slope = 2}, 255, 0, 279);
    resample_step((rad_volume){.type = RAD_UINT16, .slope = 1, .intercept = -1024}, 255, -24, 279);
}
END_TEST

START_TEST(precisions) {
    const struct {
        rad_volume v;
        rad_pyr_precision p;
    } rows[] = {
        {{.type = RAD_INT16, .slope = 1}, RAD_PYR_WHOLE},
        {{.type = RAD_INT16, .slope = 2, .intercept = -1024}, RAD_PYR_WHOLE},
        {{.type = RAD_INT16, .slope = 1, .intercept = -1024, .singles = true}, RAD_PYR_SINGLE},
        {{.type = RAD_INT16, .slope = 0.5}, RAD_PYR_DOUBLE},
        {{.type = RAD_INT16, .slope = 1, .intercept = 0.5}, RAD_PYR_DOUBLE},
        {{.type = RAD_FLOAT32, .slope = 1}, RAD_PYR_SINGLE},
        {{.type = RAD_FLOAT64, .slope = 1}, RAD_PYR_DOUBLE},
        {{.type = RAD_FLOAT64, .slope = 2, .singles = true}, RAD_PYR_DOUBLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_int_eq(rad_pyr_precision_of(&rows[i].v), rows[i].p);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("itk_interpolate");
    TCase *tc = tcase_create("itk_interpolate");
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, values_are_those_of_itk, 0, RAD_ITK_INTERPOLATORS);
    tcase_add_loop_test(tc, centres, 0, RAD_ITK_INTERPOLATORS);
    tcase_add_test(tc, splines_are_those_of_scipy);
    tcase_add_test(tc, types_hold_what_they_can);
    tcase_add_test(tc, precisions);
    return test_run(suite);
}
