#include "pyr_filters.h"

#include "../core/parallel.h"

#include <math.h>
#include <string.h>

static rad_pyr_filter options_of(const rad_filter_options *options) {
    rad_pyr_filter o;
    memcpy(&o, options->own, sizeof o);
    return o;
}

static double most_of(const rad_field *field) {
    const size_t count = rad_field_count(field);
    double most = 0;
    for (size_t i = 0; i < count; i++) most = fmax(most, fabs(field->data[i]));
    return most;
}

typedef double function(double x, double constant);

static double square(double x, double c) {
    return c * x * (c * x);
}

static double squareroot(double x, double c) {
    return x > 0 ? sqrt(x * c) : x < 0 ? -sqrt(-x * c) : x;
}

static double logarithm(double x, double c) {
    return (x > 0 ? log(x + 1) : x < 0 ? -log(-(x - 1)) : x) * c;
}

static double exponential(double x, double c) {
    return exp(c * x);
}

typedef struct job {
    const rad_field *field;
    rad_box wanted;
    function *f;
    double constant;
    double *out;
} job;

static void run_row(size_t index, void *context) {
    const job *j = context;
    const rad_box *w = &j->wanted;
    const size_t height = w->end[1] - w->begin[1], z = w->begin[2] + index / height,
                 y = w->begin[1] + index % height, row = (z * j->field->size[1] + y) * j->field->size[0];
    for (size_t x = row + w->begin[0]; x < row + w->end[0]; x++)
        j->out[x] = j->f(j->field->data[x], j->constant);
}

static rad_status run_point(const rad_field *field, function *f, double constant, int threads, double *out) {
    const job j = {field, rad_field_wanted(field), f, constant, out};
    rad_parallel_for((j.wanted.end[1] - j.wanted.begin[1]) * (j.wanted.end[2] - j.wanted.begin[2]), threads,
                     run_row, (void *)&j);
    return RAD_OK;
}

static rad_status run_square(const rad_field *field, const rad_filter_options *options, int threads,
                             double *out, rad_error *error) {
    (void)options, (void)error;
    return run_point(field, square, 1 / sqrt(most_of(field)), threads, out);
}

static rad_status run_squareroot(const rad_field *field, const rad_filter_options *options, int threads,
                                 double *out, rad_error *error) {
    (void)options, (void)error;
    return run_point(field, squareroot, most_of(field), threads, out);
}

static rad_status run_logarithm(const rad_field *field, const rad_filter_options *options, int threads,
                                double *out, rad_error *error) {
    (void)options, (void)error;
    const double most = most_of(field);
    return run_point(field, logarithm, most / log(most + 1), threads, out);
}

static rad_status run_exponential(const rad_field *field, const rad_filter_options *options, int threads,
                                  double *out, rad_error *error) {
    (void)options, (void)error;
    const double most = most_of(field);
    return run_point(field, exponential, log(most) / most, threads, out);
}

#define POINT(word, text)                                                                                    \
    const rad_filter rad_filter_pyr_##word = {.name = #word,                                                 \
                                              .code = "",                                                    \
                                              .help = text,                                                  \
                                              .named = "",                                                   \
                                              .others = "",                                                  \
                                              .reach = rad_reach_all, /* the largest value decides */        \
                                              .run = run_##word}
POINT(square, "(x / sqrt m)^2");
POINT(squareroot, "sign(x) sqrt(m |x|)");
POINT(logarithm, "sign(x) c log(|x| + 1)");
POINT(exponential, "exp(x log m / m)");

static rad_status reach_one(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                            rad_error *error) {
    (void)options, (void)spacing, (void)error;
    for (int a = 0; a < 3; a++) reach[a] = 1;
    return RAD_OK;
}

typedef struct sloping {
    const rad_field *field;
    rad_box wanted;
    double scale[3];
    double *out;
} sloping;

static void slope_row(size_t index, void *context) {
    const sloping *j = context;
    const rad_box *w = &j->wanted;
    const size_t *n = j->field->size, step[3] = {1, n[0], n[0] * n[1]};
    const size_t height = w->end[1] - w->begin[1];
    size_t at[3] = {0, w->begin[1] + index % height, w->begin[2] + index / height};
    for (at[0] = w->begin[0]; at[0] < w->end[0]; at[0]++) {
        const double *here = j->field->data + at[0] + at[1] * step[1] + at[2] * step[2];
        double sum = 0;
        for (int a = 0; a < 3; a++) {
            const double after = at[a] + 1 < n[a] ? here[step[a]] : *here;
            const double before = at[a] ? *(here - step[a]) : *here;
            const double slope = (after - before) * j->scale[a];
            sum += slope * slope;
        }
        j->out[here - j->field->data] = (float)sqrt(sum);
    }
}

static rad_status run_gradient(const rad_field *field, const rad_filter_options *options, int threads,
                               double *out, rad_error *error) {
    sloping j = {.field = field, .wanted = rad_field_wanted(field), .out = out};
    (void)error;
    for (int a = 0; a < 3; a++) j.scale[a] = 0.5 / (options_of(options).levels ? field->spacing[a] : 1);
    rad_parallel_for((j.wanted.end[1] - j.wanted.begin[1]) * (j.wanted.end[2] - j.wanted.begin[2]), threads,
                     slope_row, &j);
    return RAD_OK;
}

const rad_filter rad_filter_pyr_gradient = {.name = "gradient",
                                            .code = "",
                                            .help = "magnitude of the gradient",
                                            .named = "",
                                            .others = "",
                                            .reach = reach_one,
                                            .run = run_gradient,
                                            .gives = RAD_GIVES_SINGLE};
