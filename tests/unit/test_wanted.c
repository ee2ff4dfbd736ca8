/* A filter that is asked for a part of its map gives the bytes that it has there in the whole map. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../filters/filter.h"
#include "../../pipeline/images.h"

#include <string.h>

static const struct {
    const char *filter;
    const char *options[8]; /* names and values */
} cases[] = {
    {"simoncelli", {"level", "1"}},
    {"simoncelli", {"level", "2", "riesz", "1,0,1"}},
    {"simoncelli", {"level", "1", "dimension", "2"}},
    {"simoncelli", {"level", "1", "riesz", "1,0,0", "steered", "1.5"}},
    {"log", {"sigma", "1.5", "riesz", "0,1,0"}},
    {"log", {"sigma", "1.5", "riesz", "0,1,0", "dimension", "2"}},
    {"gabor", {"sigma", "1", "lambda", "2", "gamma", "1.5", "rotations", "yes"}},
    {"gabor", {"sigma", "1", "lambda", "2", "gamma", "1", "orthogonal", "yes"}},
    {"gabor", {"sigma", "1", "lambda", "2", "gamma", "1", "component", "imaginary"}},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static rad_filter_options options_of(size_t c) {
    rad_error error = {0};
    rad_image image;
    ck_ok(rad_image_begin(&image, cases[c].filter, &error));
    for (size_t i = 0; i < 8 && cases[c].options[i]; i += 2)
        ck_ok(rad_image_set_text(&image, cases[c].options[i], cases[c].options[i + 1], &error));
    return image.options;
}

START_TEST(parts_equal_the_whole) {
    static const rad_box boxes[] = {{{3, 4, 5}, {9, 7, 6}},
                                    {{0, 0, 0}, {1, 1, 1}},
                                    {{18, 12, 10}, {19, 13, 11}},
                                    {{0, 0, 0}, {19, 13, 11}}};
    rad_error error = {0};
    const rad_filter_options o = options_of((size_t)_i);
    rad_field field = {.size = {19, 13, 11}, .spacing = {1, 1, 1}};
    const size_t count = rad_field_count(&field);
    test_random random = {(uint64_t)_i + 1};
    double *data = rad_new(count, sizeof *data, NULL), *whole = rad_new(count, sizeof *data, NULL),
           *part = rad_new(count, sizeof *data, NULL);
    ck_assert(data && whole && part);
    for (size_t i = 0; i < count; i++) data[i] = test_uniform(&random);
    field.data = data;
    ck_ok(rad_filter_run(&field, &o, 1, whole, &error));
    for (size_t b = 0; b < sizeof boxes / sizeof boxes[0]; b++) {
        field.wanted = boxes[b];
        memset(part, 0, count * sizeof *part);
        ck_ok(rad_filter_run(&field, &o, 1 + (int)b % 3, part, &error));
        for (size_t z = boxes[b].begin[2]; z < boxes[b].end[2]; z++)
            for (size_t y = boxes[b].begin[1]; y < boxes[b].end[1]; y++) {
                const size_t at = (z * 13 + y) * 19 + boxes[b].begin[0];
                ck_assert_mem_eq(part + at, whole + at, (boxes[b].end[0] - boxes[b].begin[0]) * sizeof *part);
            }
    }
    rad_free(data);
    rad_free(whole);
    rad_free(part);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("wanted");
    TCase *tests = tcase_create("wanted");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, parts_equal_the_whole, 0, CASES);
    return test_run(suite);
}
