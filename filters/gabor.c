/* Gabor filters (Q88H), slice by slice: exp(-(x'^2 + gamma^2 y'^2) / (2 sigma^2) + 2 pi i x' / lambda), x'
 * along theta; sampled to seven sigma. Pooled over angles a step apart, and over the three orthogonal planes.
 */
#include "convolve.h"
#include "filters.h"
#include "pooling.h"
#include "spectrum.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <math.h>
#include <string.h>

enum { MODULUS, REAL, IMAGINARY };

typedef struct own {
    double lambda, gamma, theta; /* mm, 1, degrees */
    double step;                 /* degrees between the angles that are pooled */
    bool orthogonal;             /* pool over the three orthogonal planes */
    int component;               /* of the complex response */
} own;
RAD_OWN_OPTIONS

static const char *const components[] = {
    [MODULUS] = "modulus", [REAL] = "real", [IMAGINARY] = "imaginary", NULL};
static const rad_key lambda_key = {"lambda", RAD_KEY_NUMBER, RAD_OWN(lambda),  1e-3,         1e3, NULL,
                                   "2",      NULL,           "wavelength, mm", "_lambda%smm"};
static const rad_key gamma_key = {"gamma", RAD_KEY_NUMBER, RAD_OWN(gamma), 1e-3,           1e3,
                                  NULL,    "1.5",          NULL,           "aspect ratio", "_gamma%s"};
static const rad_key theta_key = {"theta", RAD_KEY_NUMBER, RAD_OWN(theta),         -360,      360, NULL,
                                  "0",     NULL,           "orientation, degrees", "_theta%s"};
static const rad_key step_key = {
    "step",   RAD_KEY_NUMBER, RAD_OWN(step), 1, 360, NULL, "22.5", NULL, "degrees between pooled angles",
    "_step%s"};
static const rad_key orthogonal_key = {"orthogonal",
                                       RAD_KEY_TRUTH,
                                       RAD_OWN(orthogonal),
                                       0,
                                       1,
                                       NULL,
                                       "no",
                                       NULL,
                                       "pool over the three orthogonal planes",
                                       "_planes"};
static const rad_key component_key = {
    "component", RAD_KEY_WORD, RAD_OWN(component),        0,    0, components,
    "modulus",   NULL,         "of the complex response", "_%s"};
static const rad_key *const keys[] = {
    &rad_boundary_key, &rad_sigma_key, &rad_rotations_key, &rad_pooling_key, &lambda_key, &gamma_key,
    &theta_key,        &step_key,      &orthogonal_key,    &component_key,   NULL};

enum { ANGLES_MAX = 360, REACH = 7 };

/* One set of parallel slices: axes a and b in the slice, c across. */
typedef struct plane_job {
    const rad_field *field;
    const rad_filter_options *options;
    own own;
    int a, b, c;
    size_t reach, padded[3];
    size_t angles;
    double *kernels; /* transforms, one per angle */
    double *out;     /* pooled map of these planes */
    rad_box wanted;
    rad_fft_lines lines[2]; /* of the sides of a padded slice */
} plane_job;

static size_t voxel_of(const plane_job *j, size_t x, size_t y, size_t slice) {
    size_t at[3];
    at[j->a] = x;
    at[j->b] = y;
    at[j->c] = slice;
    return (at[2] * j->field->size[1] + at[1]) * j->field->size[0] + at[0];
}

/* The kernel of an angle, wrapped around the origin. */
static void fill_kernel(const plane_job *j, double theta, double *kernel) {
    const rad_filter_options *o = j->options;
    const double spacing = j->field->spacing[j->a], sigma = o->sigma / spacing,
                 lambda = j->own.lambda / spacing;
    const ptrdiff_t reach = (ptrdiff_t)j->reach;
    memset(kernel, 0, 2 * j->padded[0] * j->padded[1] * sizeof *kernel);
    for (ptrdiff_t y = -reach; y <= reach; y++)
        for (ptrdiff_t x = -reach; x <= reach; x++) {
            const double along = (double)x * cos(theta) + (double)y * sin(theta),
                         across = (double)y * cos(theta) - (double)x * sin(theta);
            const double size =
                exp(-(along * along + j->own.gamma * j->own.gamma * across * across) / (2 * sigma * sigma));
            const double phase = 2 * acos(-1) * along / lambda;
            double *k = kernel + 2 * ((size_t)(y < 0 ? y + (ptrdiff_t)j->padded[1] : y) * j->padded[0] +
                                      (size_t)(x < 0 ? x + (ptrdiff_t)j->padded[0] : x));
            k[0] = size * cos(phase);
            k[1] = size * sin(phase);
        }
}

/* The slice and what lies around it. */
static void fill_slice(const plane_job *j, size_t slice, double *data) {
    const rad_boundary boundary = (rad_boundary)j->options->boundary;
    const size_t width = j->field->size[j->a], height = j->field->size[j->b];
    memset(data, 0, 2 * j->padded[0] * j->padded[1] * sizeof *data);
    for (size_t y = 0; y < height + 2 * j->reach; y++) {
        const ptrdiff_t from_y = rad_boundary_index((ptrdiff_t)y - (ptrdiff_t)j->reach, height, boundary);
        for (size_t x = 0; x < width + 2 * j->reach && from_y >= 0; x++) {
            const ptrdiff_t from_x = rad_boundary_index((ptrdiff_t)x - (ptrdiff_t)j->reach, width, boundary);
            if (from_x >= 0)
                data[2 * (y * j->padded[0] + x)] =
                    j->field->data[voxel_of(j, (size_t)from_x, (size_t)from_y, slice)];
        }
    }
}

static double component_of(const double c[2], int which) {
    return which == REAL ? c[0] : which == IMAGINARY ? -c[1] : sqrt(c[0] * c[0] + c[1] * c[1]);
}

/* Conjugated products: the next transform is the backward one. */
RAD_KERNEL_LOOP void multiply_loop(const double *data, const double *kernel, size_t count,
                                   double *restrict product) {
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        product[2 * i] = data[2 * i] * kernel[2 * i] - data[2 * i + 1] * kernel[2 * i + 1];
        product[2 * i + 1] = -(data[2 * i] * kernel[2 * i + 1] + data[2 * i + 1] * kernel[2 * i]);
    }
}
RAD_KERNEL(multiply, (const double *data, const double *kernel, size_t count, double *restrict product),
           (data, kernel, count, product))

/* What a slice needs: its spectrum, a row of a product, the columns of the response that are wanted (one
 * after the other, complex), and a row of the response. */
typedef struct buffers {
    double *data, *row, *columns, *response;
} buffers;

static size_t width_of(const plane_job *j) {
    return j->wanted.end[j->a] - j->wanted.begin[j->a];
}

/* The backward transform of the spectrum times the kernel, as far as it is wanted: row by row, then column by
 * column, each in cache. */
static bool respond(const plane_job *j, size_t angle, const buffers *b) {
    const size_t width = width_of(j), first = j->wanted.begin[j->a] + j->reach, height = j->padded[1];
    bool fine = true;
    for (size_t y = 0; y < height && fine; y++) {
        const size_t at = 2 * y * j->padded[0];
        multiply(b->data + at, j->kernels + 2 * j->padded[0] * height * angle + at, j->padded[0], b->row);
        fine = rad_fft_run_complex(&j->lines[0], b->row);
        for (size_t x = 0; x < width; x++)
            memcpy(b->columns + 2 * (x * height + y), b->row + 2 * (first + x), 2 * sizeof *b->row);
    }
    for (size_t x = 0; x < width && fine; x++)
        fine = rad_fft_run_complex(&j->lines[1], b->columns + 2 * x * height);
    return fine;
}

/* The response of an angle, pooled into the slice of the map. */
static void pool_angle(const plane_job *j, size_t slice, size_t angle, const buffers *b) {
    const size_t left = j->wanted.begin[j->a], width = width_of(j), height = j->padded[1];
    const rad_pooling_how how = {(rad_pooling)j->options->pooling, angle == 0, 1};
    const double scale = 1 / ((double)j->padded[0] * (double)height);
    for (size_t y = j->wanted.begin[j->b]; y < j->wanted.end[j->b]; y++) {
        const double *from = b->columns + 2 * (y + j->reach);
        for (size_t x = 0; x < width; x++)
            b->response[x] = scale * component_of(from + 2 * x * height, j->own.component);
        if (j->a == 0)
            rad_pooling_row(&how, b->response, width, &j->out[voxel_of(j, left, y, slice)]);
        else
            for (size_t x = 0; x < width; x++)
                rad_pooling_row(&how, b->response + x, 1, &j->out[voxel_of(j, left + x, y, slice)]);
    }
}

static rad_status filter_slice(size_t index, void *context, rad_error *error) {
    const plane_job *j = context;
    const size_t slice = index + j->wanted.begin[j->c], count = j->padded[0] * j->padded[1];
    const buffers b = {rad_new_raw(count, 2 * sizeof(double), error),
                       rad_new_raw(j->padded[0], 2 * sizeof(double), error),
                       rad_new_raw(width_of(j) * j->padded[1], 2 * sizeof(double), error),
                       rad_new_raw(width_of(j), sizeof(double), error)};
    rad_status status = b.data && b.row && b.columns && b.response ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        fill_slice(j, slice, b.data);
        status = rad_spectrum_plane(b.data, j->padded, j->lines, error);
    }
    for (size_t angle = 0; angle < j->angles && status == RAD_OK; angle++) {
        if (respond(j, angle, &b))
            pool_angle(j, slice, angle, &b);
        else
            status = rad_fail(error, RAD_NO_MEMORY, "out of memory: Fourier transform");
    }
    rad_free(b.data);
    rad_free(b.row);
    rad_free(b.columns);
    rad_free(b.response);
    return status;
}

static rad_status filter_planes(plane_job *j, int threads, rad_error *error) {
    const rad_filter_options *o = j->options;
    const double sigma = o->sigma / j->field->spacing[j->a];
    j->wanted = rad_field_wanted(j->field);
    const size_t slices = j->wanted.end[j->c] - j->wanted.begin[j->c];
    j->reach = (size_t)ceil(REACH * sigma * fmax(1, 1 / j->own.gamma));
    j->padded[0] = rad_fft_good_size(j->field->size[j->a] + 2 * j->reach);
    j->padded[1] = rad_fft_good_size(j->field->size[j->b] + 2 * j->reach);
    j->padded[2] = 1;
    const size_t count = j->padded[0] * j->padded[1];
    j->kernels = rad_new_raw(count * j->angles, 2 * sizeof *j->kernels, error);
    rad_status status = j->kernels ? RAD_OK : RAD_NO_MEMORY;
    for (int side = 0; side < 2 && status == RAD_OK; side++)
        status = rad_fft_make_complex(j->padded[side], 1, &j->lines[side], error);
    for (size_t i = 0; i < j->angles && status == RAD_OK; i++) {
        const double degrees = o->rotations ? (double)i * j->own.step : j->own.theta;
        double *kernel = j->kernels + 2 * count * i;
        fill_kernel(j, degrees * acos(-1) / 180, kernel);
        status = rad_spectrum_transform(kernel, j->padded, 2, threads, error);
    }
    if (status == RAD_OK) status = rad_parallel_try(slices, threads, filter_slice, j, error);
    if (status == RAD_OK)
        rad_pooling_end((rad_pooling)o->pooling, (double)j->angles, rad_field_count(j->field), threads,
                        j->out);
    rad_free(j->kernels);
    for (int side = 0; side < 2; side++) rad_fft_free(&j->lines[side]);
    return status;
}

/* Axes in the slices and across them. */
static const int planes[3][3] = {{0, 1, 2}, {0, 2, 1}, {1, 2, 0}};

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    const own o = own_of(options);
    const double turns = 360 / o.step;
    if (options->rotations && fabs(turns - rint(turns)) > 1e-9)
        return rad_fail(error, RAD_CONFIG, "gabor: a step of %g degrees does not divide 360", o.step);
    for (int p = 0; p < (o.orthogonal ? 3 : 1); p++) {
        const double a = spacing[planes[p][0]], b = spacing[planes[p][1]];
        if (fabs(a - b) > 1e-3 * a)
            return rad_fail(error, RAD_CONFIG,
                            "gabor: voxels of %g x %g mm; a slice needs square ones: interpolate", a, b);
        reach[planes[p][0]] = reach[planes[p][1]] = RAD_REACH_ALL;
    }
    return RAD_OK;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    const own o = own_of(options);
    const size_t count = rad_field_count(field);
    const int sets = o.orthogonal ? 3 : 1;
    const double turns = 360 / o.step;
    double *map = sets > 1 ? rad_new_raw(count, sizeof *map, error) : out;
    rad_status status = map ? RAD_OK : RAD_NO_MEMORY;
    for (int p = 0; p < sets && status == RAD_OK; p++) {
        plane_job j = {.field = field,
                       .options = options,
                       .own = o,
                       .a = planes[p][0],
                       .b = planes[p][1],
                       .c = planes[p][2],
                       .angles = options->rotations ? (size_t)rint(turns) : 1,
                       .out = map};
        status = filter_planes(&j, threads, error);
        const rad_pooling_how how = {(rad_pooling)options->pooling, p == 0, 1};
        if (status == RAD_OK && sets > 1) rad_pooling_map(&how, map, count, threads, out);
    }
    if (status == RAD_OK && sets > 1)
        rad_pooling_end((rad_pooling)options->pooling, sets, count, threads, out);
    if (map != out) rad_free(map);
    return status;
}

static bool flat(const rad_filter_options *options) {
    return !own_of(options).orthogonal;
}

const rad_filter rad_filter_gabor = {.name = "gabor",
                                     .code = "Q88H",
                                     .help = "Gabor, slice by slice",
                                     .named = "sigma lambda gamma",
                                     .others = "theta rotations step pooling orthogonal component boundary",
                                     .keys = keys,
                                     .reach = reach,
                                     .run = run,
                                     .flat = flat};
