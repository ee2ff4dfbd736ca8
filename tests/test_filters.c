/* Filters against the response maps of IBSI-2 (RADIOMILL_DATA), and against naive twins. */
#include "testing.h"

#include "../core/memory.h"
#include "../filters/convolve.h"
#include "../filters/filter.h"
#include "../pipeline/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Options from "key=value key=value". */
static void set_options(rad_filter_options *options, const char *filter, const char *words) {
    rad_error error = {0};
    rad_image image;
    char copy[256], *rest = copy;
    snprintf(copy, sizeof copy, "%s", words);
    ck_ok(rad_image_begin(&image, filter, &error));
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        char *equals = strchr(word, '=');
        ck_assert(equals != NULL);
        *equals = '\0';
        ck_ok(rad_image_set_text(&image, word, equals + 1, &error));
    }
    *options = image.options;
}

enum { MAPS = 33 };

/* Every voxel within 1 % of the range of the reference. */
START_TEST(response_maps) {
    const char *data = getenv("RADIOMILL_DATA");
    rad_error error = {0};
    rad_map_check check, beyond;
    ck_ok(rad_map_validate((size_t)_i, data ? data : "../shared/data", 2, &check, &error));
    ck_ok(rad_map_validate(MAPS, NULL, 1, &beyond, &error));
    ck_assert(*check.map && !*beyond.map);
    if (!check.ran) {
        printf("response map %s: skipped: no reference data\n", check.map);
        return;
    }
    ck_assert_msg(check.met && check.deviation >= 0, "%s: %g of the range", check.map, check.deviation);
}
END_TEST

/* Lines of every length under odd and even taps, longer ones too, all boundaries and axes, both ways. */
START_TEST(convolution_equals_definition) {
    static const size_t sizes[][3] = {{5, 4, 3}, {1, 6, 2}, {7, 1, 1}, {3, 2, 9}};
    const rad_boundary boundary = (rad_boundary)_i;
    rad_error error = {0};
    test_random random = {9};
    for (size_t s = 0; s < 4; s++)
        for (size_t length = 1; length <= 12; length++)
            for (int axis = 0; axis < 3; axis++) {
                double in[64], out[64], tap[12];
                rad_taps taps;
                const size_t *n = sizes[s], count = n[0] * n[1] * n[2];
                const bool flipped = length % 3 == 0;
                for (size_t i = 0; i < count; i++) in[i] = test_uniform(&random);
                for (size_t i = 0; i < length; i++) tap[i] = test_uniform(&random) - 0.5;
                ck_ok(rad_taps_make(tap, length, &taps, &error));
                rad_convolve(in, n, axis, &taps, flipped, boundary, 2, NULL, out);
                for (size_t v = 0; v < count; v++) {
                    const size_t at[3] = {v % n[0], v / n[0] % n[1], v / n[0] / n[1]};
                    const size_t stride = axis == 0 ? 1 : axis == 1 ? n[0] : n[0] * n[1];
                    double sum = 0;
                    for (size_t i = 0; i < length; i++) {
                        /* walks to the voxel step by step */
                        const ptrdiff_t centre = (ptrdiff_t)(length / 2);
                        ptrdiff_t p =
                            (ptrdiff_t)at[axis] + (flipped ? (ptrdiff_t)i - centre : centre - (ptrdiff_t)i);
                        const ptrdiff_t last = (ptrdiff_t)n[axis] - 1;
                        while (p < 0 || p > last) {
                            if (boundary == RAD_ZERO) break;
                            if (boundary == RAD_CLAMP) p = p < 0 ? 0 : last;
                            if (boundary == RAD_PERIODIC) p += p < 0 ? last + 1 : -last - 1;
                            if (boundary == RAD_MIRROR) p = p < 0 ? -p - 1 : 2 * last + 1 - p;
                        }
                        if (p >= 0 && p <= last)
                            sum += tap[i] * in[v - at[axis] * stride + (size_t)p * stride];
                    }
                    ck_near(out[v], sum, 1e-13);
                }
                rad_taps_free(&taps);
            }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("filters");
    TCase *tests = tcase_create("filters");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, response_maps, 0, MAPS);
    tcase_add_loop_test(tests, convolution_equals_definition, 0, 4);
    return test_run(suite);
}
