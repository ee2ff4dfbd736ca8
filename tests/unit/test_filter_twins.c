/* Filters against naive twins: the whole kernel as a box of complex numbers, summed voxel by voxel. */
#include "filtering.h"

#include "../../core/memory.h"
#include "../../filters/convolve.h"
#include "../../filters/spectrum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 31, HALF = SIDE / 2 };
typedef struct kernel {
    double re[SIDE][SIDE][SIDE], im[SIDE][SIDE][SIDE]; /* offsets -HALF..HALF of z, y, x */
} kernel;

/* The voxel that stands for an index, step by step; -1 for a zero. */
static ptrdiff_t walk(ptrdiff_t p, size_t n, rad_boundary boundary) {
    const ptrdiff_t last = (ptrdiff_t)n - 1;
    while (p < 0 || p > last) {
        if (boundary == RAD_ZERO) return -1;
        if (boundary == RAD_CLAMP) p = p < 0 ? 0 : last;
        if (boundary == RAD_PERIODIC) p += p < 0 ? last + 1 : -last - 1;
        if (boundary == RAD_MIRROR) p = p < 0 ? -p - 1 : 2 * last + 1 - p;
    }
    return p;
}

static double value_at(const rad_field *f, ptrdiff_t x, ptrdiff_t y, ptrdiff_t z, rad_boundary b) {
    x = walk(x, f->size[0], b);
    y = walk(y, f->size[1], b);
    z = walk(z, f->size[2], b);
    return x < 0 || y < 0 || z < 0 ? 0
                                   : f->data[((size_t)z * f->size[1] + (size_t)y) * f->size[0] + (size_t)x];
}

/* sum over k of kernel(k) field(n - k) */
static void convolve(const rad_field *f, const kernel *k, rad_boundary b, double *re, double *im) {
    for (size_t v = 0; v < rad_field_count(f); v++) {
        const ptrdiff_t x = (ptrdiff_t)(v % f->size[0]), y = (ptrdiff_t)(v / f->size[0] % f->size[1]),
                        z = (ptrdiff_t)(v / f->size[0] / f->size[1]);
        re[v] = im[v] = 0;
        for (int c = -HALF; c <= HALF; c++)
            for (int d = -HALF; d <= HALF; d++)
                for (int e = -HALF; e <= HALF; e++) {
                    const double kr = k->re[c + HALF][d + HALF][e + HALF],
                                 ki = k->im[c + HALF][d + HALF][e + HALF];
                    if (kr == 0 && ki == 0) continue;
                    const double x_ = value_at(f, x - e, y - d, z - c, b);
                    re[v] += kr * x_;
                    im[v] += ki * x_;
                }
    }
}

/* The same for a real kernel given as three lines (the outer product), turned: axis a carries line p[a],
 * backwards where s[a] < 0. Line l has its middle at offset 0; even lengths have it at length / 2. */
typedef struct line {
    const double *tap;
    int length;
} line;

static void fill_product(const line lines[3], const int p[3], const int s[3], kernel *k) {
    memset(k, 0, sizeof *k);
    const line *x = &lines[p[0]], *y = &lines[p[1]], *z = &lines[p[2]];
    for (int c = 0; c < z->length; c++)
        for (int d = 0; d < y->length; d++)
            for (int e = 0; e < x->length; e++)
                k->re[HALF + s[2] * (c - z->length / 2)][HALF + s[1] * (d - y->length / 2)]
                     [HALF + s[0] * (e - x->length / 2)] = z->tap[c] * y->tap[d] * x->tap[e];
}

static double pool_two(double a, double b, int how) {
    return how == RAD_POOL_MAX ? fmax(a, b) : how == RAD_POOL_MIN ? fmin(a, b) : a + b;
}

/* Response of a separable filter, pooled over all proper rotations if asked for. */
static void respond_naively(const rad_field *f, const line lines[3], const rad_filter_options *o,
                            double *out) {
    static const int order[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}};
    static kernel k;
    const size_t count = rad_field_count(f);
    double *re = new_doubles(count), *im = new_doubles(count);
    int turns = 0;
    for (int q = 0; q < (o->rotations ? 6 : 1); q++)
        for (int flips = 0; flips < (o->rotations ? 8 : 1); flips++) {
            const int s[3] = {flips & 1 ? -1 : 1, flips & 2 ? -1 : 1, flips & 4 ? -1 : 1};
            const int sign = s[0] * s[1] * s[2] * (q > 2 ? -1 : 1);
            if (sign < 0 || (o->dimension == 2 && (order[q][2] != 2 || s[2] < 0))) continue;
            fill_product(lines, order[q], s, &k);
            convolve(f, &k, (rad_boundary)o->boundary, re, im);
            for (size_t i = 0; i < count; i++) out[i] = turns ? pool_two(out[i], re[i], o->pooling) : re[i];
            turns++;
        }
    for (size_t i = 0; i < count && o->pooling == RAD_POOL_MEAN; i++) out[i] /= turns;
    if (o->rotations) ck_assert_int_eq(turns, o->dimension == 2 ? 4 : 24);
    rad_free(re);
    rad_free(im);
}

/* Odd and even sizes, smaller than the kernels too. */
static const size_t small_sizes[][3] = {{7, 6, 5}, {4, 9, 2}, {3, 1, 8}};
enum { SMALL = 3 };

static const double one_tap[] = {1};
static const double third[] = {1. / 3, 1. / 3, 1. / 3}, fifth[] = {.2, .2, .2, .2, .2};
/* Laws: L5, E5, S5, R5, W5, L3, E3, S3 over their norms. */
static const double l5[] = {1, 4, 6, 4, 1}, e5[] = {-1, -2, 0, 2, 1}, s5[] = {-1, 0, 2, 0, -1},
                    r5[] = {1, -4, 6, -4, 1}, w5[] = {-1, 2, 0, -2, 1}, l3[] = {1, 2, 1}, e3[] = {-1, 0, 1},
                    s3[] = {-1, 2, -1};
/* db2 from its closed form, Haar. */
#define Q 0.12940952255126037 /* (sqrt(3) - 1) / (4 sqrt(2)) */
#define R 0.22414386804201339 /* (3 - sqrt(3)) / (4 sqrt(2)) */
#define S 0.83651630373780794 /* (3 + sqrt(3)) / (4 sqrt(2)) */
#define T 0.48296291314453414 /* (1 + sqrt(3)) / (4 sqrt(2)) */
static const double db2_low[] = {-Q, R, S, T}, db2_high[] = {-T, S, -R, -Q};
static const double haar_low[] = {M_SQRT1_2, M_SQRT1_2}, haar_high[] = {-M_SQRT1_2, M_SQRT1_2};
#undef Q
#undef R
#undef S
#undef T

static const struct {
    const char *spec;
    line lines[3];
    double norm[3]; /* squared norms that the lines are divided by */
} separable[] = {
    {"mean size=3", {{third, 3}, {third, 3}, {third, 3}}, {1, 1, 1}},
    {"mean size=5 dimension=2", {{fifth, 5}, {fifth, 5}, {one_tap, 1}}, {1, 1, 1}},
    {"laws kernels=L5E5S5", {{l5, 5}, {e5, 5}, {s5, 5}}, {70, 10, 6}},
    {"laws kernels=R5W5L3 rotations=yes", {{r5, 5}, {w5, 5}, {l3, 3}}, {70, 10, 6}},
    {"laws kernels=E3L5L5 rotations=yes pooling=min", {{e3, 3}, {l5, 5}, {l5, 5}}, {2, 70, 70}},
    {"laws kernels=S3E5 dimension=2 rotations=yes pooling=sum", {{s3, 3}, {e5, 5}, {one_tap, 1}}, {6, 10, 1}},
    {"laws kernels=L3L3L3 rotations=yes pooling=sum", {{l3, 3}, {l3, 3}, {l3, 3}}, {6, 6, 6}},
    {"wavelet wavelet=haar subband=HLL", {{haar_high, 2}, {haar_low, 2}, {haar_low, 2}}, {1, 1, 1}},
    {"wavelet wavelet=db2 subband=LHL rotations=yes pooling=mean",
     {{db2_low, 4}, {db2_high, 4}, {db2_low, 4}},
     {1, 1, 1}},
    {"wavelet wavelet=db2 subband=HH dimension=2 rotations=yes",
     {{db2_high, 4}, {db2_high, 4}, {one_tap, 1}},
     {1, 1, 1}},
};
enum { SEPARABLE = sizeof separable / sizeof separable[0] };

START_TEST(separable_filters_equal_naive_twins) {
    for (int boundary = 0; boundary < 4; boundary++)
        for (int size = 0; size < SMALL; size++) {
            rad_filter_options o = parse(separable[_i].spec);
            double taps[3][5];
            line lines[3];
            o.boundary = boundary;
            rad_field f = noise(small_sizes[size], unit, 3 + (uint64_t)size);
            for (int a = 0; a < 3; a++) {
                lines[a] = (line){taps[a], separable[_i].lines[a].length};
                for (int t = 0; t < lines[a].length; t++)
                    taps[a][t] = separable[_i].lines[a].tap[t] / sqrt(separable[_i].norm[a]);
            }
            double *ours = respond(&f, &o, 2), *naive = new_doubles(rad_field_count(&f));
            respond_naively(&f, lines, &o, naive);
            expect_maps(ours, naive, rad_field_count(&f), 1e-12, separable[_i].spec);
            rad_free(ours);
            rad_free(naive);
            rad_free(f.data);
        }
}
END_TEST

/* Level 2: the low-pass, then the kernel with a zero behind every tap, axis by axis. */
START_TEST(wavelet_levels_equal_naive_twins) {
    static const double wide_low[] = {M_SQRT1_2, 0, M_SQRT1_2, 0},
                        wide_high[] = {-M_SQRT1_2, 0, M_SQRT1_2, 0};
    for (int boundary = 0; boundary < 4; boundary++)
        for (int size = 0; size < SMALL; size++) {
            rad_filter_options o = parse("wavelet wavelet=haar subband=HLH level=2");
            o.boundary = boundary;
            rad_field f = noise(small_sizes[size], unit, 11), g = f;
            const size_t count = rad_field_count(&f);
            double *ours = respond(&f, &o, 1), *next = new_doubles(count);
            g.data = new_doubles(count);
            memcpy(g.data, f.data, count * sizeof *g.data);
            for (int pass = 0; pass < 6; pass++) {
                line lines[3] = {{one_tap, 1}, {one_tap, 1}, {one_tap, 1}};
                const int axis = pass / 2;
                lines[axis] = pass % 2 ? (line){axis == 1 ? wide_low : wide_high, 4} : (line){haar_low, 2};
                respond_naively(&g, lines, &o, next);
                memcpy(g.data, next, count * sizeof *next);
            }
            expect_maps(ours, g.data, count, 1e-12, "level 2");
            rad_free(ours);
            rad_free(next);
            rad_free(f.data);
            rad_free(g.data);
        }
}
END_TEST

/* Gaussian of sum 1, and LoG, as functions of three coordinates in mm, cut to a box; uneven voxels too. A
 * density times the volume of a voxel is a tap; the unit of the Laplacian is mm2 over the squared geometric
 * mean of the sides. */
static void fill_radial(const char *spec, const double spacing[3], kernel *k) {
    const rad_filter_options options = parse(spec), *o = &options;
    const bool laplacian = *spec == 'l', zero_sum = !strstr(spec, "zero_sum=no");
    const double square = o->sigma * o->sigma;
    const int n = o->dimension;
    double sum = 0, volume = 1, taps = 0;
    memset(k, 0, sizeof *k);
    for (int a = 0; a < n; a++) volume *= spacing[a];
    for (int c = -HALF; c <= HALF; c++)
        for (int d = -HALF; d <= HALF; d++)
            for (int e = -HALF; e <= HALF; e++) {
                const int at[3] = {e, d, c};
                double far = 0;
                bool inside = true;
                for (int a = 0; a < 3; a++) {
                    const int reach = a < n ? (int)floor(o->cutoff * o->sigma / spacing[a] + 0.5) : 0;
                    inside = inside && abs(at[a]) <= reach;
                    far += at[a] * spacing[a] * at[a] * spacing[a];
                }
                double *tap = &k->re[c + HALF][d + HALF][e + HALF];
                if (!inside) continue;
                *tap = volume * exp(-far / (2 * square)) / pow(2 * M_PI * square, n / 2.0);
                if (laplacian) *tap *= (far / square - n) / square * pow(volume, 2.0 / n);
                sum += *tap;
                taps++;
                k->im[c + HALF][d + HALF][e + HALF] = 1; /* a tap, if of 0 */
            }
    for (int i = 0; i < (2 * HALF + 1) * (2 * HALF + 1) * (2 * HALF + 1); i++) {
        double *tap = &k->re[0][0][0] + i;
        if (!laplacian) *tap /= sum;
        if (laplacian && zero_sum && *(&k->im[0][0][0] + i) != 0) *tap -= sum / taps;
    }
    memset(k->im, 0, sizeof k->im);
}

START_TEST(radial_filters_equal_naive_twins) {
    static const char *const specs[] = {
        "gaussian sigma=1.1",   "gaussian sigma=1.1 dimension=2", "log sigma=1.3",
        "log sigma=1 cutoff=3", "log sigma=1.7 dimension=2",      "log sigma=1.3 zero_sum=no"};
    static const double spacings[2][3] = {{1, 1, 1}, {0.7, 1.1, 2}};
    static kernel k;
    const char *spec = specs[_i];
    for (int boundary = 0; boundary < 4; boundary++)
        for (int size = 0; size < SMALL; size++)
            for (int s = 0; s < 2; s++) {
                rad_filter_options o = parse(spec);
                o.boundary = boundary;
                rad_field f = noise(small_sizes[size], spacings[s], 21);
                const size_t count = rad_field_count(&f);
                double *ours = respond(&f, &o, 2), *re = new_doubles(count), *im = new_doubles(count);
                fill_radial(spec, f.spacing, &k);
                convolve(&f, &k, (rad_boundary)boundary, re, im);
                expect_maps(ours, re, count, 1e-12, spec);
                rad_free(ours);
                rad_free(re);
                rad_free(im);
                rad_free(f.data);
            }
}
END_TEST

/* One orientation in one plane: a complex kernel of the formula, as far as the box of the twin reaches. */
START_TEST(gabor_equals_naive_twin) {
    static kernel k;
    static const char *const components[] = {"modulus", "real", "imaginary"};
    for (int boundary = 0; boundary < 4; boundary++)
        for (int size = 0; size < SMALL; size++) {
            char spec[128];
            snprintf(spec, sizeof spec, "gabor sigma=1.2 lambda=3 gamma=1 theta=30 component=%s",
                     components[_i]);
            rad_filter_options o = parse(spec);
            o.boundary = boundary;
            rad_field f = noise(small_sizes[size], unit, 5);
            const size_t count = rad_field_count(&f);
            memset(&k, 0, sizeof k);
            for (int d = -9; d <= 9; d++)
                for (int e = -9; e <= 9; e++) {
                    const double c = cos(M_PI / 6), s = sin(M_PI / 6), u = e * c + d * s, v = d * c - e * s;
                    const double g = exp(-(u * u + v * v) / (2 * 1.2 * 1.2));
                    k.re[HALF][d + HALF][e + HALF] = g * cos(2 * M_PI * u / 3);
                    k.im[HALF][d + HALF][e + HALF] = g * sin(2 * M_PI * u / 3);
                }
            double *ours = respond(&f, &o, 2), *re = new_doubles(count), *im = new_doubles(count);
            convolve(&f, &k, (rad_boundary)boundary, re, im);
            for (size_t i = 0; i < count; i++)
                re[i] = _i == 0 ? hypot(re[i], im[i]) : _i == 1 ? re[i] : im[i];
            expect_maps(ours, re, count, 1e-10, spec);
            rad_free(ours);
            rad_free(re);
            rad_free(im);
            rad_free(f.data);
        }
}
END_TEST

static double pool(int how, double a, double b) {
    return how == RAD_POOL_MAX ? fmax(a, b) : how == RAD_POOL_MIN ? fmin(a, b) : a + b;
}

/* Pooled over angles and planes, or over planes alone: maps of one angle, each plane by a field whose axes
 * are turned.
 */
START_TEST(gabor_pools_angles_and_planes) {
    static const int planes[3][3] = {{0, 1, 2}, {0, 2, 1}, {1, 2, 0}};
    static const char *const ways[] = {"max", "min", "mean", "sum"};
    const int angles = _i < 4 ? 8 : 1;
    char spec[200];
    snprintf(spec, sizeof spec,
             "gabor sigma=1.5 lambda=3 gamma=0.7 rotations=%s step=45 pooling=%s orthogonal=yes",
             angles > 1 ? "yes" : "no", ways[_i % 4]);
    const rad_filter_options o = parse(spec);
    rad_field f = noise((size_t[]){6, 5, 7}, unit, 8);
    const size_t count = rad_field_count(&f);
    double *ours = respond(&f, &o, 2), *pooled = new_doubles(count);
    for (int p = 0; p < 3; p++) {
        const int *axis = planes[p];
        rad_field turned = f;
        for (int a = 0; a < 3; a++) turned.size[a] = f.size[axis[a]];
        turned.data = new_doubles(count);
        for (int back = 0; back <= angles; back++) { /* there, then one angle after the other */
            snprintf(spec, sizeof spec, "gabor sigma=1.5 lambda=3 gamma=0.7 theta=%d",
                     back ? 45 * (back - 1) : 0);
            const rad_filter_options one = parse(spec);
            double *map = back ? respond(&turned, &one, 1) : NULL;
            for (size_t v = 0; v < count; v++) {
                const size_t at[3] = {v % f.size[0], v / f.size[0] % f.size[1], v / f.size[0] / f.size[1]};
                const size_t to = (at[axis[2]] * turned.size[1] + at[axis[1]]) * turned.size[0] + at[axis[0]];
                if (!back)
                    turned.data[to] = f.data[v];
                else
                    pooled[v] = p == 0 && back == 1 ? map[to] : pool(o.pooling, pooled[v], map[to]);
            }
            rad_free(map);
        }
        rad_free(turned.data);
    }
    for (size_t v = 0; v < count && o.pooling == RAD_POOL_MEAN; v++) pooled[v] /= 3 * angles;
    expect_maps(ours, pooled, count, 1e-12, spec);
    rad_free(ours);
    rad_free(pooled);
    rad_free(f.data);
}
END_TEST

/* Filters of frequencies against a plain sum over all frequencies with the formulas of the manual. */
static void respond_by_frequencies(const rad_field *f, const rad_filter_options *o, bool simoncelli,
                                   double *out) {
    const size_t *n = f->size, count = rad_field_count(f);
    ck_assert(n[0] && n[1] && n[2]);
    const size_t depth = o->dimension == 3 ? n[2] : 1;
    const int *l = o->riesz, order = l[0] + l[1] + l[2];
    memset(out, 0, count * sizeof *out);
    for (size_t k = 0; k < n[0] * n[1] * depth; k++) {
        const size_t index[3] = {k % n[0], k / n[0] % n[1], k / n[0] / n[1]};
        double manual = 0, norm = 0, v[3] = {0}, re = 1, im = 0;
        for (int a = 0; a < 3 && a < o->dimension; a++) {
            const size_t shifted = (index[a] + n[a] / 2) % n[a]; /* place on the grid from -1 to 1 */
            const double m = n[a] > 1 ? -1 + 2. * (double)shifted / (double)(n[a] - 1) : 0;
            v[a] = ((double)shifted - floor((double)n[a] / 2)) / ((double)n[a] * f->spacing[a]);
            manual += m * m;
            norm += v[a] * v[a];
        }
        manual = sqrt(manual) * pow(2, o->level - 1);
        if (simoncelli) re = manual > 0.25 && manual <= 1 ? cos(M_PI / 2 * log2(2 * manual)) : 0;
        if (order) {
            double size = tgamma(order + 1);
            for (int a = 0; a < 3; a++) size /= tgamma(l[a] + 1);
            size = sqrt(size) * re;
            for (int a = 0; a < 3; a++)
                size *= norm > 0 || !l[a] ? pow(norm > 0 ? v[a] / sqrt(norm) : 1, l[a]) : 0;
            re = size * cos(-M_PI / 2 * order);
            im = size * sin(-M_PI / 2 * order);
        }
        for (size_t slice = 0; slice < (depth > 1 || o->dimension == 3 ? 1 : n[2]); slice++) {
            double fr = 0, fi = 0; /* coefficient of the field */
            const size_t first = slice * n[0] * n[1], voxels = n[0] * n[1] * depth;
            for (int back = 0; back < 2; back++)
                for (size_t w = 0; w < voxels; w++) {
                    const size_t at[3] = {w % n[0], w / n[0] % n[1], w / n[0] / n[1]};
                    double phase = 0;
                    for (int a = 0; a < 3; a++) phase += 2 * M_PI * (double)(index[a] * at[a]) / (double)n[a];
                    if (!back) {
                        fr += f->data[first + w] * cos(phase);
                        fi -= f->data[first + w] * sin(phase);
                    } else {
                        const double a = fr * re - fi * im, b = fr * im + fi * re;
                        out[first + w] += (a * cos(phase) - b * sin(phase)) / (double)voxels;
                    }
                }
        }
    }
}

START_TEST(frequency_filters_equal_naive_twins) {
    static const char *const specs[] = {"simoncelli level=1", "simoncelli level=2 dimension=2",
                                        "simoncelli level=1 riesz=1,0,0", "simoncelli level=1 riesz=1,2,1",
                                        "simoncelli level=1 riesz=0,3,0 dimension=2"};
    for (int size = 0; size < SMALL; size++) {
        const rad_filter_options o = parse(specs[_i]);
        rad_field f = noise(small_sizes[size], unit, 31);
        double *ours = respond(&f, &o, 2), *naive = new_doubles(rad_field_count(&f));
        respond_by_frequencies(&f, &o, true, naive);
        expect_maps(ours, naive, rad_field_count(&f), 1e-11, specs[_i]);
        rad_free(ours);
        rad_free(naive);
        rad_free(f.data);
    }
}
END_TEST

/* Riesz transforms of LoG: LoG with its boundary, then frequencies; voxels of unequal sides. */
START_TEST(riesz_of_log_equals_naive_twin) {
    static const double spacing[3] = {1, 1.3, 2};
    for (int boundary = 0; boundary < 4; boundary++)
        for (int size = 0; size < SMALL; size++) {
            rad_filter_options o = parse("log sigma=1.2 riesz=1,1,0"), plain = parse("log sigma=1.2");
            o.boundary = plain.boundary = boundary;
            rad_field f = noise(small_sizes[size], spacing, 41), g = f;
            double *ours = respond(&f, &o, 2), *naive = new_doubles(rad_field_count(&f));
            g.data = respond(&f, &plain, 1);
            respond_by_frequencies(&g, &o, false, naive);
            expect_maps(ours, naive, rad_field_count(&f), 1e-11, "riesz of log");
            rad_free(ours);
            rad_free(naive);
            rad_free(f.data);
            rad_free(g.data);
        }
}
END_TEST

/* The energy is the mean of the absolute response over a box. */
START_TEST(laws_energy_equals_naive_twin) {
    for (int boundary = 0; boundary < 4; boundary++) {
        rad_filter_options o = parse("laws kernels=L5E5 dimension=2 delta=2"),
                           plain = parse("laws kernels=L5E5 dimension=2");
        o.boundary = plain.boundary = boundary;
        rad_field f = noise(small_sizes[0], unit, 51), g = f;
        double *ours = respond(&f, &o, 2), *naive = new_doubles(rad_field_count(&f));
        g.data = respond(&f, &plain, 1);
        for (size_t i = 0; i < rad_field_count(&f); i++) g.data[i] = fabs(g.data[i]);
        respond_naively(&g, (line[]){{fifth, 5}, {fifth, 5}, {one_tap, 1}}, &plain, naive);
        expect_maps(ours, naive, rad_field_count(&f), 1e-12, "energy");
        rad_free(ours);
        rad_free(naive);
        rad_free(f.data);
        rad_free(g.data);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("filter_twins");
    TCase *tests = tcase_create("filter_twins");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, separable_filters_equal_naive_twins, 0, SEPARABLE);
    tcase_add_test(tests, wavelet_levels_equal_naive_twins);
    tcase_add_loop_test(tests, radial_filters_equal_naive_twins, 0, 6);
    tcase_add_loop_test(tests, gabor_equals_naive_twin, 0, 3);
    tcase_add_loop_test(tests, gabor_pools_angles_and_planes, 0, 8);
    tcase_add_loop_test(tests, frequency_filters_equal_naive_twins, 0, 5);
    tcase_add_test(tests, riesz_of_log_equals_naive_twin);
    tcase_add_test(tests, laws_energy_equals_naive_twin);
    return test_run(suite);
}
