#include "spectrum.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 8 }; /* lines that are gathered together along y and z */

typedef struct job {
    double *data;
    size_t length, inner; /* of the axis; complex elements between its voxels */
    const rad_fft_lines *lines, *rest;
    bool *failed; /* of each block */
} job;

static void transform_row(size_t index, void *context) {
    const job *j = context;
    rad_fft_run_complex(j->lines, j->data + 2 * index * j->length);
}

/* A block of neighbouring lines: gathered, transformed, put back. */
static void transform_block(size_t index, void *context) {
    const job *j = context;
    const size_t blocks = (j->inner + COLUMNS - 1) / COLUMNS, first = index % blocks * COLUMNS;
    const size_t count = j->inner - first < COLUMNS ? j->inner - first : COLUMNS;
    double *base = j->data + 2 * (index / blocks * j->length * j->inner + first);
    double *room = rad_new_raw(j->length * count, 2 * sizeof *room, NULL);
    if (!room) {
        j->failed[index] = true;
        return;
    }
    for (size_t n = 0; n < j->length; n++)
        for (size_t c = 0; c < count; c++)
            memcpy(room + 2 * (c * j->length + n), base + 2 * (n * j->inner + c), 16);
    for (size_t c = 0; c < count; c++) rad_fft_run_complex(j->lines, room + 2 * c * j->length);
    for (size_t n = 0; n < j->length; n++)
        for (size_t c = 0; c < count; c++)
            memcpy(base + 2 * (n * j->inner + c), room + 2 * (c * j->length + n), 16);
    rad_free(room);
}

static rad_status transform_axis(double *data, const size_t size[3], int axis, int threads,
                                 rad_error *error) {
    job j = {.data = data, .length = size[axis], .inner = 1};
    rad_fft_lines lines;
    size_t outer = 1;
    for (int a = 0; a < axis; a++) j.inner *= size[a];
    for (int a = axis + 1; a < 3; a++) outer *= size[a];
    rad_status status = rad_fft_make_complex(size[axis], 1, &lines, error);
    if (status != RAD_OK) return status;
    j.lines = &lines;
    const size_t tasks = axis ? outer * ((j.inner + COLUMNS - 1) / COLUMNS) : outer;
    j.failed = rad_new(tasks, sizeof *j.failed, error);
    if (!j.failed) status = RAD_NO_MEMORY;
    if (status == RAD_OK) rad_parallel_for(tasks, threads, axis ? transform_block : transform_row, &j);
    for (size_t i = 0; i < tasks && status == RAD_OK; i++)
        if (j.failed[i]) status = rad_fail(error, RAD_NO_MEMORY, "out of memory: Fourier transform");
    rad_free(j.failed);
    rad_fft_free(&lines);
    return status;
}

rad_status rad_spectrum_transform(double *data, const size_t size[3], int axes, int threads,
                                  rad_error *error) {
    rad_status status = RAD_OK;
    for (int a = 0; a < axes && status == RAD_OK; a++)
        if (size[a] > 1) status = transform_axis(data, size, a, threads, error);
    return status;
}

static double exact_frequency(size_t k, size_t n) {
    return (double)(ptrdiff_t)(k < (n + 1) / 2 ? k : k - n) / (double)n;
}

static double manual_frequency(size_t k, size_t n) {
    return n > 1 ? -1 + 2 * (double)((k + n / 2) % n) / ((double)n - 1) : 0;
}

typedef struct scaling {
    double *data;
    const rad_field *field;
    const rad_filter_options *options;
    rad_factor *factor;
} scaling;

/* Multiplies one row, and conjugates it: a forward transform of it is then the backward one. */
static void scale_row(size_t row, void *context) {
    const scaling *s = context;
    const size_t *n = s->field->size, y = row % n[1], z = row / n[1];
    rad_frequency v = {{0, exact_frequency(y, n[1]), 0}, {0, manual_frequency(y, n[1]), 0}};
    if (s->options->dimension == 3) {
        v.exact[2] = exact_frequency(z, n[2]);
        v.manual[2] = manual_frequency(z, n[2]);
    }
    for (size_t x = 0; x < n[0]; x++) {
        double f[2], *c = s->data + 2 * (row * n[0] + x);
        v.exact[0] = exact_frequency(x, n[0]);
        v.manual[0] = manual_frequency(x, n[0]);
        s->factor(&v, s->options, f);
        const double real = c[0] * f[0] - c[1] * f[1], imaginary = c[0] * f[1] + c[1] * f[0];
        c[0] = real;
        c[1] = -imaginary;
    }
}

rad_status rad_spectrum_filter(const rad_field *field, const rad_filter_options *options, rad_factor *factor,
                               int threads, double *out, rad_error *error) {
    const size_t count = rad_field_count(field), *n = field->size;
    double *data = rad_new_raw(count, 2 * sizeof *data, error);
    if (!data) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        data[2 * i] = field->data[i];
        data[2 * i + 1] = 0;
    }
    rad_status status = rad_spectrum_transform(data, n, options->dimension, threads, error);
    scaling s = {data, field, options, factor};
    if (status == RAD_OK) {
        rad_parallel_for(n[1] * n[2], threads, scale_row, &s);
        status = rad_spectrum_transform(data, n, options->dimension, threads, error);
    }
    const double all = (double)n[0] * (double)n[1] * (options->dimension == 3 ? (double)n[2] : 1);
    for (size_t i = 0; i < count && status == RAD_OK; i++) out[i] = data[2 * i] / all;
    rad_free(data);
    return status;
}

static double factorial(int n) {
    return n > 1 ? n * factorial(n - 1) : 1;
}

void rad_riesz_factor(const rad_frequency *frequency, const rad_filter_options *options, double factor[2]) {
    const double *v = frequency->exact;
    const int *l = options->riesz, order = l[0] + l[1] + l[2];
    const double norm = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    double size = sqrt(factorial(order) / (factorial(l[0]) * factorial(l[1]) * factorial(l[2])));
    for (int a = 0; a < 3; a++)
        for (int i = 0; i < l[a]; i++) size *= norm > 0 ? v[a] / norm : 0;
    /* (-i)^order */
    const double turns[4][2] = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};
    factor[0] = size * turns[order % 4][0];
    factor[1] = size * turns[order % 4][1];
}
