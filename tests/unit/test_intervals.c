/* Histograms of one number that is counted twice. */
#include "../../federate/site/intervals.h"
#include "testing.h"

static rad_error error;

/* Who shares an interval of both, or is in one counting alone: counted by hand. */
START_TEST(few_between) {
    int32_t a[40], b[40];
    bool fits;
    for (int i = 0; i < 40; i++) a[i] = b[i] = i < 20 ? 0 : 1;
    ck_ok(rad_intervals_fit(a, b, 40, 10, &fits, &error));
    ck_assert(fits);
    for (int moved = 1; moved <= 10; moved++) {
        b[19 + moved] = 0; /* the edge of b lies so many patients further */
        ck_ok(rad_intervals_fit(a, b, 40, 10, &fits, &error));
        ck_assert_int_eq(fits, moved == 10);
    }
}
END_TEST

START_TEST(few_alone) {
    int32_t a[60], b[60];
    bool fits;
    for (int alone = 0; alone <= 10; alone++) {
        for (int i = 0; i < 60; i++) {
            a[i] = i < 30 ? 0 : 1;
            b[i] = i < alone ? -1 : a[i];
        }
        ck_ok(rad_intervals_fit(a, b, 60, 10, &fits, &error));
        ck_assert_int_eq(fits, alone == 0 || alone == 10);
        ck_ok(rad_intervals_fit(b, a, 60, 10, &fits, &error));
        ck_assert_int_eq(fits, alone == 0 || alone == 10);
    }
    for (int i = 0; i < 60; i++) a[i] = b[i] = -1; /* nobody is counted */
    ck_ok(rad_intervals_fit(a, b, 60, 10, &fits, &error));
    ck_assert(fits);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("intervals");
    TCase *tests = tcase_create("intervals");
    tcase_add_test(tests, few_between);
    tcase_add_test(tests, few_alone);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
