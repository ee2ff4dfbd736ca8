#include "filtering.h"

#include "../../core/memory.h"
#include "../../pipeline/images.h"

#include <stdio.h>
#include <string.h>

const double unit[3] = {1, 1, 1};

rad_filter_options parse(const char *spec) {
    rad_error error = {0};
    rad_image image;
    char copy[256], *rest = copy;
    snprintf(copy, sizeof copy, "%s", spec);
    ck_ok(rad_image_begin(&image, strtok_r(rest, " ", &rest), &error));
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        char *equals = strchr(word, '=');
        ck_assert(equals != NULL);
        *equals = '\0';
        ck_ok(rad_image_set_text(&image, word, equals + 1, &error));
    }
    return image.options;
}

double *new_doubles(size_t count) {
    rad_error error = {0};
    double *x = rad_new(count, sizeof *x, &error);
    ck_assert(x != NULL);
    return x;
}

rad_field noise(const size_t size[3], const double spacing[3], uint64_t seed) {
    test_random random = {seed};
    rad_field field = {.size = {size[0], size[1], size[2]}, .spacing = {spacing[0], spacing[1], spacing[2]}};
    field.data = new_doubles(rad_field_count(&field));
    for (size_t i = 0; i < rad_field_count(&field); i++)
        field.data[i] = floor(200 * test_uniform(&random)) - 60;
    return field;
}

double *respond(const rad_field *field, const rad_filter_options *options, int threads) {
    rad_error error = {0};
    double *out = new_doubles(rad_field_count(field));
    ck_ok(rad_filter_run(field, options, threads, out, &error));
    return out;
}

void expect_maps(const double *ours, const double *naive, size_t count, double tolerance, const char *what) {
    double size = 1;
    for (size_t i = 0; i < count; i++) size = fmax(size, fabs(naive[i]));
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(fabs(ours[i] - naive[i]) <= tolerance * size, "%s: voxel %zu: %.17g, expected %.17g",
                      what, i, ours[i], naive[i]);
}
