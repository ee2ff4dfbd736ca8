/* Undecimated separable wavelets: at level j the taps stand 2^(j - 1) voxels apart, the levels before use the
 * low-pass. Daubechies filters and symlets up to order 10 are computed by spectral factorisation, the others
 * are tabulated. */
#include "wavelet.h"
#include "filters.h"
#include "rotate.h"
#include "wavelet_taps.h"

#include "../core/memory.h"

#include <complex.h>
#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER_MAX = 10, COIFLETS = 5, LENGTH_MAX = 6 * COIFLETS };
_Static_assert((int)LENGTH_MAX <= (int)RAD_WAVELET_LENGTH_MAX &&
                   2 * (int)ORDER_MAX <= (int)RAD_WAVELET_LENGTH_MAX,
               "there is room for all taps");

typedef struct own {
    char wavelet[RAD_TEXT_MAX]; /* "haar", "db2", "coif1" */
    char subband[RAD_TEXT_MAX]; /* "LHL" */
} own;
RAD_OWN_OPTIONS

static const rad_key wavelet_key = {"wavelet", RAD_KEY_TEXT,      RAD_OWN(wavelet),   0,    0, NULL,
                                    "db2",     RAD_WAVELET_WORDS, "family and order", "_%s"};
static const rad_key subband_key = {"subband",
                                    RAD_KEY_TEXT,
                                    RAD_OWN(subband),
                                    0,
                                    0,
                                    NULL,
                                    "LLH",
                                    "L or H per axis, such as LLH",
                                    "low- or high-pass along x, y, z",
                                    "_%s"};
static const rad_key *const keys[] = {&rad_dimension_key, &rad_boundary_key,  &wavelet_key,     &subband_key,
                                      &rad_level_key,     &rad_rotations_key, &rad_pooling_key, NULL};

/* Coiflet K, 6 K taps, solves a system of equations: orthonormal to its even shifts, 2 K vanishing moments of
 * the wavelet, 2 K - 1 of the scaling function (I. Daubechies, SIAM J. Math. Anal. 24, 1993). Solutions by
 * Newton's iteration with 50 digits. */
static const double coiflets[COIFLETS][LENGTH_MAX] = {
    {-0.015655728135791993, -0.072732619512526448, 0.38486484686485775, 0.85257202021160042,
     0.33789766245748177, -0.072732619512526448},
    {-0.000720549445520347, -0.0018232088709110321, 0.0056114348193688342, 0.023680171946847769,
     -0.059434418646431087, -0.076488599078280754, 0.41700518442323905, 0.8127236354494135,
     0.38611006682276285, -0.067372554723725594, -0.041464936786871774, 0.01638733646320364},
    {-3.4599773197272774e-5, -7.0983302506379006e-5, 0.00046621695982040287, 0.0011175187708306302,
     -0.002574517688136797, -0.0090079761367306239, 0.015880544863669451, 0.034555027573297733,
     -0.082301927106299818, -0.071799821619154834, 0.42848347637736998, 0.79377722262608717,
     0.4051769024091182, -0.061123390002972541, -0.065771911281469367, 0.023452696142077166,
     0.0077825964256727458, -0.0037935128643808017},
    {-1.7849909144933467e-6, -3.2596479400307507e-6,  3.1229861599195265e-5,  6.2338854312787181e-5,
     -0.0002599743371222568, -0.00058902022463321648, 0.0012665610789256602,  0.0037514346971460863,
     -0.0056582838001308837, -0.015211728187697212,   0.025082253337949607,   0.039334422605589146,
     -0.096220424535952637,  -0.066627472366817157,   0.43438603311435654,    0.78223893442428259,
     0.41530842700068227,    -0.056077319603569256,   -0.081266710249193723,  0.026682304669604833,
     0.016068947131575027,   -0.0073461679362680498,  -0.0016294924252267858, 0.00089231390253700296},
    {-9.6040101127678921e-8,  -1.6237995172048335e-7, 2.0612203985788782e-6,  3.7007277113394795e-6,
     -2.1270221672515614e-5,  -4.1219861924265502e-5, 0.00014035632812373243, 0.00030185794166824475,
     -0.00063755892612588111, -0.0016616273039298788, 0.0024315754425382885,  0.0067615202206204168,
     -0.009159507338676163,   -0.019758391600965465,  0.032674799467057351,   0.041287530472117831,
     -0.10556315130733723,    -0.062037751574981951,  0.43798230665916332,    0.77429362286032745,
     0.42157126673075435,     -0.052046670253554757,  -0.091921588060086083,  0.028169744270532352,
     0.023408322118927783,    -0.010131584846900275,  -0.0041593126275786397, 0.0021782943778456948,
     0.00035857774116175769,  -0.000212081862067494},
};

/* Symlets differ from Daubechies wavelets in the zeros that lie outside of the unit circle: which pairs, the
 * innermost first, by order (I. Daubechies, Ten lectures on wavelets, 1992, table 6.3). */
static const unsigned symlets[ORDER_MAX + 1] = {0, 0, 0, 0, 2, 1, 5, 1, 10, 6, 21};

static int by_size(const void *a, const void *b) {
    const double complex *x = a, *y = b;
    const double sizes[2] = {cabs(*x), cabs(*y)};
    if (sizes[0] != sizes[1]) return sizes[0] < sizes[1] ? -1 : 1;
    return 0;
}

/* Zeros inside the unit circle that have no negative imaginary part, by size: those of the sum over k of
 * C(order - 1 + k, k) y^k, y = (2 - z - 1/z) / 4, from the eigenvalues of its companion matrix. Returns how
 * many, -1 when there is no solution. */
static int find_zeros(int order, double complex *zero) {
    enum { ROOM = 40 * ORDER_MAX };
    const int n = order - 1;
    int count = 0;
    double room[ROOM];
    double c[ORDER_MAX] = {1}, m[ORDER_MAX * ORDER_MAX] = {0}, re[ORDER_MAX], im[ORDER_MAX];
    for (int k = 1; k <= n; k++) c[k] = c[k - 1] * (order - 1 + k) / k;
    for (int k = 0; k < n; k++) m[k * n] = -c[n - 1 - k] / c[n]; /* column by column */
    for (int k = 1; k < n; k++) m[(k - 1) * n + k] = 1;
    if (n && LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', 'N', n, m, n, re, im, NULL, n, NULL, n, room, ROOM))
        return -1;
    for (int k = 0; k < n; k++) {
        const double complex middle = 1 - 2 * (re[k] + I * im[k]);
        double complex z = middle + csqrt(middle * middle - 1);
        if (cabs(z) > 1) z = 1 / z;
        if (im[k] >= 0) zero[count++] = z;
    }
    qsort(zero, (size_t)count, sizeof *zero, by_size);
    return count;
}

/* A polynomial, real and imaginary parts apart: of complex products gcc 12 makes fused ones where the
 * processor has them, whatever -ffp-contract says. */
typedef struct polynomial {
    double re[LENGTH_MAX], im[LENGTH_MAX];
    size_t length;
} polynomial;

/* h = h (x - zero) */
static void multiply(polynomial *h, double complex zero) {
    const double a = creal(zero), b = cimag(zero);
    for (size_t k = h->length++; k > 0; k--) {
        const double x = h->re[k - 1], y = h->im[k - 1];
        h->re[k] -= a * x - b * y;
        h->im[k] -= a * y + b * x;
    }
}

/* Low-pass with `order` zeros at -1, half of the other zeros, and those of the set `outside` turned out. */
static bool factorise(int order, unsigned outside, rad_wavelet *w) {
    double complex zero[ORDER_MAX];
    polynomial h = {.re = {1}, .length = 1};
    const int count = find_zeros(order, zero);
    if (count < 0) return false;
    for (int k = 0; k < order; k++) multiply(&h, -1);
    for (int k = 0; k < count; k++) {
        const double complex z = outside >> k & 1 ? 1 / zero[k] : zero[k];
        multiply(&h, z);
        if (fabs(cimag(z)) > 1e-12) multiply(&h, conj(z));
    }
    double sum = 0;
    for (size_t k = 0; k < h.length; k++) sum += h.re[k];
    for (size_t k = 0; k < h.length; k++) w->low[h.length - 1 - k] = h.re[k] * sqrt(2) / sum;
    w->length = h.length;
    return h.length == 2 * (size_t)order;
}

/* The number behind the prefix, or 0 when there is another word or a number beyond the bounds. */
static int order_of(const char *name, const char *prefix, int least, int most) {
    const size_t length = strlen(prefix);
    char *end = NULL;
    if (strncmp(name, prefix, length) != 0 || !name[length]) return 0;
    const long order = strtol(name + length, &end, 10);
    return !*end && order >= least && order <= most ? (int)order : 0;
}

/* The high-pass whose even shifts are orthogonal to those of the low-pass `dual`. */
static void make_high(const double *dual, rad_wavelet *w) {
    for (size_t k = 0; k < w->length; k++) w->high[k] = (k % 2 ? 1 : -1) * dual[w->length - 1 - k];
}

/* A row with the sides of analysis and synthesis changed, and turned round, where `reverse`. */
static void read_row(const rad_wavelet_row *row, bool reverse, rad_wavelet *w) {
    const size_t n = w->length = row->length;
    double dual[RAD_WAVELET_LENGTH_MAX];
    for (size_t k = 0; k < n; k++) {
        w->low[k] = reverse ? row->dual[n - 1 - k] : row->low[k];
        dual[k] = reverse ? row->low[k] : (row->dual ? row->dual[n - 1 - k] : row->low[k]);
    }
    make_high(dual, w);
}

static bool find_row(const char *name, rad_wavelet *w) {
    static const rad_wavelet_row *const tables[] = {rad_wavelet_daubechies, rad_wavelet_symlets,
                                                    rad_wavelet_coiflets, rad_wavelet_biorthogonal};
    const bool reverse = !strncmp(name, "rbio", 4);
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
        for (const rad_wavelet_row *row = tables[t]; row->name; row++) {
            const bool same = reverse ? !strncmp(row->name, "bior", 4) && !strcmp(row->name + 4, name + 4)
                                      : !strcmp(row->name, name);
            if (!same) continue;
            read_row(row, reverse, w);
            return true;
        }
    return false;
}

rad_status rad_wavelet_make(const char *name, rad_wavelet *w, rad_error *error) {
    const int daubechies = !strcmp(name, "haar") ? 1 : order_of(name, "db", 1, ORDER_MAX),
              symlet = order_of(name, "sym", 2, ORDER_MAX), coiflet = order_of(name, "coif", 1, COIFLETS);
    if (find_row(name, w)) return RAD_OK;
    bool known = coiflet > 0;
    if (coiflet) {
        w->length = 6 * (size_t)coiflet;
        memcpy(w->low, coiflets[coiflet - 1], w->length * sizeof *w->low);
    } else if (daubechies || symlet) {
        known = factorise(daubechies + symlet, symlet ? symlets[symlet] : 0, w);
    }
    if (!known)
        return rad_fail(error, RAD_CONFIG, "wavelet: %.80s is unknown; the wavelets are %s", name,
                        RAD_WAVELET_WORDS);
    make_high(w->low, w);
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

static rad_status make_chains(const rad_filter_options *options, rad_chain chain[3], rad_error *error) {
    const own o = own_of(options);
    rad_wavelet w = {{0}, {0}, 0};
    rad_status status = rad_wavelet_make(o.wavelet, &w, error);
    if (status != RAD_OK) return status;
    if (strlen(o.subband) != (size_t)options->dimension ||
        strspn(o.subband, "LH") != (size_t)options->dimension)
        return rad_fail(error, RAD_CONFIG, "wavelet: subband %s; %d letters L or H are needed, one per axis",
                        o.subband, options->dimension);
    for (int a = 0; a < options->dimension; a++) {
        snprintf(chain[a].name, sizeof chain[a].name, "%.20s %d %c", o.wavelet, options->level, o.subband[a]);
        for (int level = 1; level <= options->level && status == RAD_OK; level++) {
            const bool high = level == options->level && o.subband[a] == 'H';
            status = spread(high ? w.high : w.low, w.length, level, &chain[a].taps[chain[a].count], error);
            chain[a].count += status == RAD_OK;
        }
    }
    return status;
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    rad_chain chain[3] = {{{{0}}, 0, ""}};
    (void)spacing;
    rad_status status = make_chains(options, chain, error);
    if (status == RAD_OK) rad_chain_reach(chain, options, reach);
    rad_chain_free(chain);
    return status;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    rad_chain chain[3] = {{{{0}}, 0, ""}};
    rad_status status = make_chains(options, chain, error);
    if (status == RAD_OK) status = rad_rotate_separable(field, chain, options, threads, out, error);
    rad_chain_free(chain);
    return status;
}

const rad_filter rad_filter_wavelet = {.name = "wavelet",
                                       .code = "",
                                       .help = "undecimated separable wavelet",
                                       .named = "wavelet subband",
                                       .others = "level rotations pooling dimension boundary",
                                       .keys = keys,
                                       .reach = reach,
                                       .run = run};
