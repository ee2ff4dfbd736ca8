/* Taps of all wavelets by what defines them: shifts that are orthogonal to the other side's, moments that
 * vanish, and published tables of the two that JPEG 2000 uses. */
#include "../../filters/wavelet.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static rad_wavelet make(const char *name) {
    rad_wavelet w = {{0}, {0}, 0};
    rad_error error = {0};
    ck_assert_msg(rad_wavelet_make(name, &w, &error) == RAD_OK, "%s", error.text);
    return w;
}

/* sum over n of a(n) b(n + shift), shift of either sign */
static double product(const double *a, const double *b, int length, int shift) {
    double sum = 0;
    for (int n = 0; n < length; n++)
        if (n + shift >= 0 && n + shift < length) sum += a[n] * b[n + shift];
    return sum;
}

/* Both sides together give the signal back, and even shifts are orthogonal, low and high apart. */
static void check_pair(const char *name, const rad_wavelet *a, const rad_wavelet *b) {
    const int length = (int)a->length;
    ck_assert_uint_eq(a->length, b->length);
    for (int shift = -length; shift <= length; shift++) {
        const double low = product(a->low, b->low, length, shift),
                     high = product(a->high, b->high, length, shift),
                     both = product(a->low, b->high, length, shift);
        ck_assert_msg(fabs(low + high - 2 * !shift) < 2e-10, "%s: %d gives %g", name, shift, low + high);
        if (shift % 2) continue;
        ck_assert_msg(fabs(low - !shift) < 1e-10, "%s: %d of low gives %g", name, shift, low);
        ck_assert_msg(fabs(both) < 1e-10, "%s: %d of both gives %g", name, shift, both);
    }
    double sum = 0;
    for (size_t n = 0; n < a->length; n++) sum += a->low[n];
    ck_near(sum, sqrt(2), 1e-10);
}

/* Moments of the high-pass vanish, and the next one does not. */
static void check_moments(const char *name, const rad_wavelet *w, int moments, bool last) {
    for (int p = 0; p < moments + last; p++) {
        double moment = 0, size = 0;
        for (size_t n = 0; n < w->length; n++) {
            const double term = pow(2 * (double)n / (double)(w->length - 1) - 1, p) * w->high[n];
            moment += term;
            size += fabs(term);
        }
        if (p < moments)
            ck_assert_msg(fabs(moment) <= 1e-9 * size, "%s: moment %d is %g of %g", name, p, moment, size);
        else
            ck_assert_msg(fabs(moment) > 1e-5 * size, "%s: moment %d is %g of %g", name, p, moment, size);
    }
}

static const struct {
    const char *prefix;
    int first, last, taps, moments; /* for each order */
} orthogonal[] = {{"db", 1, 38, 2, 1}, {"sym", 2, 20, 2, 1}, {"coif", 1, 17, 6, 2}};

START_TEST(orthogonal_ones_are_their_other_side) {
    for (int order = orthogonal[_i].first; order <= orthogonal[_i].last; order++) {
        char name[16];
        snprintf(name, sizeof name, "%s%d", orthogonal[_i].prefix, order);
        const rad_wavelet w = make(name);
        ck_assert_uint_eq(w.length, (size_t)(orthogonal[_i].taps * order));
        check_pair(name, &w, &w);
        check_moments(name, &w, orthogonal[_i].moments * order, order <= 6);
    }
}
END_TEST

/* The number says moments of the two sides: of bior the first that of the analysis high-pass. */
START_TEST(biorthogonal_ones_fit_each_other) {
    static const char *const numbers[] = {"1.1", "1.3", "1.5", "2.2", "2.4", "2.6", "2.8", "3.1",
                                          "3.3", "3.5", "3.7", "3.9", "4.4", "5.5", "6.8"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char names[2][16];
        snprintf(names[0], sizeof names[0], "bior%s", numbers[i]);
        snprintf(names[1], sizeof names[1], "rbio%s", numbers[i]);
        const rad_wavelet pair[] = {make(names[0]), make(names[1])};
        const bool odd = !strcmp(numbers[i], "5.5"); /* 6 and 4 */
        check_pair(names[0], &pair[0], &pair[1]);
        check_pair(names[1], &pair[1], &pair[0]);
        check_moments(names[0], &pair[0], odd ? 6 : numbers[i][0] - '0', true);
        check_moments(names[1], &pair[1], odd ? 4 : numbers[i][2] - '0', true);
    }
}
END_TEST

/* The reversible and the irreversible filter of JPEG 2000 (ISO/IEC 15444-1, annex F; there with sum 1). */
START_TEST(those_of_jpeg_2000_are_its_own) {
    static const double five[] = {-0.125, 0.25, 0.75, 0.25, -0.125},
                        nine[] = {0.026748757410810,  -0.016864118442875, -0.078223266528988,
                                  0.266864118442872,  0.602949018236358,  0.266864118442872,
                                  -0.078223266528988, -0.016864118442875, 0.026748757410810};
    const rad_wavelet a = make("bior2.2"), b = make("bior4.4");
    for (size_t n = 0; n < 5; n++) ck_near(a.low[1 + n] / sqrt(2), five[n], 1e-15);
    for (size_t n = 0; n < 9; n++) ck_near(b.low[1 + n] / sqrt(2), nine[n], 1e-13);
}
END_TEST

/* Meyer's wavelet is of no finite length; what its 62 taps lack of orthogonality is 0.0023. */
START_TEST(meyer_is_nearly_orthogonal) {
    const rad_wavelet w = make("dmey");
    double low = 0, high = 0;
    ck_assert_uint_eq(w.length, 62);
    for (size_t n = 0; n < w.length; n++) {
        low += w.low[n];
        high += w.high[n];
    }
    ck_near(low, sqrt(2), 1e-6);
    ck_near(high, 0, 2e-3);
    for (int shift = 0; shift < 62; shift += 2) {
        ck_near(product(w.low, w.low, 62, shift), !shift, 3e-3);
        ck_near(product(w.low, w.high, 62, shift), 0, 3e-3);
    }
}
END_TEST

START_TEST(others_are_refused) {
    static const char *const names[] = {"db0",  "db39", "sym1",  "sym21",   "coif0",   "coif18",
                                        "bior", "rbio", "bior1", "bior1.2", "rbio4.5", "dmeyer",
                                        "",     "db",   "rdb11", "rbiodb11"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        rad_wavelet w;
        rad_error error = {0};
        ck_assert_msg(rad_wavelet_make(names[i], &w, &error) == RAD_CONFIG, "%s", names[i]);
        ck_assert_msg(strstr(error.text, "db1 to db38") != NULL, "%s", error.text);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("wavelets");
    TCase *tests = tcase_create("wavelets");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, orthogonal_ones_are_their_other_side, 0, 3);
    tcase_add_test(tests, biorthogonal_ones_fit_each_other);
    tcase_add_test(tests, those_of_jpeg_2000_are_its_own);
    tcase_add_test(tests, meyer_is_nearly_orthogonal);
    tcase_add_test(tests, others_are_refused);
    return test_run(suite);
}
