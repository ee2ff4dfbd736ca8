/* Slices between planes at uneven distances: what is linear along the normal stays so, ends are kept. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../io/dicom/even.h"

#include <math.h>
#include <string.h>

static const struct {
    double gap;
    size_t count, slices;
    double at[6];
} rows[] = {
    {2.5, 6, 7, {10, 12.5, 15, 18.75, 22.5, 25}},
    {1, 4, 8, {0, 1, 3, 7}},
    {2, 3, 3, {-3, -1.2, 1.1}},
    {5, 2, 2, {0, 3}},
    {1, 2, 4, {0, 3}},
    {0.1, 3, 31, {-1, 0.05, 2}},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(heights) {
    rad_error error = {0};
    rad_between *between = NULL;
    rad_plane planes[6] = {{.frame = 0}};
    size_t slices = 0;
    double spacing = 0;
    const size_t count = rows[_i].count;
    for (size_t i = 0; i < count; i++) planes[i].height = rows[_i].at[i];
    ck_ok(rad_even_find(planes, count, rows[_i].gap, &between, &slices, &spacing, &error));
    ck_assert_uint_eq(slices, rows[_i].slices);
    ck_near(spacing * (double)(slices - 1), rows[_i].at[count - 1] - rows[_i].at[0], 1e-12);
    for (size_t k = 0; k < slices; k++) {
        const rad_between *b = &between[k];
        double value[1] = {planes[b->below + 1].height};
        ck_assert(b->below + 1 < count && b->weight >= 0 && b->weight <= 1);
        rad_even_blend(&planes[b->below].height, b->weight, 1, (double)NAN, value);
        ck_near(value[0] - rows[_i].at[0] + 1, (double)k * spacing + 1, 1e-12);
    }
    ck_assert(between[0].weight == 0 && between[slices - 1].weight == 1);
    rad_free(between);
}
END_TEST

START_TEST(too_many) {
    static const rad_instance whose = {.path = (char *)(uintptr_t) "a.dcm"};
    rad_error error = {0};
    rad_between *between = NULL;
    size_t slices = 0;
    double spacing = 0;
    const rad_plane planes[2] = {{.instance = &whose, .height = 0}, {.instance = &whose, .height = 65534}};
    ck_ok(rad_even_find(planes, 2, 1, &between, &slices, &spacing, &error));
    ck_assert_uint_eq(slices, 65535);
    rad_free(between);
    ck_assert_int_eq(rad_even_find(planes, 2, 65534 / 65535.0, &between, &slices, &spacing, &error),
                     RAD_UNREADABLE);
    ck_assert(!between && strstr(error.text, "a.dcm: slices over 65534 mm"));
}
END_TEST

/* Where nothing was measured, there is nothing between. */
START_TEST(padding) {
    const double below[4] = {1, -9, 3, -9};
    double above[4] = {2, 2, -9, -9}, last[2] = {-9, 4};
    rad_even_blend(below, 0.25, 4, -9, above);
    ck_assert(above[0] == 1.25 && above[1] == -9 && above[2] == -9 && above[3] == -9);
    rad_even_blend((const double[]){-9, -9}, 1, 2, -9, last);
    ck_assert(last[0] == -9 && last[1] == 4);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("even");
    TCase *tests = tcase_create("even");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, heights, 0, ROWS);
    tcase_add_test(tests, too_many);
    tcase_add_test(tests, padding);
    return test_run(suite);
}
