#include "spectrum.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <string.h>

enum { COLUMNS = 8 }; /* lines that are gathered together along y and z */

typedef struct job {
    double *data;
    size_t length, inner; /* of the axis; complex elements between its voxels */
    size_t outer;         /* the first of the blocks of `length` rows of `inner` elements */
    size_t from, width;   /* which of the inner elements */
    const rad_fft_lines *lines;
} job;

static rad_status transform_row(size_t index, void *context, rad_error *error) {
    const job *j = context;
    (void)error;
    return rad_fft_run_complex(j->lines, j->data + 2 * index * j->length) ? RAD_OK : RAD_NO_MEMORY;
}

static size_t blocks_of(const job *j) {
    return (j->width + COLUMNS - 1) / COLUMNS;
}

/* A block of neighbouring lines: gathered, transformed, put back. */
static rad_status transform_block(size_t index, void *context, rad_error *error) {
    const job *j = context;
    const size_t first = index % blocks_of(j) * COLUMNS, left = j->width - first;
    const size_t count = left < COLUMNS ? left : COLUMNS;
    double *base = j->data + 2 * ((j->outer + index / blocks_of(j)) * j->length * j->inner + j->from + first);
    double *buffer = rad_new_raw(j->length * count, 2 * sizeof *buffer, error);
    bool fine = true;
    if (!buffer) return RAD_NO_MEMORY;
    for (size_t n = 0; n < j->length; n++)
        for (size_t c = 0; c < count; c++)
            memcpy(buffer + 2 * (c * j->length + n), base + 2 * (n * j->inner + c), 16);
    for (size_t c = 0; c < count && fine; c++)
        fine = rad_fft_run_complex(j->lines, buffer + 2 * c * j->length);
    for (size_t n = 0; n < j->length; n++)
        for (size_t c = 0; c < count; c++)
            memcpy(base + 2 * (n * j->inner + c), buffer + 2 * (c * j->length + n), 16);
    rad_free(buffer);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status run_lines(job *j, size_t tasks, bool rows, int threads, rad_error *error) {
    rad_fft_lines lines;
    rad_status status = rad_fft_make_complex(j->length, 1, &lines, error);
    if (status != RAD_OK) return status;
    j->lines = &lines;
    status = rad_parallel_try(tasks, threads, rows ? transform_row : transform_block, j, NULL);
    if (status != RAD_OK) rad_fail(error, status, "out of memory: Fourier transform");
    rad_fft_free(&lines);
    return status;
}

static rad_status transform_axis(double *data, const size_t size[3], int axis, int threads,
                                 rad_error *error) {
    job j = {.data = data, .length = size[axis], .inner = 1};
    size_t outer = 1;
    for (int a = 0; a < axis; a++) j.inner *= size[a];
    for (int a = axis + 1; a < 3; a++) outer *= size[a];
    j.width = j.inner;
    return run_lines(&j, axis ? outer * blocks_of(&j) : outer, axis == 0, threads, error);
}

rad_status rad_spectrum_transform(double *data, const size_t size[3], int axes, int threads,
                                  rad_error *error) {
    rad_status status = RAD_OK;
    for (int a = 0; a < 3 && a < axes && status == RAD_OK; a++)
        if (size[a] > 1) status = transform_axis(data, size, a, threads, error);
    return status;
}

rad_status rad_spectrum_plane(double *data, const size_t size[2], const rad_fft_lines lines[2],
                              rad_error *error) {
    job j = {.data = data, .length = size[1], .inner = size[0], .width = size[0], .lines = &lines[1]};
    rad_status status = RAD_OK;
    for (size_t y = 0; y < size[1] && status == RAD_OK; y++)
        if (!rad_fft_run_complex(&lines[0], data + 2 * y * size[0])) status = RAD_NO_MEMORY;
    for (size_t b = 0; b < blocks_of(&j) && status == RAD_OK; b++) status = transform_block(b, &j, NULL);
    return status == RAD_OK ? status : rad_fail(error, status, "out of memory: Fourier transform");
}

/* In cycles per voxel. */
static double exact_frequency(size_t k, size_t n) {
    return (double)(ptrdiff_t)(k < (n + 1) / 2 ? k : k - n) / (double)n;
}

static double manual_frequency(size_t k, size_t n) {
    return n > 1 ? -1 + 2 * (double)((k + n / 2) % n) / ((double)n - 1) : 0;
}

/* What the passes over a half spectrum share. */
typedef struct half_job {
    const rad_spectrum *spectrum;
    rad_response response;
    double *to;       /* the spectrum that is made; or rows of it after the factor, where the map is wanted */
    const double *in; /* field */
    double *out;
    double *exact[3], *manual[3]; /* frequencies by index */
    rad_box wanted;               /* of the map */
    rad_fft_lines forward, back, along[3];
} half_job;

/* Rows of a slice to their half spectra. */
static rad_status rows_forward(size_t z, void *context, rad_error *error) {
    const half_job *j = context;
    const size_t *n = j->spectrum->size, half = j->spectrum->half;
    double *row = rad_new_raw(n[0], sizeof *row, error);
    bool fine = row;
    for (size_t y = 0; y < n[1] && fine; y++) {
        const size_t at = z * n[1] + y;
        memcpy(row, j->in + at * n[0], n[0] * sizeof *row);
        fine = rad_fft_run_real(&j->forward, row, j->to + 2 * at * half);
    }
    rad_free(row);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

static size_t wanted_along(const half_job *j, int axis) {
    return j->wanted.end[axis] - j->wanted.begin[axis];
}

/* Half spectra of a slice to rows of the map, where it is wanted. */
static rad_status rows_back(size_t slice, void *context, rad_error *error) {
    const half_job *j = context;
    const size_t *n = j->spectrum->size, half = j->spectrum->half, buffer = n[0] + n[0] % 2;
    const double all = (double)n[0] * (double)n[1] * (j->spectrum->axes == 3 ? (double)n[2] : 1);
    double *row = rad_new_raw(buffer + 2 * half, sizeof *row, error);
    bool fine = row;
    for (size_t y = 0; y < wanted_along(j, 1) && fine; y++) {
        const size_t at = (slice + j->wanted.begin[2]) * n[1] + y + j->wanted.begin[1];
        const double *spectrum = j->to + 2 * (slice * wanted_along(j, 1) + y) * half;
        for (size_t k = 0; k < half; k++) { /* conjugated, see scale */
            row[buffer + 2 * k] = spectrum[2 * k];
            row[buffer + 2 * k + 1] = -spectrum[2 * k + 1];
        }
        fine = rad_fft_run_back(&j->back, row + buffer, row);
        for (size_t x = 0; x < n[0]; x++) j->out[at * n[0] + x] = row[x] / all;
    }
    rad_free(row);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Frequencies of every index of an axis; 0 along axes that are not transformed. */
static rad_status list_frequencies(const rad_field *field, half_job *j, rad_error *error) {
    for (int a = 0; a < 3; a++) {
        const size_t n = field->size[a];
        j->exact[a] = rad_new(n, 2 * sizeof *j->exact[a], error);
        if (!j->exact[a]) return RAD_NO_MEMORY;
        j->manual[a] = j->exact[a] + n;
        for (size_t k = 0; k < n && a < j->spectrum->axes; k++) {
            j->exact[a][k] = exact_frequency(k, n) / field->spacing[a];
            j->manual[a][k] = manual_frequency(k, n);
        }
    }
    return RAD_OK;
}

static rad_frequency frequency_at(const half_job *j, size_t x, size_t y, size_t z) {
    return (rad_frequency){{j->exact[0][x], j->exact[1][y], j->exact[2][z]},
                           {j->manual[0][x], j->manual[1][y], j->manual[2][z]}};
}

/* The slices whose spectra are needed: all, unless each stands for itself. */
static size_t first_slice(const half_job *j) {
    return j->spectrum->axes == 3 ? 0 : j->wanted.begin[2];
}

static size_t slices_of(const half_job *j) {
    return j->spectrum->axes == 3 ? j->spectrum->size[2] : j->wanted.end[2] - j->wanted.begin[2];
}

/* Multiplies a frequency by what the real part of the response sees of the factor, (f(k) + conj f(-k)) / 2,
 * and conjugates it: forward transforms of it along y and z are then backward ones. */
static void scale(const half_job *j, size_t x, size_t y, size_t z, double to[2]) {
    const size_t *n = j->spectrum->size;
    const rad_frequency v = frequency_at(j, x, y, z),
                        w = frequency_at(j, x ? n[0] - x : 0, y ? n[1] - y : 0, z ? n[2] - z : 0);
    const double *c = j->spectrum->data + 2 * ((z * n[1] + y) * j->spectrum->half + x);
    double f[2], g[2];
    j->response.factor(&v, j->response.options, f);
    j->response.factor(&w, j->response.options, g);
    const double re = (f[0] + g[0]) / 2, im = (f[1] - g[1]) / 2;
    const double real = c[0] * re - c[1] * im, imaginary = c[0] * im + c[1] * re;
    to[0] = real;
    to[1] = -imaginary;
}

/* Lines that a factor has left nothing of stay as they are. */
static bool transform_line(const rad_fft_lines *lines, double *line, size_t n) {
    for (size_t i = 0; i < 2 * n; i++)
        if (line[i] != 0) return rad_fft_run_complex(lines, line);
    return true;
}

/* A few neighbouring k_x of all slices, one after the other; those of a slice lie in `lines`, and what is
 * wanted of them goes to columns[k_x][y][slice]. */
typedef struct stack {
    size_t first, count, slices;
    double *lines, *columns;
} stack;

static double *column_of(const half_job *j, const stack *s, size_t x, size_t y) {
    return s->columns + 2 * (x * wanted_along(j, 1) + y) * s->slices;
}

static bool transform_slices(const half_job *j, const stack *s) {
    const size_t n = j->spectrum->size[1];
    bool fine = true;
    for (size_t z = 0; z < s->slices && fine; z++) {
        for (size_t y = 0; y < n; y++)
            for (size_t x = 0; x < s->count; x++)
                scale(j, s->first + x, y, first_slice(j) + z, s->lines + 2 * (x * n + y));
        for (size_t x = 0; x < s->count && j->along[1].plan && fine; x++)
            fine = transform_line(&j->along[1], s->lines + 2 * x * n, n);
        for (size_t x = 0; x < s->count; x++)
            for (size_t y = 0; y < wanted_along(j, 1); y++)
                memcpy(column_of(j, s, x, y) + 2 * z, s->lines + 2 * (x * n + j->wanted.begin[1] + y), 16);
    }
    return fine;
}

/* The factor and the transforms along y and z, of a few k_x: in cache, and no further than is wanted. */
static rad_status filter_stack(size_t index, void *context, rad_error *error) {
    const half_job *j = context;
    const size_t *n = j->spectrum->size, half = j->spectrum->half, first = index * COLUMNS,
                 rows = wanted_along(j, 1), begin = j->wanted.begin[2] - first_slice(j);
    stack s = {first, half - first < COLUMNS ? half - first : COLUMNS, slices_of(j), NULL, NULL};
    s.lines = rad_new_raw(s.count * n[1], 2 * sizeof *s.lines, error);
    s.columns = rad_new_raw(s.count * rows * s.slices, 2 * sizeof *s.columns, error);
    bool fine = s.lines && s.columns && transform_slices(j, &s);
    for (size_t x = 0; x < s.count && fine; x++)
        for (size_t y = 0; y < rows && fine; y++) {
            double *column = column_of(j, &s, x, y);
            if (j->along[2].plan) fine = transform_line(&j->along[2], column, s.slices);
            for (size_t z = 0; z < wanted_along(j, 2); z++)
                memcpy(j->to + 2 * ((z * rows + y) * half + first + x), column + 2 * (begin + z), 16);
        }
    rad_free(s.lines);
    rad_free(s.columns);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status run_rows(half_job *j, size_t slices, rad_attempt *body, int threads, rad_error *error) {
    const rad_status status = rad_parallel_try(slices, threads, body, j, NULL);
    if (status != RAD_OK) rad_fail(error, status, "out of memory: Fourier transforms");
    return status;
}

/* Transforms along y and z. */
static rad_status transform_columns(const rad_spectrum *s, double *data, int threads, rad_error *error) {
    const size_t size[3] = {s->half, s->size[1], s->size[2]};
    rad_status status = RAD_OK;
    for (int a = 1; a < 3 && a < s->axes && status == RAD_OK; a++)
        status = transform_axis(data, size, a, threads, error);
    return status;
}

static size_t complex_count(const rad_spectrum *s) {
    return s->half * s->size[1] * s->size[2];
}

rad_status rad_spectrum_make(const rad_field *field, const double *data, int axes, int threads,
                             rad_spectrum *spectrum, rad_error *error) {
    const size_t *n = field->size;
    *spectrum = (rad_spectrum){{n[0], n[1], n[2]}, n[0] / 2 + 1, axes, NULL};
    spectrum->data = rad_new_raw(complex_count(spectrum), 2 * sizeof *data, error);
    half_job j = {.spectrum = spectrum, .in = data, .to = spectrum->data};
    rad_status status = spectrum->data ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_fft_make_real(n[0], 1, &j.forward, error);
    if (status == RAD_OK) status = run_rows(&j, n[2], rows_forward, threads, error);
    if (status == RAD_OK) status = transform_columns(spectrum, spectrum->data, threads, error);
    rad_fft_free(&j.forward);
    if (status != RAD_OK) rad_spectrum_free(spectrum);
    return status;
}

/* Plans of the axes along which there is something to transform. */
static rad_status plan_back(half_job *j, rad_error *error) {
    const size_t *n = j->spectrum->size;
    rad_status status = rad_fft_make_back(n[0], &j->back, error);
    for (int a = 1; a < j->spectrum->axes && status == RAD_OK; a++)
        if (n[a] > 1) status = rad_fft_make_complex(n[a], 1, &j->along[a], error);
    return status;
}

rad_status rad_spectrum_apply(const rad_field *field, rad_spectrum *spectrum, bool keep,
                              rad_response response, int threads, double *out, rad_error *error) {
    half_job j = {.spectrum = spectrum, .response = response, .out = out, .wanted = rad_field_wanted(field)};
    const size_t rows = wanted_along(&j, 1) * wanted_along(&j, 2);
    j.to = rad_new_raw(spectrum->half * rows, 2 * sizeof *out, error);
    rad_status status = j.to ? plan_back(&j, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = list_frequencies(field, &j, error);
    if (status == RAD_OK)
        status = run_rows(&j, (spectrum->half + COLUMNS - 1) / COLUMNS, filter_stack, threads, error);
    if (!keep) rad_spectrum_free(spectrum);
    if (status == RAD_OK) status = run_rows(&j, wanted_along(&j, 2), rows_back, threads, error);
    for (int a = 0; a < 3; a++) {
        rad_free(j.exact[a]);
        rad_fft_free(&j.along[a]);
    }
    rad_fft_free(&j.back);
    rad_free(j.to);
    return status;
}

void rad_spectrum_free(rad_spectrum *spectrum) {
    rad_free(spectrum->data);
    spectrum->data = NULL;
}
