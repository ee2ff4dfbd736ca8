#include "autocorrelation.h"

#include "../core/fft_four.h"
#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <math.h>
#include <string.h>

/* With m the mask, u = m (x - mean), q = u^2 and w(d) = 1 / |d|, on a box of twice the size so that nothing
 * wraps around, sums over pairs become sums over frequencies:
 *   sum w m m = W,  sum w u u = P,  sum w (x_i - x_j)^2 = 2 sum w q m - 2 P.
 * Nothing is transformed back. Rows are transformed along x, two as one complex line, four such lines from
 * four slices side by side, and laid out plane by plane of equal k_x; a plane is transformed along y and z in
 * cache and summed at once. The half of each line that is zero costs nothing. The kernel is even along each
 * axis: an eighth of it is kept, its transform is real, and two lines of it are one complex line. */
enum { MASK, DEVIATION, SQUARE, SIGNALS };
enum { LANES = RAD_FFT_LANES, PLANES = 8 }; /* planes of one task */
enum { SUMS = 3 };                          /* W, P and sum w q m */

typedef struct work {
    const rad_roi *roi;
    size_t extent[3]; /* of the inner box */
    size_t size[3];   /* of the transform */
    size_t half[3];   /* size / 2 + 1 */
    size_t layers;    /* of LANES slices, of signals */
    size_t pairs;     /* of layers, of the kernel */
    rad_fft_four fft[3];
    double *planes[SIGNALS]; /* [k_x][layer][real, imaginary][y < size / 2][slice], doubled */
    double *kernel;          /* [k_x][pair][layer][y < half][slice] */
    double mean, scale;      /* u = (x - mean) / scale */
    double (*sums)[SUMS];    /* of each plane */
} work;

/* Room for several arrays of doubles on cache lines, in one block. */
enum { LINE = 8, ROOMS_MAX = 8 };
static double *divide_block(const size_t *lengths, size_t count, double *rooms[ROOMS_MAX], rad_error *error) {
    size_t all = LINE;
    for (size_t i = 0; i < count; i++) all += (lengths[i] + LINE - 1) / LINE * LINE;
    double *block = rad_new(all, sizeof *block, error);
    if (!block) return NULL;
    double *at = block + (LINE - (size_t)block / sizeof *block % LINE) % LINE;
    for (size_t i = 0; i < count; i++) {
        rooms[i] = at;
        at += (lengths[i] + LINE - 1) / LINE * LINE;
    }
    return block;
}

static size_t extent_of(const rad_roi *roi, int axis) {
    return roi->inner.end[axis] - roi->inner.begin[axis];
}

/* Mean, and the largest deviation from it, which scales u so that its squares neither overflow nor vanish. */
static bool measure_spread(work *w) {
    const rad_roi *roi = w->roi;
    double low, high, sum = 0;
    rad_roi_extremes(roi, &low, &high);
    w->scale = high / 2 - low / 2;
    if (!(w->scale > 0)) return false;
    const double middle = low / 2 + high / 2;
    for (size_t z = 0; z < extent_of(roi, 2); z++)
        for (size_t y = 0; y < extent_of(roi, 1); y++) {
            const size_t from = rad_roi_row(roi, y, z);
            for (size_t i = from; i < from + extent_of(roi, 0); i++)
                if (roi->intensity_mask[i]) sum += (roi->intensity[i] - middle) / w->scale;
        }
    w->mean = middle + w->scale * (sum / (double)roi->intensity_count);
    return true;
}

static double sum_of_squares(const work *w) {
    const rad_roi *roi = w->roi;
    double sum = 0;
    for (size_t z = 0; z < w->extent[2]; z++)
        for (size_t y = 0; y < w->extent[1]; y++) {
            const size_t from = rad_roi_row(roi, y, z);
            for (size_t i = from; i < from + w->extent[0]; i++) {
                const double u = roi->intensity_mask[i] ? (roi->intensity[i] - w->mean) / w->scale : 0;
                sum += u * u;
            }
        }
    return sum;
}

/* One row of a signal as a line of four; false where it is empty, and nothing is written. */
static bool fill_lane(const work *w, int signal, size_t y, size_t z, double *lane) {
    const rad_roi *roi = w->roi;
    const size_t n = w->extent[0],
                 from = ((z + roi->inner.begin[2]) * roi->size[1] + y + roi->inner.begin[1]) * roi->size[0] +
                        roi->inner.begin[0];
    const uint8_t *in = roi->intensity_mask + from;
    const double *intensity = roi->intensity + from, mean = w->mean, factor = 1 / w->scale;
    if (y >= w->extent[1] || z >= w->extent[2] || !memchr(in, 1, n)) return false;
    for (size_t x = 0; x < n && signal == MASK; x++) lane[x * LANES] = (double)in[x];
    for (size_t x = 0; x < n && signal != MASK; x++) {
        const double u = in[x] ? (intensity[x] - mean) * factor : 0;
        lane[x * LANES] = signal == DEVIATION ? u : u * u;
    }
    return true;
}

/* Rows y and y + 1 of the slices of a layer; what was there is overwritten. False where all are empty. */
static bool fill_pair(const work *w, int signal, size_t y, size_t layer, double *line) {
    const size_t n = w->extent[0], plane = w->size[0] / 2 * LANES;
    bool any = false;
    for (size_t part = 0; part < 2; part++)
        for (size_t l = 0; l < LANES; l++) {
            double *lane = line + part * plane + l;
            if (fill_lane(w, signal, y + part, layer * LANES + l, lane))
                any = true;
            else
                for (size_t x = 0; x < n; x++) lane[x * LANES] = 0;
        }
    return any;
}

/* Two rows a and b were transformed as a + i b: their spectra, doubled, into two rows of a plane. */
typedef struct split {
    size_t n, half, plane; /* of the transform; from its real to its imaginary parts */
    size_t stride, rows;   /* of what it goes to: from plane to plane, from real to imaginary parts */
} split;

RAD_KERNEL_LOOP void split_pair_loop(const double *c, const split *s, double *restrict to) {
    for (size_t k = 0; k < s->half; k++, to += s->stride) {
        const double *a = c + k * LANES, *b = c + (k ? s->n - k : 0) * LANES;
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            to[l] = a[l] + b[l];
            to[LANES + l] = a[s->plane + l] + b[s->plane + l];
            to[s->rows + l] = a[s->plane + l] - b[s->plane + l];
            to[s->rows + LANES + l] = b[l] - a[l];
        }
    }
}
RAD_KERNEL(split_pair, (const double *c, const split *s, double *restrict to), (c, s, to))

typedef struct row_job {
    const work *w;
    int signal;
} row_job;

static rad_status transform_layer(size_t layer, void *context, rad_error *error) {
    const row_job *job = context;
    const work *w = job->w;
    const size_t n = w->size[0], rows = w->size[1] / 2, room = 2 * n * LANES;
    const split s = {n, w->half[0], n * LANES, w->layers * 2 * rows * LANES, rows * LANES};
    double *rooms[ROOMS_MAX], *block = divide_block((size_t[]){n * LANES, room, room}, 3, rooms, error);
    if (!block) return RAD_NO_MEMORY;
    for (size_t y = 0; y < rows; y += 2) {
        if (fill_pair(w, job->signal, y, layer, rooms[0]))
            rad_fft_four_run(&w->fft[0], rooms[0], n / 2 * LANES, true, rooms + 1);
        else
            memset(rooms[1], 0, room * sizeof(double));
        split_pair(rooms[1], &s, w->planes[job->signal] + (layer * 2 * rows + y) * LANES);
    }
    rad_free(block);
    return RAD_OK;
}

/* The second half of lines that are even around 0. */
static void mirror(double *line, size_t size) {
    for (size_t i = 1; 2 * i < size; i++)
        memcpy(line + (size - i) * LANES, line + i * LANES, LANES * sizeof *line);
}

/* out[x] = 1 / sqrt((x step)^2 + rest) */
RAD_KERNEL_LOOP void weigh_rows_loop(double step, const double *rest, size_t count, double *restrict out) {
    for (size_t x = 0; x < count; x++) {
        const double d = (double)(int)x * step;
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) out[x * LANES + l] = 1 / sqrt(d * d + rest[l]);
    }
}
RAD_KERNEL(weigh_rows, (double step, const double *rest, size_t count, double *restrict out),
           (step, rest, count, out))

static void fill_kernel_rows(const work *w, size_t y, size_t layer, double *line) {
    const double *spacing = w->roi->grid.spacing, dy = (double)y * spacing[1];
    double rest[LANES];
    for (size_t l = 0; l < LANES; l++) {
        const double dz = (double)(layer * LANES + l) * spacing[2];
        rest[l] = dy * dy + dz * dz;
    }
    weigh_rows(spacing[0], rest, w->half[0], line);
    if (y == 0 && layer == 0) line[0] = 0; /* no voxel pairs with itself */
    mirror(line, w->size[0]);
}

static rad_status transform_kernel_rows(size_t pair, void *context, rad_error *error) {
    const work *w = context;
    const size_t n = w->size[0], room = 2 * n * LANES, rows = w->half[1] * LANES;
    double *rooms[ROOMS_MAX], *block = divide_block((size_t[]){room, room, room}, 3, rooms, error);
    if (!block) return RAD_NO_MEMORY;
    for (size_t y = 0; y < w->half[1]; y++) {
        for (size_t part = 0; part < 2; part++)
            fill_kernel_rows(w, y, 2 * pair + part, rooms[0] + part * n * LANES);
        const double *out = rooms[1];
        rad_fft_four_run(&w->fft[0], rooms[0], n * LANES, false, rooms + 1);
        for (size_t k = 0; k < w->half[0]; k++)
            for (size_t part = 0; part < 2; part++)
                memcpy(w->kernel + (2 * (k * w->pairs + pair) + part) * rows + y * LANES,
                       out + (part * n + k) * LANES, LANES * sizeof *out);
    }
    rad_free(block);
    return RAD_OK;
}

/* Buffers of a task. */
typedef struct plane_buffers {
    double *turned;             /* [z][k_y] of the kernel */
    double *weights;            /* [k_z < half][k_y] of the kernel, in space of frequencies */
    double *columns;            /* [signal][four k_y][real, imaginary][z < size / 2][k_y] */
    double *input;              /* of a transform of the kernel */
    double *result[SIGNALS][2]; /* of transforms; the second buffer is one */
} plane_buffers;

static size_t columns_length(const work *w) {
    return w->size[1] * w->size[2];
}

/* The kernel's k_y in whole pairs of lines. */
static size_t kernel_width(const work *w) {
    return (w->half[1] + 2 * LANES - 1) / (2 * LANES) * 2 * LANES;
}

static void turn_kernel(const work *w, size_t k, const plane_buffers *b) {
    const size_t n = w->size[1], half = w->half[1], width = kernel_width(w);
    for (size_t pair = 0; pair < w->pairs; pair++) {
        const double *from = w->kernel + 2 * (k * w->pairs + pair) * half * LANES;
        for (size_t part = 0; part < 2; part++) {
            double *line = b->input + part * n * LANES;
            memcpy(line, from + part * half * LANES, half * LANES * sizeof *line);
            mirror(line, n);
        }
        const double *out = b->result[0][0];
        rad_fft_four_run(&w->fft[1], b->input, n * LANES, false, b->result[0]);
        for (size_t part = 0; part < 2; part++)
            for (size_t y = 0; y < half; y++)
                for (size_t l = 0; l < LANES; l++)
                    b->turned[((2 * pair + part) * LANES + l) * width + y] = out[(part * n + y) * LANES + l];
    }
}

/* The transform of the kernel in a plane, from its quarter. */
static void transform_kernel(const work *w, size_t k, const plane_buffers *b) {
    const size_t n = w->size[2], half = w->half[2], rows = w->size[1], width = kernel_width(w);
    turn_kernel(w, k, b);
    for (size_t y = 0; y < w->half[1]; y += 2 * LANES) {
        for (size_t part = 0; part < 2; part++) {
            double *line = b->input + part * n * LANES;
            for (size_t z = 0; z < half; z++)
                memcpy(line + z * LANES, b->turned + z * width + y + part * LANES, LANES * sizeof *line);
            mirror(line, n);
        }
        const double *out = b->result[0][0];
        rad_fft_four_run(&w->fft[2], b->input, n * LANES, false, b->result[0]);
        for (size_t l = 0; l < 2 * LANES && y + l < w->half[1]; l++)
            for (size_t z = 0; z < half; z++) {
                const double weight = out[(l / LANES * n + z) * LANES + l % LANES];
                b->weights[z * rows + y + l] = weight;
                if (y + l > 0) b->weights[z * rows + rows - y - l] = weight;
            }
    }
}

/* Rows along y of four slices, transformed, become columns along z of four k_y, `stride` doubles apart; of
 * these slices so many take part. */
RAD_KERNEL_LOOP void turn_layer_loop(const double *rows, size_t count, size_t stride, size_t slices,
                                     double *restrict columns) {
    for (size_t y = 0; y < count; y += LANES, rows += LANES * LANES, columns += stride) {
        double block[LANES][LANES];
        for (size_t i = 0; i < LANES; i++)
            for (size_t l = 0; l < LANES; l++) block[l][i] = rows[i * LANES + l];
        for (size_t l = 0; l < (slices == LANES ? LANES : slices); l++)
            for (size_t i = 0; i < LANES; i++) columns[l * LANES + i] = block[l][i];
    }
}
RAD_KERNEL(turn_layer,
           (const double *rows, size_t count, size_t stride, size_t slices, double *restrict columns),
           (rows, count, stride, slices, columns))

static void transform_rows(const work *w, size_t k, const plane_buffers *b) {
    const size_t n = w->size[1], rows = n / 2 * LANES, slices = w->size[2] / 2;
    for (size_t s = 0; s < SIGNALS; s++)
        for (size_t layer = 0; layer < w->layers; layer++) {
            const double *from = w->planes[s] + (k * w->layers + layer) * 2 * rows;
            const size_t z = layer * LANES, here = slices - z < LANES ? slices - z : LANES;
            rad_fft_four_run(&w->fft[1], from, rows, true, b->result[0]);
            for (size_t part = 0; part < 2; part++) /* real, imaginary */
                turn_layer(b->result[0][0] + part * n * LANES, n, 2 * slices * LANES, here,
                           b->columns + s * columns_length(w) + (part * slices + z) * LANES);
        }
}

/* What is summed over a column: transforms of the signals, and the weights. */
typedef struct column {
    const double *signal[SIGNALS], *weights;
    size_t n, plane, stride; /* from real to imaginary parts; from k_z to k_z of the weights */
} column;

/* sum[.][l] = sum over k_z of weights Re(a conj b) */
RAD_KERNEL_LOOP void add_products_loop(const column *p, double (*restrict sum)[LANES]) {
    const double *m = p->signal[MASK], *u = p->signal[DEVIATION], *q = p->signal[SQUARE];
    const size_t i = p->plane;
    double weights[LANES] = {0}, same[LANES] = {0}, mixed[LANES] = {0};
    for (size_t z = 0; z < p->n; z++, m += LANES, u += LANES, q += LANES) {
        const double *kernel = p->weights + (2 * z < p->n ? z : p->n - z) * p->stride;
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            weights[l] += kernel[l] * (m[l] * m[l] + m[i + l] * m[i + l]);
            same[l] += kernel[l] * (u[l] * u[l] + u[i + l] * u[i + l]);
            mixed[l] += kernel[l] * (q[l] * m[l] + q[i + l] * m[i + l]);
        }
    }
    for (size_t l = 0; l < LANES; l++) {
        sum[0][l] += weights[l];
        sum[1][l] += same[l];
        sum[2][l] += mixed[l];
    }
}
RAD_KERNEL(add_products, (const column *p, double (*restrict sum)[LANES]), (p, sum))

static void sum_plane(const work *w, size_t k, const plane_buffers *b) {
    const size_t n = w->size[2], rows = w->size[1];
    double sums[SUMS][LANES] = {{0}};
    transform_kernel(w, k, b);
    transform_rows(w, k, b);
    for (size_t y = 0; y < rows; y += LANES) {
        column p = {.weights = b->weights + y, .n = n, .plane = n * LANES, .stride = rows};
        for (size_t s = 0; s < SIGNALS; s++) {
            rad_fft_four_run(&w->fft[2], b->columns + s * columns_length(w) + y * n, n / 2 * LANES, true,
                             b->result[s]);
            p.signal[s] = b->result[s][0];
        }
        add_products(&p, sums);
    }
    const double twice = k == 0 || 2 * k == w->size[0] ? 1 : 2; /* the other half is not stored */
    for (size_t s = 0; s < SUMS; s++) {
        double sum = 0;
        for (size_t l = 0; l < LANES; l++) sum += sums[s][l];
        w->sums[k][s] = twice * sum;
    }
}

static rad_status sum_planes(size_t block, void *context, rad_error *error) {
    const work *w = context;
    const size_t longest = w->size[1] > w->size[2] ? w->size[1] : w->size[2], room = 2 * longest * LANES;
    const size_t lengths[] = {w->pairs * 2 * LANES * kernel_width(w),
                              w->half[2] * w->size[1],
                              SIGNALS * columns_length(w),
                              room,
                              room,
                              room,
                              room,
                              room};
    enum { ROOMS = sizeof lengths / sizeof lengths[0] };
    double *rooms[ROOMS_MAX], *buffer = divide_block(lengths, ROOMS, rooms, error);
    if (!buffer) return RAD_NO_MEMORY;
    plane_buffers b = {rooms[0], rooms[1], rooms[2], rooms[3], {{0}}};
    for (size_t s = 0; s < SIGNALS; s++) {
        b.result[s][0] = rooms[4 + s];
        b.result[s][1] = rooms[4 + SIGNALS];
    }
    for (size_t k = block * PLANES; k < w->half[0] && k < (block + 1) * PLANES; k++) sum_plane(w, k, &b);
    rad_free(buffer);
    return RAD_OK;
}

static rad_status correlate(work *w, int threads, rad_autocorrelation *out, rad_error *error) {
    rad_status status = rad_parallel_try(w->pairs, threads, transform_kernel_rows, w, NULL);
    for (int s = 0; s < SIGNALS && status == RAD_OK; s++)
        status = rad_parallel_try(w->layers, threads, transform_layer, &(row_job){w, s}, NULL);
    const size_t blocks = (w->half[0] + PLANES - 1) / PLANES;
    if (status == RAD_OK) status = rad_parallel_try(blocks, threads, sum_planes, w, NULL);
    if (status != RAD_OK)
        return rad_fail(error, status, "out of memory: Fourier transforms of %zux%zux%zu", w->size[0],
                        w->size[1], w->size[2]);
    double sum[SUMS] = {0};
    for (size_t k = 0; k < w->half[0]; k++)
        for (int s = 0; s < SUMS; s++) sum[s] += w->sums[k][s];
    /* 4: both factors of a product were doubled */
    const double all = 4 * (double)w->size[0] * (double)w->size[1] * (double)w->size[2];
    const double n = (double)w->roi->intensity_count, square = sum_of_squares(w), weights = sum[0] / all,
                 products = sum[1] / all, differences = 2 * sum[2] / all - 2 * products;
    out->moran_i = rad_defined(n / weights * products / square);
    out->geary_c = rad_defined((n - 1) / (2 * weights) * differences / square);
    return RAD_OK;
}

static rad_status prepare(work *w, rad_error *error) {
    rad_status status = RAD_OK;
    for (int a = 0; a < 3; a++) {
        w->extent[a] = w->roi->inner.end[a] - w->roi->inner.begin[a];
        w->size[a] = rad_fft_four_size(2 * w->extent[a] - 1);
        w->half[a] = w->size[a] / 2 + 1;
        if (status == RAD_OK) status = rad_fft_four_make(w->size[a], &w->fft[a], error);
    }
    w->layers = (w->extent[2] + LANES - 1) / LANES;
    w->pairs = (w->half[2] + 2 * LANES - 1) / (2 * LANES);
    const size_t rows = w->half[0] * w->layers * 2 * (w->size[1] / 2);
    for (int s = 0; s < SIGNALS && status == RAD_OK; s++) {
        w->planes[s] = rad_new_raw(rows, LANES * sizeof *w->planes[s], error);
        if (!w->planes[s]) status = RAD_NO_MEMORY;
    }
    if (status != RAD_OK) return status;
    w->kernel = rad_new_raw(w->half[0] * w->pairs * 2 * w->half[1], LANES * sizeof *w->kernel, error);
    w->sums = rad_new(w->half[0], sizeof *w->sums, error);
    return w->kernel && w->sums ? RAD_OK : RAD_NO_MEMORY;
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
    for (int a = 0; a < 3; a++) rad_fft_four_free(&w.fft[a]);
    for (int s = 0; s < SIGNALS; s++) rad_free(w.planes[s]);
    rad_free(w.kernel);
    rad_free(w.sums);
    return status;
}
