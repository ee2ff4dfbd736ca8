/* What filters cost: medians of three runs on a volume of 200x197x180 voxels of 1 mm, on one thread and on
 * two. */
#include "../core/clock.h"
#include "../core/memory.h"
#include "../filters/filter.h"
#include "../pipeline/images.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *filter, *options;
} cases[] = {
    {"mean", "size=5"},
    {"log", "sigma=1.5"},
    {"log", "sigma=3"},
    {"laws", "kernels=L5E5E5 rotations=yes delta=7"},
    {"laws", "kernels=L5S5E5 rotations=yes delta=7"},
    {"wavelet", "wavelet=coif1 subband=LLH rotations=yes pooling=mean"},
    {"wavelet", "wavelet=db3 subband=LHH rotations=yes pooling=mean"},
    {"simoncelli", "level=1"},
};

static double now(void) {
    return 1e3 * rad_clock_seconds();
}

static int fail(const rad_error *error) {
    fprintf(stderr, "bench: %s\n", error->text);
    return EXIT_FAILURE;
}

static double median(double a, double b, double c) {
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

static rad_status take_options(const char *filter, const char *words, rad_filter_options *o,
                               rad_error *error) {
    char copy[256], *rest = copy;
    rad_image image;
    rad_status status = rad_image_begin(&image, filter, error);
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word; status == RAD_OK && (word = strtok_r(rest, " ", &rest));) {
        char *equals = strchr(word, '=');
        *equals = '\0';
        status = rad_image_set_text(&image, word, equals + 1, error);
    }
    *o = image.options;
    return status;
}

int main(void) {
    rad_error error = {0};
    rad_field field = {.size = {200, 197, 180}, .spacing = {1, 1, 1}};
    const size_t count = rad_field_count(&field);
    field.data = rad_new(count, sizeof *field.data, &error);
    double *out = rad_new(count, sizeof *out, &error);
    if (!field.data || !out) return fail(&error);
    for (size_t i = 0; i < count; i++) field.data[i] = (double)(i * 2654435761U >> 7 & 1023) - 500;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        rad_filter_options o;
        double times[2][3];
        if (take_options(cases[c].filter, cases[c].options, &o, &error) != RAD_OK) return fail(&error);
        for (int i = 0; i < 6; i++) {
            const double start = now();
            if (rad_filter_run(&field, &o, 1 + i % 2, out, &error) != RAD_OK) return fail(&error);
            times[i % 2][i / 2] = now() - start;
        }
        const double one = median(times[0][0], times[0][1], times[0][2]),
                     two = median(times[1][0], times[1][1], times[1][2]);
        printf("%-11s %-56s %8.1f ms, on two threads %8.1f ms, %.2f times as fast\n", cases[c].filter,
               cases[c].options, one, two, one / two);
    }
    rad_free(field.data);
    rad_free(out);
    return EXIT_SUCCESS;
}
