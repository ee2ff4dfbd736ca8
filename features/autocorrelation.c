#include "autocorrelation.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <math.h>
#include <string.h>

/* With m the mask, u = m (x - mean), q = u^2 and w(d) = 1 / |d|, on a box of twice the size so that nothing
 * wraps around, sums over pairs become sums over frequencies:
 *   sum w m m = W,  sum w u u = P,  sum w (x_i - x_j)^2 = 2 sum w q m - 2 P.
 * Nothing is transformed back. Rows are transformed along x and laid out plane by plane of equal k_x; a plane
 * is transformed along y and z in cache and summed at once. The kernel is even along each axis: an eighth of
 * it is kept, and its transform is real. */
enum { MASK, DEVIATION, SQUARE, KERNEL, SIGNALS };
enum { ROWS = 8, PLANES = 8 }; /* rows laid out together; planes of one task */

typedef struct work {
    const rad_roi *roi;
    size_t extent[3]; /* of the inner box */
    size_t size[3];   /* of the transform, even */
    size_t half[3];   /* size / 2 + 1 */
    rad_fft_lines x, y, z, even_y, even_z;
    double *planes[SIGNALS]; /* [k_x][z][y]; complex, but real for the kernel */
    double mean, scale;      /* u = (x - mean) / scale */
    double (*sums)[3];       /* W, P and sum w q m of each plane */
} work;

/* Mean, and the largest deviation from it, which scales u so that its squares neither overflow nor vanish. */
static bool measure_spread(work *w) {
    const rad_roi *roi = w->roi;
    const size_t count = rad_box_count(&roi->box);
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!roi->intensity_mask[i]) continue;
        if (roi->intensity[i] < low) low = roi->intensity[i];
        if (roi->intensity[i] > high) high = roi->intensity[i];
    }
    w->scale = high / 2 - low / 2;
    if (!(w->scale > 0)) return false;
    const double middle = low / 2 + high / 2;
    for (size_t i = 0; i < count; i++)
        if (roi->intensity_mask[i]) sum += (roi->intensity[i] - middle) / w->scale;
    w->mean = middle + w->scale * (sum / (double)roi->intensity_count);
    return true;
}

static double sum_of_squares(const work *w) {
    const size_t count = rad_box_count(&w->roi->box);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!w->roi->intensity_mask[i]) continue;
        const double u = (w->roi->intensity[i] - w->mean) / w->scale;
        sum += u * u;
    }
    return sum;
}

/* One row of a signal, without the zeros that follow. */
static void fill_row(const work *w, int signal, size_t y, size_t z, double *row) {
    const rad_roi *roi = w->roi;
    const size_t from = ((z + roi->inner.begin[2]) * roi->size[1] + y + roi->inner.begin[1]) * roi->size[0] +
                        roi->inner.begin[0];
    const uint8_t *in = roi->intensity_mask + from;
    const double *intensity = roi->intensity + from;
    for (size_t x = 0; x < w->extent[0]; x++) {
        const double u = in[x] ? (intensity[x] - w->mean) / w->scale : 0;
        row[x] = signal == MASK ? (double)in[x] : signal == DEVIATION ? u : u * u;
    }
}

/* out[x] = 1 / sqrt((x step)^2 + rest) */
RAD_KERNEL_LOOP void weigh_row_loop(double step, double rest, size_t count, double *restrict out) {
#pragma omp simd
    for (size_t x = 0; x < count; x++) {
        const double d = (double)(int)x * step;
        out[x] = 1 / sqrt(d * d + rest);
    }
}
RAD_KERNEL(weigh_row, (double step, double rest, size_t count, double *restrict out),
           (step, rest, count, out))

/* The second half of a line that is even around 0. Two pointers that meet: of `line[i] = line[size - i]` gcc
 * 12 may make one address out of two, lose what it points to and drop the call. */
static void mirror(double *line, size_t size) {
    double *high = line + size;
    for (const double *low = line + 1; low < --high; low++) *high = *low;
}

static void fill_kernel_row(const work *w, size_t y, size_t z, double *row) {
    const double *spacing = w->roi->grid.spacing, dy = (double)y * spacing[1], dz = (double)z * spacing[2];
    weigh_row(spacing[0], dy * dy + dz * dz, w->half[0], row);
    if (y == 0 && z == 0) row[0] = 0; /* no voxel pairs with itself */
    mirror(row, w->size[0]);
}

static size_t row_count(const work *w, int signal) {
    return signal == KERNEL ? w->half[1] : w->extent[1];
}

/* Lays out transformed rows first..first + count of a slice; `width` doubles each. */
static void scatter(const work *w, int signal, const double *rows, size_t first, size_t count, size_t z,
                    size_t width) {
    const size_t n = row_count(w, signal), slices = signal == KERNEL ? w->half[2] : w->extent[2];
    for (size_t k = 0; k < w->half[0]; k++) {
        double *to = w->planes[signal] + ((k * slices + z) * n + first) * width;
        for (size_t i = 0; i < count; i++) {
            const double *from = rows + 2 * (i * w->half[0] + k);
            for (size_t c = 0; c < width; c++) to[i * width + c] = from[c];
        }
    }
}

typedef struct row_job {
    work *w;
    int signal;
} row_job;

static rad_status transform_slice(size_t z, void *context, rad_error *error) {
    const row_job *job = context;
    const work *w = job->w;
    const size_t count = row_count(w, job->signal), pitch = 2 * w->half[0];
    double *row = rad_new(w->size[0] + ROWS * pitch, sizeof *row, error), *out = row + w->size[0];
    bool fine = row;
    for (size_t first = 0; first < count && fine; first += ROWS) {
        const size_t here = count - first < ROWS ? count - first : ROWS;
        for (size_t i = 0; i < here && fine; i++) {
            if (job->signal == KERNEL)
                fill_kernel_row(w, first + i, z, row);
            else
                fill_row(w, job->signal, first + i, z, row);
            fine = rad_fft_run_real(&w->x, row, out + i * pitch);
        }
        scatter(w, job->signal, out, first, here, z, job->signal == KERNEL ? 1 : 2);
    }
    rad_free(row);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Buffers of a task. */
typedef struct plane_buffers {
    double *kernel;  /* [k_y][k_z], k_z whole */
    double *turned;  /* [k_y][z] of the kernel */
    double *signals; /* [signal][z][k_y] complex */
    double *columns; /* [signal][k_z] complex */
    double *line;    /* a real line and its transform */
    double *sums;    /* [sum][k_z] */
} plane_buffers;

/* The transform of the kernel in a plane, from its quarter. */
static bool transform_kernel(const work *w, size_t k, const plane_buffers *buffer) {
    const size_t *n = w->size, *half = w->half, longest = n[1] > n[2] ? n[1] : n[2];
    double *line = buffer->line, *out = line + longest;
    bool fine = true;
    for (size_t z = 0; z < half[2]; z++) {
        memcpy(line, w->planes[KERNEL] + (k * half[2] + z) * half[1], half[1] * sizeof *line);
        mirror(line, n[1]);
        fine = rad_fft_run_real(&w->even_y, line, out) && fine;
        for (size_t y = 0; y < half[1]; y++) buffer->turned[y * half[2] + z] = out[2 * y];
    }
    for (size_t y = 0; y < half[1]; y++) {
        memcpy(line, buffer->turned + y * half[2], half[2] * sizeof *line);
        mirror(line, n[2]);
        fine = rad_fft_run_real(&w->even_z, line, out) && fine;
        double *row = buffer->kernel + y * n[2];
        for (size_t z = 0; z < half[2]; z++) row[z] = out[2 * z];
        mirror(row, n[2]);
    }
    return fine;
}

/* sum[k] += kernel[k] Re(a[k] conj b[k]) */
RAD_KERNEL_LOOP void add_products_loop(const double *kernel, const double *a, const double *b, size_t count,
                                       double *restrict sum) {
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        sum[k] += kernel[k] * (a[2 * k] * b[2 * k] + a[2 * k + 1] * b[2 * k + 1]);
}
RAD_KERNEL(add_products,
           (const double *kernel, const double *a, const double *b, size_t count, double *restrict sum),
           (kernel, a, b, count, sum))

static bool sum_column(const work *w, size_t y, const plane_buffers *buffer) {
    const size_t *n = w->size, column = 2 * n[2];
    double *c = buffer->columns;
    memset(c, 0, KERNEL * column * sizeof *c);
    for (size_t s = 0; s < KERNEL; s++) {
        const double *from = buffer->signals + 2 * (s * w->extent[2] * n[1] + y);
        for (size_t z = 0; z < w->extent[2]; z++) memcpy(c + s * column + 2 * z, from + 2 * z * n[1], 16);
    }
    const bool fine = rad_fft_run_complex(&w->z, c);
    const double *kernel = buffer->kernel + (y < w->half[1] ? y : n[1] - y) * n[2];
    add_products(kernel, c + MASK * column, c + MASK * column, n[2], buffer->sums);
    add_products(kernel, c + DEVIATION * column, c + DEVIATION * column, n[2], buffer->sums + n[2]);
    add_products(kernel, c + SQUARE * column, c + MASK * column, n[2], buffer->sums + 2 * n[2]);
    return fine;
}

static bool sum_plane(const work *w, size_t k, const plane_buffers *buffer) {
    const size_t *n = w->size, *extent = w->extent;
    bool fine = transform_kernel(w, k, buffer);
    for (size_t s = 0; s < KERNEL; s++) {
        double *plane = buffer->signals + 2 * s * extent[2] * n[1];
        for (size_t z = 0; z < extent[2]; z++) {
            double *row = plane + 2 * z * n[1];
            memcpy(row, w->planes[s] + 2 * (k * extent[2] + z) * extent[1], 2 * extent[1] * sizeof *row);
            memset(row + 2 * extent[1], 0, 2 * (n[1] - extent[1]) * sizeof *row);
        }
        fine = rad_fft_run_complex(&w->y, plane) && fine;
    }
    memset(buffer->sums, 0, 3 * n[2] * sizeof *buffer->sums);
    for (size_t y = 0; y < n[1]; y++) fine = sum_column(w, y, buffer) && fine;
    const double twice = k == 0 || 2 * k == n[0] ? 1 : 2; /* the other half of the spectrum is not stored */
    for (size_t s = 0; s < 3; s++) {
        double sum = 0;
        for (size_t z = 0; z < n[2]; z++) sum += buffer->sums[s * n[2] + z];
        w->sums[k][s] = twice * sum;
    }
    return fine;
}

static rad_status sum_planes(size_t block, void *context, rad_error *error) {
    const work *w = context;
    const size_t *n = w->size, *half = w->half, longest = n[1] > n[2] ? n[1] : n[2];
    const size_t parts[] = {half[1] * n[2],    half[1] * half[2], 2 * KERNEL * w->extent[2] * n[1],
                            2 * KERNEL * n[2], 2 * longest + 2,   3 * n[2]};
    size_t all = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) all += parts[i] + parts[i] % 2;
    double *at = rad_new_raw(all, sizeof *at, error), *buffer = at;
    if (!buffer) return RAD_NO_MEMORY;
    double *place[sizeof parts / sizeof parts[0]];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        place[i] = at;
        at += parts[i] + parts[i] % 2; /* FFTW wants its lines on 16 bytes */
    }
    const plane_buffers rooms = {place[0], place[1], place[2], place[3], place[4], place[5]};
    bool fine = true;
    for (size_t k = block * PLANES; k < half[0] && k < (block + 1) * PLANES && fine; k++)
        fine = sum_plane(w, k, &rooms);
    rad_free(buffer);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status correlate(work *w, int threads, rad_autocorrelation *out, rad_error *error) {
    rad_status status = RAD_OK;
    for (int s = 0; s < SIGNALS && status == RAD_OK; s++) {
        const size_t slices = s == KERNEL ? w->half[2] : w->extent[2];
        status = rad_parallel_try(slices, threads, transform_slice, &(row_job){w, s}, NULL);
    }
    const size_t blocks = (w->half[0] + PLANES - 1) / PLANES;
    if (status == RAD_OK) status = rad_parallel_try(blocks, threads, sum_planes, w, NULL);
    if (status != RAD_OK)
        return rad_fail(error, status, "out of memory: Fourier transforms of %zux%zux%zu", w->size[0],
                        w->size[1], w->size[2]);
    double sum[3] = {0};
    for (size_t k = 0; k < w->half[0]; k++)
        for (int s = 0; s < 3; s++) sum[s] += w->sums[k][s];
    const double all = (double)w->size[0] * (double)w->size[1] * (double)w->size[2];
    const double n = (double)w->roi->intensity_count, square = sum_of_squares(w), weights = sum[0] / all,
                 products = sum[1] / all, differences = 2 * sum[2] / all - 2 * products;
    out->moran_i = rad_defined(n / weights * products / square);
    out->geary_c = rad_defined((n - 1) / (2 * weights) * differences / square);
    return RAD_OK;
}

static rad_status prepare(work *w, rad_error *error) {
    for (int a = 0; a < 3; a++) {
        w->extent[a] = w->roi->inner.end[a] - w->roi->inner.begin[a];
        w->size[a] = rad_fft_good_size(2 * w->extent[a] - 1);
        w->half[a] = w->size[a] / 2 + 1;
    }
    rad_status status = rad_fft_make_real(w->size[0], 1, &w->x, error);
    if (status == RAD_OK) status = rad_fft_make_complex(w->size[1], w->extent[2], &w->y, error);
    if (status == RAD_OK) status = rad_fft_make_complex(w->size[2], KERNEL, &w->z, error);
    if (status == RAD_OK) status = rad_fft_make_real(w->size[1], 1, &w->even_y, error);
    if (status == RAD_OK) status = rad_fft_make_real(w->size[2], 1, &w->even_z, error);
    for (int s = 0; s < SIGNALS && status == RAD_OK; s++) {
        size_t rows = s == KERNEL ? w->half[1] * w->half[2] : 2 * w->extent[1] * w->extent[2];
        w->planes[s] = rad_new_raw(rows, w->half[0] * sizeof *w->planes[s], error);
        if (!w->planes[s]) status = RAD_NO_MEMORY;
    }
    if (status != RAD_OK) return status;
    w->sums = rad_new(w->half[0], sizeof *w->sums, error);
    return w->sums ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_autocorrelation_measure(const rad_roi *roi, int threads, rad_autocorrelation *out,
                                       rad_error *error) {
    work w = {.roi = roi};
    rad_reason reason = !roi->intensity_count       ? RAD_EMPTY_INTENSITY
                        : roi->intensity_count == 1 ? RAD_ONE_VOXEL
                                                    : RAD_DEFINED;
    if (!reason && !measure_spread(&w)) reason = RAD_FLAT;
    out->moran_i = out->geary_c = rad_undefined(reason);
    if (reason) return RAD_OK;
    rad_status status = prepare(&w, error);
    if (status == RAD_OK) status = correlate(&w, threads, out, error);
    rad_fft_lines *lines[] = {&w.x, &w.y, &w.z, &w.even_y, &w.even_z};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) rad_fft_free(lines[i]);
    for (int s = 0; s < SIGNALS; s++) rad_free(w.planes[s]);
    rad_free(w.sums);
    return status;
}
