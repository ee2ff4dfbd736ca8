/* Exact sums against Python's whole numbers (values written here), naive twins and the laws of arithmetic. */
#include "../../core/memory.h"
#include "../../federate/exact.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static rad_error error;

/* A value of 24 or of 53 bits, its exponent within spread of 0. */
static double any_value(test_random *random, int spread) {
    const double x = test_uniform(random) * 2 - 1;
    return ldexp(test_below(random, 2) ? rad_exact_rounded(x) : x,
                 (int)test_below(random, 2 * (size_t)spread + 1) - spread);
}

static void check_text(const rad_exact *x, const char *expected) {
    char text[RAD_EXACT_TEXT];
    ck_assert_str_eq(rad_exact_write(x, text), expected);
    rad_exact back;
    ck_ok(rad_exact_read(text, &back, &error));
    ck_assert(rad_exact_equal(x, &back));
    rad_exact_free(&back);
}

START_TEST(rounding) {
    ck_assert_double_eq(rad_exact_rounded(1.0), 1.0);
    ck_assert_double_eq(rad_exact_rounded(16777217.0), 16777216.0); /* ties to even */
    ck_assert_double_eq(rad_exact_rounded(16777219.0), 16777220.0);
    ck_assert_double_eq(rad_exact_rounded(-0.1), (double)-0.1f);
    ck_assert_double_eq(rad_exact_rounded(0x1p-1074), 0x1p-1074);
    ck_assert_double_eq(rad_exact_rounded(0x1.ffffffcp9), 1024.0);
    ck_assert(!signbit(rad_exact_rounded(-0.0)));
    ck_assert(isnan(rad_exact_rounded(NAN)) && isinf(rad_exact_rounded(-INFINITY)));
    test_random random = {1};
    for (int i = 0; i < 10000; i++) { /* a float has 24 bits */
        const double x = test_uniform(&random) * 1000 - 500;
        ck_assert_double_eq(rad_exact_rounded(x), (double)(float)x);
    }
}
END_TEST

/* Sums of Python's int and fractions.Fraction for the same values. */
START_TEST(known) {
    const double x[] = {1e12, -2.75, 0x1p-30, 0, 3e9, 12345.678};
    const uint64_t all = 0x3F;
    double rounded[6];
    rad_exact sum[4];
    for (int i = 0; i < 6; i++) rounded[i] = rad_exact_rounded(x[i]);
    ck_ok(rad_exact_sum_powers(rounded, &all, 6, 4, sum, &error));
    check_text(&sum[0], "e987758e36ed800004p-32");
    check_text(&sum[1], "d3c298981ea9eb99ae16489640000000001p-60");
    check_text(&sum[2], "c097ceab528246825a8822949eb545738e1460000000000000004p-92");
    check_text(&sum[3], "af298cd5254004300bed20cebb3fdc230dbcdd24a587542f1000000000000000000001p-120");
    for (int k = 0; k < 4; k++) rad_exact_free(&sum[k]);
    const double full[] = {1e12 + 0.1, -2.718281828459045, 1e-9, 0, 3e9 + 1.0 / 3, 12345.678};
    ck_ok(rad_exact_sum_powers(full, &all, 6, 4, sum, &error));
    check_text(&sum[0], "e987759e37649d6f147095da09b5a54p-84");
    check_text(&sum[1], "d3c298b5396d91d406f976d3602da413fcdea28ed3f687ac467a0781972b9p-164");
    check_text(
        &sum[2],
        "c097ced30726fe1b16b5d886d7db0af32f33c01083159af19016a8d51829f63fc3d26da0e5c62e5e11f370b1aeb4p-248");
    check_text(&sum[3], "af298d054b80a2e1681f041aed6cca0a1b0d04756d4b3e62d2a6b807dcf7c43dad695aafe6c0db2f045c"
                        "207e873ca23372a6a6223651c023550b8b49b1p-328");
    for (int k = 0; k < 4; k++) rad_exact_free(&sum[k]);
}
END_TEST

static void check_same(const rad_exact *a, const rad_exact *b) {
    char x[RAD_EXACT_TEXT], y[RAD_EXACT_TEXT];
    ck_assert_msg(rad_exact_equal(a, b), "%s, not %s", rad_exact_write(a, x), rad_exact_write(b, y));
}

/* Any split and order gives the same number; what is added can be taken away again. */
START_TEST(splits) {
    enum { N = 200 };
    const int spread = _i ? 300 : 10;
    test_random random = {7};
    double x[N];
    uint64_t all[4], part[4];
    for (int i = 0; i < N; i++) x[i] = any_value(&random, spread);
    memset(all, 0xFF, sizeof all);
    rad_exact whole[4], sum[4] = {{0}}, piece[4];
    ck_ok(rad_exact_sum_powers(x, all, N, 4, whole, &error));
    for (int parts = 1; parts <= N; parts = parts * 3 + 1) {
        for (int p = parts; p-- > 0;) {
            memset(part, 0, sizeof part);
            for (int i = 0; i < N; i++)
                if (i * 7919 % N % parts == p) part[i / 64] |= 1ULL << (i % 64);
            ck_ok(rad_exact_sum_powers(x, part, N, 4, piece, &error));
            for (int k = 0; k < 4; k++) {
                ck_ok(rad_exact_add(&sum[k], &piece[k], &error));
                rad_exact_free(&piece[k]);
            }
        }
        for (int k = 0; k < 4; k++) {
            check_same(&sum[k], &whole[k]);
            ck_ok(rad_exact_subtract(&sum[k], &whole[k], &error));
            ck_assert(!sum[k].count);
        }
    }
    for (int k = 0; k < 4; k++) rad_exact_free(&whole[k]);
}
END_TEST

/* Fast and slow products are the sum of products, one by one. */
START_TEST(products) {
    enum { N = 70, P = 37 };
    static const int spreads[] = {2, 18, 60, 400};
    test_random random = {11};
    double x[P * N];
    rad_exact *out = rad_new(P * (P + 1) / 2, sizeof *out, &error),
              *again = rad_new(P * (P + 1) / 2, sizeof *out, &error);
    for (size_t i = 0; i < (size_t)P * N; i++)
        x[i] = test_below(&random, 9) ? any_value(&random, spreads[i / N % 4]) : 0;
    memset(x + 5 * N, 0, N * sizeof *x);
    ck_ok(rad_exact_sum_products(x, P, N, 1, out, &error));
    ck_ok(rad_exact_sum_products(x, P, N, 3, again, &error));
    for (size_t j = 0; j < P; j++)
        for (size_t i = 0; i <= j; i++) {
            rad_exact sum = {0}, a, b, ab;
            const uint64_t one = 1;
            for (size_t r = 0; r < N; r++) {
                ck_ok(rad_exact_sum_powers(&x[i * N + r], &one, 1, 1, &a, &error));
                ck_ok(rad_exact_sum_powers(&x[j * N + r], &one, 1, 1, &b, &error));
                ck_ok(rad_exact_multiply(&a, &b, &ab, &error));
                ck_ok(rad_exact_add(&sum, &ab, &error));
                rad_exact_free(&a);
                rad_exact_free(&b);
                rad_exact_free(&ab);
            }
            check_same(&out[j * (j + 1) / 2 + i], &sum);
            check_same(&again[j * (j + 1) / 2 + i], &sum);
            rad_exact_free(&sum);
        }
    for (size_t i = 0; i < (size_t)P * (P + 1) / 2; i++) {
        rad_exact_free(&out[i]);
        rad_exact_free(&again[i]);
    }
    rad_free(out);
    rad_free(again);
}
END_TEST

/* (a + b)(a - b) = aa - bb, through text and bytes. */
START_TEST(laws) {
    test_random random = {13};
    const uint64_t one = 1;
    for (int t = 0; t < 2000; t++) {
        const double x = any_value(&random, 200), y = any_value(&random, 200);
        rad_exact a, b, plus, minus, left, aa, bb, back;
        char text[RAD_EXACT_TEXT];
        ck_ok(rad_exact_sum_powers(&x, &one, 1, 1, &a, &error));
        ck_ok(rad_exact_sum_powers(&y, &one, 1, 1, &b, &error));
        ck_ok(rad_exact_sum_powers(&x, &one, 1, 1, &plus, &error));
        ck_ok(rad_exact_sum_powers(&x, &one, 1, 1, &minus, &error));
        ck_ok(rad_exact_add(&plus, &b, &error));
        ck_ok(rad_exact_subtract(&minus, &b, &error));
        ck_ok(rad_exact_multiply(&plus, &minus, &left, &error));
        ck_ok(rad_exact_multiply(&a, &a, &aa, &error));
        ck_ok(rad_exact_multiply(&b, &b, &bb, &error));
        ck_ok(rad_exact_subtract(&aa, &bb, &error));
        check_same(&left, &aa);
        ck_assert_double_eq(rad_exact_double(&a), x);
        ck_assert_double_eq(rad_exact_double(&plus), x + y); /* one rounding, as in hardware */
        ck_ok(rad_exact_read(rad_exact_write(&left, text), &back, &error));
        check_same(&left, &back);
        rad_exact_free(&back);
        char *bytes;
        size_t length, at = 0;
        FILE *out = open_memstream(&bytes, &length);
        rad_exact_pack(&left, out);
        rad_exact_pack(&plus, out);
        fclose(out);
        ck_ok(rad_exact_unpack((unsigned char *)bytes, length, &at, &back, &error));
        check_same(&left, &back);
        rad_exact_free(&back);
        ck_ok(rad_exact_unpack((unsigned char *)bytes, length, &at, &back, &error));
        check_same(&plus, &back);
        ck_assert_uint_eq(at, length);
        for (size_t cut = 1; cut <= 4 && cut < length; cut++) {
            at = 0;
            rad_exact none;
            if (rad_exact_unpack((unsigned char *)bytes, cut, &at, &none, &error) == RAD_OK) ck_abort();
        }
        free(bytes);
        rad_exact *all[] = {&a, &b, &plus, &minus, &left, &aa, &bb, &back};
        for (size_t i = 0; i < 8; i++) rad_exact_free(all[i]);
    }
}
END_TEST

/* Packed sums of too many bytes, or too far out, are refused before they are looked at. */
START_TEST(packed_beyond_range) {
    enum { MOST = 4 * RAD_EXACT_LIMBS };
    static const struct {
        int low, count;
        bool fine;
    } rows[] = {{0, 1, true},          {MOST, 1, true}, {-MOST, 1, true},     {MOST + 1, 1, false},
                {-MOST - 1, 1, false}, {0, MOST, true}, {0, MOST + 1, false}, {0, 65535, false}};
    static unsigned char bytes[4 + 65535];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_exact out;
        size_t at = 0;
        memset(bytes, 1, sizeof bytes);
        for (int k = 0; k < 4; k++)
            bytes[k] = (unsigned char)((k < 2 ? rows[i].low : rows[i].count) >> k % 2 * 8);
        const rad_status status = rad_exact_unpack(bytes, sizeof bytes, &at, &out, &error);
        ck_assert_msg(status == (rows[i].fine ? RAD_OK : RAD_UNREADABLE), "%d, %d", rows[i].low,
                      rows[i].count);
        if (!rows[i].fine) continue;
        ck_assert_uint_eq(at, 4 + (size_t)rows[i].count);
        rad_exact_free(&out);
    }
}
END_TEST

/* Three sites add random vectors that cancel: the hub learns the sum alone. */
START_TEST(masks) {
    enum { SITES = 3, LIMBS = 6, LOW = -3 };
    test_random random = {17};
    uint64_t total[LIMBS] = {0}, mask[SITES][SITES][LIMBS];
    rad_exact sum = {0}, back;
    for (int a = 0; a < SITES; a++)
        for (int b = 0; b < SITES; b++)
            for (int i = 0; i < LIMBS; i++) mask[a][b][i] = (uint64_t)(test_uniform(&random) * 0x1p62) * 3;
    for (int s = 0; s < SITES; s++) {
        const double x = any_value(&random, 20) - 500;
        const uint64_t one = 1;
        rad_exact value, part;
        const double rounded = rad_exact_rounded(x);
        uint64_t sent[LIMBS];
        ck_ok(rad_exact_sum_powers(&rounded, &one, 1, 1, &value, &error));
        ck_ok(rad_exact_add(&sum, &value, &error));
        ck_ok(rad_exact_to_fixed(&value, LOW, LIMBS, sent, &error));
        for (int other = 0; other < SITES; other++) {
            if (other == s) continue;
            const int a = s < other ? s : other, b = s < other ? other : s;
            ck_ok(rad_exact_from_fixed(sent, LOW, LIMBS, &part, &error));
            rad_exact by;
            ck_ok(rad_exact_from_fixed(mask[a][b], LOW, LIMBS, &by, &error));
            if (s < other)
                ck_ok(rad_exact_add(&part, &by, &error));
            else
                ck_ok(rad_exact_subtract(&part, &by, &error));
            ck_ok(rad_exact_to_fixed(&part, LOW, LIMBS, sent, &error));
            rad_exact_free(&part);
            rad_exact_free(&by);
        }
        unsigned carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            const uint64_t was = total[i] + carry;
            carry = was < carry;
            total[i] = was + sent[i];
            carry += total[i] < was;
        }
        rad_exact_free(&value);
    }
    ck_ok(rad_exact_from_fixed(total, LOW, LIMBS, &back, &error));
    check_same(&back, &sum);
    rad_exact_free(&back);
    rad_exact_free(&sum);
}
END_TEST

START_TEST(hostile) {
    static const char *const texts[] = {"",    "p4",   "1p3", "1p99999", "g",   "1 ",
                                        "1p+", "--1",  "0x1", "1p4x",    "1.5", "1p-99999999999999999999",
                                        "1P4", "1p 4p"};
    rad_exact x;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_msg(rad_exact_read(texts[i], &x, &error) == RAD_UNREADABLE, "%s", texts[i]);
    const rad_exact three = rad_exact_whole(3), minus = rad_exact_whole(-48);
    check_text(&three, "3");
    check_text(&minus, "-3p+4");
    ck_ok(rad_exact_read("-0", &x, &error));
    ck_assert(!x.count);
}
END_TEST

/* What is wider than files may hold is refused, never cut. */
START_TEST(too_wide) {
    rad_exact high, low, one = rad_exact_whole(1), out;
    ck_ok(rad_exact_read("1p+10236", &high, &error));
    ck_ok(rad_exact_read("1p-10236", &low, &error));
    ck_assert_int_eq(rad_exact_add(&high, &low, &error), RAD_CONFIG);
    ck_assert_int_eq(rad_exact_subtract(&low, &high, &error), RAD_CONFIG);
    check_text(&high, "1p+10236"); /* as they were */
    check_text(&low, "1p-10236");
    ck_ok(rad_exact_add(&high, &one, &error));
    ck_assert_int_eq(rad_exact_multiply(&high, &high, &out, &error), RAD_CONFIG);
    ck_assert(!out.count);
    rad_exact_free(&high);
    rad_exact_free(&low);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("exact");
    TCase *tests = tcase_create("exact");
    tcase_add_test(tests, rounding);
    tcase_add_test(tests, known);
    tcase_add_loop_test(tests, splits, 0, 2);
    tcase_add_test(tests, products);
    tcase_add_test(tests, laws);
    tcase_add_test(tests, packed_beyond_range);
    tcase_add_test(tests, masks);
    tcase_add_test(tests, hostile);
    tcase_add_test(tests, too_wide);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
