#include "spectrum.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 16 }; /* lines that are gathered together along y and z */

typedef struct job {
    double *data;
    size_t length, inner; /* of the axis; complex elements between its voxels */
    const rad_fft_lines *lines;
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

/* The field is real: half of its spectrum is kept, k_x = 0..n/2. */
typedef struct half_job {
    const rad_field *field;
    const rad_filter_options *options;
    rad_factor *factor;
    double *data;
    size_t half;
    double *exact[3], *manual[3]; /* frequencies by index */
    rad_fft_lines forward, back;
    double *out;
    bool *failed; /* of each slice */
} half_job;

/* Rows of a slice to their half spectra, or back into the map. */
static void transform_rows(const half_job *j, size_t z, bool forward) {
    const size_t *n = j->field->size, room = n[0] + n[0] % 2;
    double *row = rad_new_raw(room + 2 * j->half, sizeof *row, NULL);
    if (!row) {
        j->failed[z] = true;
        return;
    }
    const double all = (double)n[0] * (double)n[1] * (j->options->dimension == 3 ? (double)n[2] : 1);
    for (size_t y = 0; y < n[1]; y++) {
        const size_t at = z * n[1] + y;
        double *spectrum = j->data + 2 * at * j->half;
        if (forward) {
            memcpy(row, j->field->data + at * n[0], n[0] * sizeof *row);
            rad_fft_run_real(&j->forward, row, spectrum);
            continue;
        }
        memcpy(row + room, spectrum, 2 * j->half * sizeof *row);
        for (size_t k = 0; k < j->half; k++)
            row[room + 2 * k + 1] = -row[room + 2 * k + 1]; /* see scale_row */
        rad_fft_run_back(&j->back, row + room, row);
        for (size_t x = 0; x < n[0]; x++) j->out[at * n[0] + x] = row[x] / all;
    }
    rad_free(row);
}

static void rows_forward(size_t z, void *context) {
    transform_rows(context, z, true);
}

static void rows_back(size_t z, void *context) {
    transform_rows(context, z, false);
}

/* Axes that are transformed. */
static int axes_of(const rad_filter_options *options) {
    return options->dimension == 3 ? 3 : 2;
}

/* Frequencies of every index of an axis; 0 along axes that are not transformed. */
static rad_status list_frequencies(half_job *j, rad_error *error) {
    for (int a = 0; a < 3; a++) {
        const size_t n = j->field->size[a];
        j->exact[a] = rad_new(n, 2 * sizeof *j->exact[a], error);
        if (!j->exact[a]) return RAD_NO_MEMORY;
        j->manual[a] = j->exact[a] + n;
        for (size_t k = 0; k < n && a < axes_of(j->options); k++) {
            j->exact[a][k] = exact_frequency(k, n);
            j->manual[a][k] = manual_frequency(k, n);
        }
    }
    return RAD_OK;
}

static rad_frequency frequency_at(const half_job *j, size_t x, size_t y, size_t z) {
    return (rad_frequency){{j->exact[0][x], j->exact[1][y], j->exact[2][z]},
                           {j->manual[0][x], j->manual[1][y], j->manual[2][z]}};
}

/* Multiplies one row by what the real part of the response sees of the factor, (f(k) + conj f(-k)) / 2, and
 * conjugates it: forward transforms of it along y and z are then backward ones. */
static void scale_row(size_t row, void *context) {
    const half_job *j = context;
    const size_t *n = j->field->size, y = row % n[1], z = row / n[1];
    for (size_t x = 0; x < j->half; x++) {
        const rad_frequency v = frequency_at(j, x, y, z),
                            w = frequency_at(j, x ? n[0] - x : 0, y ? n[1] - y : 0, z ? n[2] - z : 0);
        double f[2], g[2], *c = j->data + 2 * (row * j->half + x);
        j->factor(&v, j->options, f);
        j->factor(&w, j->options, g);
        const double re = (f[0] + g[0]) / 2, im = (f[1] - g[1]) / 2;
        const double real = c[0] * re - c[1] * im, imaginary = c[0] * im + c[1] * re;
        c[0] = real;
        c[1] = -imaginary;
    }
}

static rad_status run_half(half_job *j, int threads, rad_error *error) {
    const size_t *n = j->field->size, spectrum[3] = {j->half, n[1], n[2]};
    rad_status status = RAD_OK;
    rad_parallel_for(n[2], threads, rows_forward, j);
    for (int a = 1; a < axes_of(j->options) && status == RAD_OK; a++)
        status = transform_axis(j->data, spectrum, a, threads, error);
    if (status == RAD_OK) rad_parallel_for(n[1] * n[2], threads, scale_row, j);
    for (int a = 1; a < axes_of(j->options) && status == RAD_OK; a++)
        status = transform_axis(j->data, spectrum, a, threads, error);
    if (status == RAD_OK) rad_parallel_for(n[2], threads, rows_back, j);
    for (size_t z = 0; z < n[2] && status == RAD_OK; z++)
        if (j->failed[z])
            status = rad_fail(error, RAD_NO_MEMORY, "out of memory: Fourier transform of a slice");
    return status;
}

rad_status rad_spectrum_filter(const rad_field *field, const rad_filter_options *options, rad_factor *factor,
                               int threads, double *out, rad_error *error) {
    const size_t *n = field->size;
    half_job j = {.field = field, .options = options, .factor = factor, .half = n[0] / 2 + 1, .out = out};
    j.data = rad_new_raw(j.half * n[1], n[2] * 2 * sizeof *j.data, error);
    j.failed = rad_new(n[2], sizeof *j.failed, error);
    rad_status status = j.data && j.failed ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_fft_make_real(n[0], 1, &j.forward, error);
    if (status == RAD_OK) status = rad_fft_make_back(n[0], &j.back, error);
    if (status == RAD_OK) status = list_frequencies(&j, error);
    if (status == RAD_OK) status = run_half(&j, threads, error);
    for (int a = 0; a < 3; a++) rad_free(j.exact[a]);
    rad_fft_free(&j.forward);
    rad_fft_free(&j.back);
    rad_free(j.data);
    rad_free(j.failed);
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
