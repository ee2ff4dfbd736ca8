/* Undecimated separable wavelets: at level j the taps stand 2^(j - 1) voxels apart, the levels before use the
 * low-pass. Haar and Daubechies filters are computed (spectral factorisation of minimal phase), Coiflet 1 has
 * a closed form. */
#include "filters.h"
#include "rotate.h"

#include "../core/memory.h"

#include <complex.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER_MAX = 10, LENGTH_MAX = 2 * ORDER_MAX };

typedef struct wavelet {
    double low[LENGTH_MAX], high[LENGTH_MAX];
    size_t length;
} wavelet;

/* Roots of sum over k of C(order - 1 + k, k) y^k, as eigenvalues of its companion matrix. */
static bool find_roots(int order, double complex *root) {
    const int n = order - 1;
    double c[ORDER_MAX] = {1}, m[ORDER_MAX * ORDER_MAX] = {0}, re[ORDER_MAX], im[ORDER_MAX];
    for (int k = 1; k <= n; k++) c[k] = c[k - 1] * (order - 1 + k) / k;
    for (int k = 0; k < n; k++) m[k] = -c[n - 1 - k] / c[n];
    for (int k = 1; k < n; k++) m[k * n + k - 1] = 1;
    if (n && LAPACKE_dgeev(LAPACK_ROW_MAJOR, 'N', 'N', n, m, n, re, im, NULL, n, NULL, n)) return false;
    for (int k = 0; k < n; k++) root[k] = re[k] + I * im[k];
    return true;
}

/* Low-pass of Daubechies of that order: (1 + x)^order times the factors whose zeros lie inside the unit
 * circle. */
static bool daubechies(int order, wavelet *w) {
    double complex root[ORDER_MAX], h[LENGTH_MAX] = {1};
    size_t length = 1;
    if (!find_roots(order, root)) return false;
    for (int f = 0; f < 2 * order - 1; f++) {
        double complex zero = -1;
        if (f >= order) {
            const double complex middle = 1 - 2 * root[f - order];
            zero = middle + csqrt(middle * middle - 1);
            if (cabs(zero) > 1) zero = 1 / zero;
        }
        for (size_t k = length++; k > 0; k--) h[k] = (k < length - 1 ? h[k] : 0) - zero * h[k - 1];
    }
    double sum = 0;
    for (size_t k = 0; k < length; k++) sum += creal(h[k]);
    for (size_t k = 0; k < length; k++) w->low[length - 1 - k] = creal(h[k]) * sqrt(2) / sum;
    w->length = length;
    return true;
}

static void coiflet_1(wavelet *w) {
    const double s = sqrt(7), by = 16 * sqrt(2);
    const double tap[6] = {s - 3, 1 - s, 14 - 2 * s, 14 + 2 * s, 5 + s, 1 - s};
    for (int k = 0; k < 6; k++) w->low[k] = tap[k] / by;
    w->length = 6;
}

static rad_status make_wavelet(const char *name, wavelet *w, rad_error *error) {
    char *end = NULL;
    bool known = true;
    if (!strcmp(name, "haar"))
        known = daubechies(1, w);
    else if (!strcmp(name, "coif1"))
        coiflet_1(w);
    else {
        const long order = !strncmp(name, "db", 2) ? strtol(name + 2, &end, 10) : 0;
        known = order >= 1 && order <= ORDER_MAX && !*end && daubechies((int)order, w);
    }
    if (!known)
        return rad_fail(error, RAD_CONFIG, "wavelet: %s is unknown; there are haar, db1 to db%d, coif1", name,
                        ORDER_MAX);
    for (size_t k = 0; k < w->length; k++) w->high[k] = (k % 2 ? 1 : -1) * w->low[w->length - 1 - k];
    return RAD_OK;
}

/* Taps with 2^(level - 1) - 1 zeros behind each. */
static rad_status spread(const double *tap, size_t length, int level, rad_taps *taps, rad_error *error) {
    const size_t step = (size_t)1 << (level - 1);
    double *wide = rad_new(length * step, sizeof *wide, error);
    if (!wide) return RAD_NO_MEMORY;
    for (size_t i = 0; i < length; i++) wide[i * step] = tap[i];
    rad_status status = rad_taps_make(wide, length * step, taps, error);
    rad_free(wide);
    return status;
}

rad_status rad_filter_wavelet(const rad_field *field, const rad_filter_options *options, int threads,
                              double *out, rad_error *error) {
    wavelet w = {{0}, {0}, 0};
    rad_chain chain[3] = {{{{0}}, 0}};
    rad_status status = make_wavelet(options->wavelet, &w, error);
    if (status != RAD_OK) return status;
    if (strlen(options->subband) != (size_t)options->dimension ||
        strspn(options->subband, "LH") != (size_t)options->dimension)
        return rad_fail(error, RAD_CONFIG, "wavelet: subband %s; %d letters L or H are needed, one per axis",
                        options->subband, options->dimension);
    for (int a = 0; a < options->dimension; a++)
        for (int level = 1; level <= options->level && status == RAD_OK; level++) {
            const bool high = level == options->level && options->subband[a] == 'H';
            status = spread(high ? w.high : w.low, w.length, level, &chain[a].taps[chain[a].count], error);
            chain[a].count += status == RAD_OK;
        }
    if (status == RAD_OK) status = rad_rotate_separable(field, chain, options, threads, out, error);
    for (int a = 0; a < 3; a++)
        for (size_t k = 0; k < chain[a].count; k++) rad_taps_free(&chain[a].taps[k]);
    return status;
}
