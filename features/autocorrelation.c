#include "autocorrelation.h"

#include "../core/fft.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct work {
    const rad_roi *roi;
    size_t extent[3]; /* of the inner box */
    rad_fft fft;
    double *kernel, *mask, *values; /* transforms */
    double mean, scale;             /* u = (x - mean) / scale */
    double square;                  /* sum of u^2 */
    double *partial;                /* one per plane */
    int threads;
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

static void fill_kernel(size_t z, void *context) {
    const work *w = context;
    const size_t *n = w->fft.size;
    const double *spacing = w->roi->grid.spacing;
    const double dz = (double)(z <= n[2] / 2 ? z : n[2] - z) * spacing[2];
    for (size_t y = 0; y < n[1]; y++) {
        const double dy = (double)(y <= n[1] / 2 ? y : n[1] - y) * spacing[1];
        double *row = w->kernel + (z * n[1] + y) * 2 * w->fft.pitch;
        for (size_t x = 0; x < n[0]; x++) {
            const double dx = (double)(x <= n[0] / 2 ? x : n[0] - x) * spacing[0];
            row[x] = 1 / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    if (z == 0) w->kernel[0] = 0; /* no voxel pairs with itself */
}

/* power 0: the mask; 1: u; 2: u^2, all 0 outside the mask. */
static void fill_values(const work *w, int power, double *data) {
    const rad_roi *roi = w->roi;
    memset(data, 0, rad_fft_doubles(&w->fft) * sizeof *data);
    for (size_t z = 0; z < w->extent[2]; z++)
        for (size_t y = 0; y < w->extent[1]; y++) {
            const size_t from =
                ((z + roi->inner.begin[2]) * roi->size[1] + y + roi->inner.begin[1]) * roi->size[0] +
                roi->inner.begin[0];
            double *row = data + (z * w->fft.size[1] + y) * 2 * w->fft.pitch;
            for (size_t x = 0; x < w->extent[0]; x++) {
                if (!roi->intensity_mask[from + x]) continue;
                const double u = (roi->intensity[from + x] - w->mean) / w->scale;
                row[x] = power == 0 ? 1 : power == 1 ? u : u * u;
            }
        }
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

typedef struct product {
    const work *w;
    const double *a, *b;
} product;

/* sum of K Re(a conj b) over one plane; the half of the spectrum that is not stored counts too. */
static void multiply_plane(size_t z, void *context) {
    const product *p = context;
    const size_t pitch = p->w->fft.pitch, nx = p->w->fft.size[0], ny = p->w->fft.size[1];
    double sum = 0;
    for (size_t y = 0; y < ny; y++) {
        const size_t row = (z * ny + y) * 2 * pitch;
        double twice = 0;
        for (size_t k = 0; k < 2 * pitch; k += 2)
            twice += p->w->kernel[row + k] *
                     (p->a[row + k] * p->b[row + k] + p->a[row + k + 1] * p->b[row + k + 1]);
        const size_t last = row + 2 * (pitch - 1);
        double once = p->w->kernel[row] * (p->a[row] * p->b[row] + p->a[row + 1] * p->b[row + 1]);
        if (nx % 2 == 0 && nx > 1)
            once += p->w->kernel[last] * (p->a[last] * p->b[last] + p->a[last + 1] * p->b[last + 1]);
        sum += 2 * twice - once;
    }
    p->w->partial[z] = sum;
}

static double pair_sum(const work *w, const double *a, const double *b) {
    product p = {w, a, b};
    const size_t *n = w->fft.size;
    rad_parallel_for(n[2], w->threads, multiply_plane, &p);
    double sum = 0;
    for (size_t z = 0; z < n[2]; z++) sum += w->partial[z];
    return sum / ((double)n[0] * (double)n[1] * (double)n[2]);
}

static void correlate(work *w, rad_autocorrelation *out) {
    const double n = (double)w->roi->intensity_count;
    rad_parallel_for(w->fft.size[2], w->threads, fill_kernel, w);
    rad_fft_forward(&w->fft, w->kernel, w->fft.size, w->threads);
    fill_values(w, 0, w->mask);
    rad_fft_forward(&w->fft, w->mask, w->extent, w->threads);
    const double weights = pair_sum(w, w->mask, w->mask);
    fill_values(w, 1, w->values);
    rad_fft_forward(&w->fft, w->values, w->extent, w->threads);
    const double products = pair_sum(w, w->values, w->values);
    fill_values(w, 2, w->values);
    rad_fft_forward(&w->fft, w->values, w->extent, w->threads);
    const double differences = 2 * pair_sum(w, w->values, w->mask) - 2 * products;
    out->moran_i = rad_defined(n / weights * products / w->square);
    out->geary_c = rad_defined((n - 1) / (2 * weights) * differences / w->square);
}

rad_status rad_autocorrelation_measure(const rad_roi *roi, int threads, rad_autocorrelation *out,
                                       rad_error *error) {
    work w = {.roi = roi, .threads = threads};
    rad_reason reason = !roi->intensity_count       ? RAD_EMPTY_INTENSITY
                        : roi->intensity_count == 1 ? RAD_ONE_VOXEL
                                                    : RAD_DEFINED;
    if (!reason && !measure_spread(&w)) reason = RAD_FLAT;
    out->moran_i = out->geary_c = rad_undefined(reason);
    if (reason) return RAD_OK;
    w.square = sum_of_squares(&w);
    size_t size[3];
    for (int a = 0; a < 3; a++) {
        w.extent[a] = roi->inner.end[a] - roi->inner.begin[a];
        size[a] = rad_fft_good_size(2 * w.extent[a] - 1);
    }
    rad_status status = rad_fft_make(size, &w.fft, error);
    if (status != RAD_OK) return status;
    const size_t doubles = rad_fft_doubles(&w.fft);
    w.kernel = rad_new_raw(doubles, sizeof *w.kernel, error);
    w.mask = rad_new_raw(doubles, sizeof *w.mask, error);
    w.values = rad_new_raw(doubles, sizeof *w.values, error);
    w.partial = rad_new(size[2], sizeof *w.partial, error);
    if (w.kernel && w.mask && w.values && w.partial)
        correlate(&w, out);
    else
        status = RAD_NO_MEMORY;
    rad_free(w.kernel);
    rad_free(w.mask);
    rad_free(w.values);
    rad_free(w.partial);
    rad_fft_free(&w.fft);
    return status;
}
