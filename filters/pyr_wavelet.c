#include "convolve.h"
#include "pyr_filters.h"
#include "wavelet.h"

#include "../core/memory.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static rad_pyr_filter options_of(const rad_filter_options *options) {
    rad_pyr_filter o;
    memcpy(&o, options->own, sizeof o);
    return o;
}

rad_status rad_pyr_wavelet_check(const char *name, rad_error *error) {
    rad_wavelet w;
    return rad_wavelet_make(name, &w, error);
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    const rad_pyr_filter o = options_of(options);
    rad_wavelet w;
    (void)spacing;
    rad_status status = rad_wavelet_make(o.text, &w, error);
    for (int a = 0; a < 3 && status == RAD_OK; a++)
        if (a != o.axis) reach[a] = (size_t)o.levels * (w.length / 2 + 1);
    return status;
}

/* The field with its first plane once more behind the last one where an axis is odd. */
static rad_status pad(const rad_field *field, size_t size[3], double **data, rad_error *error) {
    const size_t *n = field->size;
    for (int a = 0; a < 3; a++) size[a] = n[a] + n[a] % 2;
    *data = rad_new_raw(size[0] * size[1], size[2] * sizeof **data, error);
    if (!*data) return RAD_NO_MEMORY;
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++) {
            double *row = *data + (z * size[1] + y) * size[0];
            memcpy(row, field->data + (z % n[2] * n[1] + y % n[1]) * n[0], n[0] * sizeof *row);
            if (size[0] > n[0]) row[n[0]] = row[0];
        }
    return RAD_OK;
}

/* One tap of an output: which voxel of the line it reads. */
typedef struct term {
    uint32_t voxel;
    float tap;
} term;

/* Terms of each output of a line in the order in which they are added up: in single precision it decides the
 * last digits. What wraps round the end comes first, from its far end on. */
static rad_status list_terms(const float *taps, size_t length, size_t n, term **terms, rad_error *error) {
    *terms = rad_new_raw(n * length, sizeof **terms, error);
    if (!*terms) return RAD_NO_MEMORY;
    for (size_t o = 0; o < n; o++) {
        term *t = *terms + o * length;
        const size_t last = o + length / 2, beyond = last < n ? 0 : last - n + 1;
        for (size_t j = 0; j < length; j++) {
            const size_t tap = j < beyond && beyond <= length ? beyond - 1 - j : j;
            t[j] = (term){(uint32_t)((last + length * n - tap) % n), taps[tap]};
        }
    }
    return RAD_OK;
}

/* Taps in single precision; PyWavelets keeps those of Coiflets without the root of 2. */
static void narrow(const char *name, const double *taps, size_t length, float *out) {
    const double root = sqrt(2);
    for (size_t j = 0; j < length; j++)
        out[j] = strncmp(name, "coif", 4) != 0 ? (float)taps[j] : (float)(taps[j] / root) * (float)root;
}

/* The same sums, in single precision; `in` and `out` hold floats. */
static rad_status convolve_single(const double *in, const size_t size[3], int axis, const float *taps,
                                  size_t length, double *out, rad_error *error) {
    const size_t n = size[axis];
    size_t inner = 1, outer = 1;
    term *terms;
    for (int a = 0; a < axis; a++) inner *= size[a];
    for (int a = axis + 1; a < 3; a++) outer *= size[a];
    rad_status status = list_terms(taps, length, n, &terms, error);
    float *sum = status == RAD_OK ? rad_new_raw(inner, sizeof *sum, error) : NULL;
    if (!sum) status = RAD_NO_MEMORY;
    for (size_t b = 0; b < outer && status == RAD_OK; b++)
        for (size_t o = 0; o < n; o++) {
            const term *t = terms + o * length;
            double *to = out + (b * n + o) * inner;
            for (size_t i = 0; i < inner; i++) sum[i] = 0;
            for (size_t j = 0; j < length; j++) {
                const double *from = in + (b * n + t[j].voxel) * inner;
                const float tap = t[j].tap;
                for (size_t i = 0; i < inner; i++) sum[i] += tap * (float)from[i];
            }
            for (size_t i = 0; i < inner; i++) to[i] = sum[i];
        }
    rad_free(terms);
    rad_free(sum);
    return status;
}

static rad_status transform(const rad_pyr_filter *o, const size_t size[3], bool single, int threads,
                            double **data, double **other, rad_error *error) {
    rad_wavelet w;
    rad_taps low = {0}, high = {0};
    rad_status status = rad_wavelet_make(o->text, &w, error);
    if (status == RAD_OK) status = rad_taps_make(w.low, w.length, &low, error);
    if (status == RAD_OK) status = rad_taps_make(w.high, w.length, &high, error);
    for (int level = 1; level <= o->levels && status == RAD_OK; level++)
        for (int a = 0; a < 3 && status == RAD_OK; a++) {
            const bool is_high = level == o->levels && o->high >> a & 1;
            if (a == o->axis) continue;
            float narrowed[RAD_WAVELET_LENGTH_MAX];
            narrow(o->text, is_high ? w.high : w.low, w.length, narrowed);
            if (single)
                status = convolve_single(*data, size, a, narrowed, w.length, *other, error);
            else
                rad_convolve(*data, size, (rad_sweep){is_high ? &high : &low, a, false, RAD_PERIODIC},
                             threads, NULL, *other);
            double *swap = *data;
            *data = *other;
            *other = swap;
        }
    rad_taps_free(&low);
    rad_taps_free(&high);
    return status;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    const rad_pyr_filter o = options_of(options);
    const size_t *n = field->size;
    size_t size[3];
    double *data = NULL, *other = NULL;
    rad_status status = pad(field, size, &data, error);
    if (status == RAD_OK) other = rad_new_raw(size[0] * size[1], size[2] * sizeof *other, error);
    status = other ? transform(&o, size, field->single, threads, &data, &other, error) : RAD_NO_MEMORY;
    for (size_t z = 0; z < n[2] && status == RAD_OK; z++)
        for (size_t y = 0; y < n[1]; y++)
            memcpy(out + (z * n[1] + y) * n[0], data + (z * size[1] + y) * size[0], n[0] * sizeof *out);
    rad_free(data);
    rad_free(other);
    return status;
}

const rad_filter rad_filter_pyr_wavelet = {.name = "wavelet",
                                           .code = "",
                                           .help = "undecimated wavelet",
                                           .named = "",
                                           .others = "",
                                           .reach = reach,
                                           .run = run,
                                           .gives = RAD_GIVES_ALIKE};
