/* Oracle: the matrices and the resampled mask of SimpleITK 2.5 (ITK 5.4), bit by bit. */
#include "../../core/geometry.h"
#include "../../core/itk_interpolate.h"
#include "../../core/svd3.h"
#include "testing.h"

#include <math.h>
#include <string.h>

#define COSINE 0x1.f5cb49577627ap-1 /* of 0.2 */
#define SINE   0x1.96dff233dd2bcp-3

static const double turned[9] = {COSINE, -SINE, 0, SINE, COSINE, 0, 0, 0, 1},
                    oblique[9] = {-0x1.c71c71c71c71cp-2, -0x1.accf4cfd96fe6p-1, 0x1.457b6bc9bca22p-2,
                                  0x1.c71c71c71c71dp-1,  -0x1.79255c63a9d06p-2, 0x1.16fc133f33f8cp-2,
                                  -0x1.c71c71c71c71dp-4, 0x1.9d4f84cf69708p-2,  0x1.d0f97569569ecp-1};

static void check_inverse(const double direction[9], const double spacing[3], const double expected[9]) {
    double m[9], inverse[9];
    for (int k = 0; k < 9; k++) m[k] = direction[k] * spacing[k % 3];
    ck_assert(rad_svd3_inverse(m, inverse));
    for (int k = 0; k < 9; k++) ck_assert_double_eq(inverse[k], expected[k]);
}

START_TEST(inverses) {
    check_inverse(turned, (double[]){1.5, 1.5, 2.5},
                  (double[]){0x1.4e87863a4ec53p-1, 0x1.0f3ff6cd3e1d4p-3, 0, -0x1.0f3ff6cd3e1d3p-3,
                             0x1.4e87863a4ec51p-1, 0, 0, 0, 0x1.999999999999ap-2});
    check_inverse(oblique, (double[]){0.5, 0.7, 3.0},
                  (double[]){-0x1.c71c71c71c71cp-1, 0x1.c71c71c71c71dp+0, -0x1.c71c71c71c71dp-3,
                             -0x1.324aedd9b4ff1p+0, -0x1.0d63d44730272p-1, 0x1.2738cc9426bdfp-1,
                             0x1.b1f9e50cfb82fp-4, 0x1.73fac454454bap-4, 0x1.35fba39b8f147p-2});
    check_inverse((double[]){0, -1, 0, 0, 0, 1, -1, 0, 0}, (double[]){0.7, 2, 4},
                  (double[]){0, 0, -1 / 0.7, -0.5, 0, 0, 0, 0.25, 0});
}
END_TEST

START_TEST(none) {
    double inverse[9];
    ck_assert(!rad_svd3_inverse((double[9]){0}, inverse));
    ck_assert(!rad_svd3_inverse((double[]){1, 2, 3, 2, 4, 6, 0, 0, 1}, inverse));
    ck_assert(!rad_svd3_inverse((double[]){1, 0, 0, 0, 1, 0, 0, 0, 0}, inverse));
    ck_assert(!rad_svd3_inverse((double[]){1, 0, 0, 0, NAN, 0, 0, 0, 1}, inverse));
    ck_assert(!rad_svd3_inverse((double[]){INFINITY, 0, 0, 0, 1, 0, 0, 0, 1}, inverse));
}
END_TEST

/* Every third sample lies half way between two voxels in x and in y: exact halves, rounded up, give 40
 * others. */
START_TEST(half_way) {
    const rad_geometry own = {.size = {6, 6, 4},
                              .spacing = {1.5, 1.5, 2.5},
                              .origin = {-11.25, 7.5, 3},
                              .direction = {COSINE, -SINE, 0, SINE, COSINE, 0, 0, 0, 1}};
    rad_geometry grid = own;
    memcpy(grid.size, (size_t[]){9, 9, 8}, sizeof grid.size);
    memcpy(grid.spacing, (double[]){1, 1, 1.25}, sizeof grid.spacing);
    memcpy(grid.origin, (double[]){-0x1.6e404d3329fb7p+3, 0x1.cd23e5d0dc947p+2, 0x1.3p+1},
           sizeof grid.origin);
    static const char slice[] =
        "100011000011000100011000100000100011100100011100011000011000100000100011000100011";
    uint8_t in[144], out[648];
    for (size_t i = 0; i < 144; i++) in[i] = (i % 6 + 2 * (i / 6 % 6)) % 3 == 0;
    ck_assert_int_eq(rad_itk_nearest(in, &own, &grid, out, NULL), RAD_OK);
    for (size_t i = 0; i < 648; i++) ck_assert_int_eq(out[i], slice[i % 81] - '0');
}
END_TEST

int main(void) {
    Suite *suite = suite_create("svd3");
    TCase *tc = tcase_create("svd3");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, inverses);
    tcase_add_test(tc, none);
    tcase_add_test(tc, half_way);
    return test_run(suite);
}
