/* Filters against the response maps of IBSI-2 (RADIOMILL_DATA), and against naive twins. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../core/simd.h"
#include "../../filters/convolve.h"
#include "../../filters/spectrum.h"
#include "../../pipeline/images.h"
#include "../../pipeline/validate/maps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A filter from "name key=value key=value". */
static rad_filter_options parse(const char *spec) {
    rad_error error = {0};
    rad_image image;
    char copy[256], *rest = copy;
    snprintf(copy, sizeof copy, "%s", spec);
    ck_ok(rad_image_begin(&image, strtok_r(rest, " ", &rest), &error));
    for (char *word; (word = strtok_r(rest, " ", &rest));) {
        char *equals = strchr(word, '=');
        ck_assert(equals != NULL);
        *equals = '\0';
        ck_ok(rad_image_set_text(&image, word, equals + 1, &error));
    }
    return image.options;
}

static double *new_doubles(size_t count) {
    rad_error error = {0};
    double *x = rad_new(count, sizeof *x, &error);
    ck_assert(x != NULL);
    return x;
}

/* Noise on a grid; release data with rad_free. */
static rad_field noise(const size_t size[3], const double spacing[3], uint64_t seed) {
    test_random random = {seed};
    rad_field field = {.size = {size[0], size[1], size[2]}, .spacing = {spacing[0], spacing[1], spacing[2]}};
    field.data = new_doubles(rad_field_count(&field));
    for (size_t i = 0; i < rad_field_count(&field); i++)
        field.data[i] = floor(200 * test_uniform(&random)) - 60;
    return field;
}

static const double unit[3] = {1, 1, 1};

/* The response, on as many threads; release with rad_free. */
static double *respond(const rad_field *field, const rad_filter_options *options, int threads) {
    rad_error error = {0};
    double *out = new_doubles(rad_field_count(field));
    ck_ok(rad_filter_run(field, options, threads, out, &error));
    return out;
}

enum { MAPS = 33 };

/* Every voxel within 1 % of the range of the reference. */
START_TEST(response_maps) {
    const char *data = getenv("RADIOMILL_DATA");
    rad_error error = {0};
    rad_map_check check, beyond;
    ck_ok(rad_map_validate((size_t)_i, data ? data : "../shared/data", 2, &check, &error));
    ck_ok(rad_map_validate(MAPS, NULL, 1, &beyond, &error));
    ck_assert(*check.map && !*beyond.map);
    if (!check.ran) {
        printf("response map %s: skipped: no reference data\n", check.map);
        return;
    }
    ck_assert_msg(check.met && check.deviation >= 0, "%s: %g of the range", check.map, check.deviation);
}
END_TEST

/* Lines of every length under odd and even taps, longer ones too, all boundaries and axes, both ways. */
START_TEST(convolution_equals_definition) {
    static const size_t sizes[][3] = {{5, 4, 3}, {1, 6, 2}, {7, 1, 1}, {3, 2, 9}};
    const rad_boundary boundary = (rad_boundary)_i;
    rad_error error = {0};
    test_random random = {9};
    for (size_t s = 0; s < 4; s++)
        for (size_t length = 1; length <= 12; length++)
            for (int axis = 0; axis < 3; axis++) {
                double in[64], out[64], tap[12];
                rad_taps taps;
                const size_t *n = sizes[s], count = n[0] * n[1] * n[2];
                const bool flipped = length % 3 == 0;
                for (size_t i = 0; i < count; i++) in[i] = test_uniform(&random);
                for (size_t i = 0; i < length; i++) tap[i] = test_uniform(&random) - 0.5;
                ck_ok(rad_taps_make(tap, length, &taps, &error));
                rad_convolve(in, n, (rad_sweep){&taps, axis, flipped, boundary}, 2, NULL, out);
                for (size_t v = 0; v < count; v++) {
                    const size_t at[3] = {v % n[0], v / n[0] % n[1], v / n[0] / n[1]};
                    const size_t stride = axis == 0 ? 1 : axis == 1 ? n[0] : n[0] * n[1];
                    double sum = 0;
                    for (size_t i = 0; i < length; i++) {
                        /* walks to the voxel step by step */
                        const ptrdiff_t centre = (ptrdiff_t)(length / 2);
                        ptrdiff_t p =
                            (ptrdiff_t)at[axis] + (flipped ? (ptrdiff_t)i - centre : centre - (ptrdiff_t)i);
                        const ptrdiff_t last = (ptrdiff_t)n[axis] - 1;
                        while (p < 0 || p > last) {
                            if (boundary == RAD_ZERO) break;
                            if (boundary == RAD_CLAMP) p = p < 0 ? 0 : last;
                            if (boundary == RAD_PERIODIC) p += p < 0 ? last + 1 : -last - 1;
                            if (boundary == RAD_MIRROR) p = p < 0 ? -p - 1 : 2 * last + 1 - p;
                        }
                        if (p >= 0 && p <= last)
                            sum += tap[i] * in[v - at[axis] * stride + (size_t)p * stride];
                    }
                    ck_near(out[v], sum, 1e-13);
                }
                rad_taps_free(&taps);
            }
}
END_TEST

/* ---- Naive twins: the whole kernel as a box of complex numbers, summed voxel by voxel. ---- */

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

static void expect_maps(const double *ours, const double *naive, size_t count, double tolerance,
                        const char *what) {
    double size = 1;
    for (size_t i = 0; i < count; i++) size = fmax(size, fabs(naive[i]));
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(fabs(ours[i] - naive[i]) <= tolerance * size, "%s: voxel %zu: %.17g, expected %.17g",
                      what, i, ours[i], naive[i]);
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

/* ---- Properties ---- */

static const char *const all_specs[] = {
    "mean",
    "gaussian",
    "log",
    "laws kernels=L5E5S5 rotations=yes delta=2",
    "gabor sigma=2 rotations=yes step=45",
    "wavelet wavelet=coif2 subband=LHH level=2 rotations=yes pooling=mean",
    "simoncelli",
    "gradient",
    "square",
    "squareroot",
    "logarithm",
    "exponential",
    "lbp",
    "lbp dimension=2",
    "log riesz=2,0,0 steered=2",
    "simoncelli riesz=1,1,0",
    "wavelet wavelet=db10 subband=LLL level=4"};
enum { ALL_SPECS = sizeof all_specs / sizeof all_specs[0] };

START_TEST(threads_and_kernels_change_nothing) {
    const rad_filter_options o = parse(all_specs[_i]);
    rad_field f = noise((size_t[]){37, 22, 19}, unit, 61);
    double *one = respond(&f, &o, 1);
    for (int threads = 2; threads <= 8; threads = threads == 2 ? 3 : threads + 5) {
        double *more = respond(&f, &o, threads);
        ck_assert_msg(!memcmp(one, more, rad_field_count(&f) * sizeof *one), "%s: %d threads", all_specs[_i],
                      threads);
        rad_free(more);
    }
    rad_simd_allow(false);
    double *plain = respond(&f, &o, 1);
    ck_assert_msg(!memcmp(one, plain, rad_field_count(&f) * sizeof *one), "%s: portable kernels",
                  all_specs[_i]);
    rad_free(plain);
    rad_free(one);
    rad_free(f.data);
}
END_TEST

/* Words, options and keys of every row fit together, and all filters are tried above. */
START_TEST(registry_is_whole) {
    for (const rad_filter *const *filter = rad_filters; *filter; filter++) {
        const rad_filter *f = *filter;
        char options[256], *rest = options;
        size_t words = 0, keys = 0;
        bool tried = false;
        ck_assert(rad_filter_find(f->name) == f);
        for (int i = 0; i < ALL_SPECS; i++) tried = tried || !strncmp(all_specs[i], f->name, strlen(f->name));
        ck_assert_msg(tried, "%s is not tried", f->name);
        while (f->keys && f->keys[keys]) keys++;
        snprintf(options, sizeof options, "%s %s", f->named, f->others);
        for (char *word; (word = strtok_r(rest, " ", &rest)); words++) {
            size_t k = 0;
            while (k < keys && strcmp(f->keys[k]->name, word) != 0) k++;
            ck_assert_msg(k < keys, "%s: no key is called %s", f->name, word);
            ck_assert_msg(f->keys[k]->mark && f->keys[k]->standard, "%s: %s", f->name, word);
        }
        ck_assert_msg(words == keys, "%s: %zu words, %zu keys", f->name, words, keys);
    }
    ck_assert(!rad_filter_find("nothing"));
}
END_TEST

/* Orthonormal to their even shifts, and as many vanishing moments as the order says. */
static const struct {
    const char *name;
    size_t length;
    int moments;
} wavelets[] = {
    {"haar", 2, 1},   {"db2", 4, 2},    {"db3", 6, 3},    {"db4", 8, 4},     {"db5", 10, 5},
    {"db6", 12, 6},   {"db7", 14, 7},   {"db8", 16, 8},   {"db9", 18, 9},    {"db10", 20, 10},
    {"sym2", 4, 2},   {"sym3", 6, 3},   {"sym4", 8, 4},   {"sym5", 10, 5},   {"sym6", 12, 6},
    {"sym7", 14, 7},  {"sym8", 16, 8},  {"sym9", 18, 9},  {"sym10", 20, 10}, {"coif1", 6, 2},
    {"coif2", 12, 4}, {"coif3", 18, 6}, {"coif4", 24, 8}, {"coif5", 30, 10},
};
enum { WAVELETS = sizeof wavelets / sizeof wavelets[0] };

/* The taps of the low- or high-pass, as an impulse shows them; the low-pass along y sums to sqrt(2). */
static void show_taps(const char *name, char band, double taps[64]) {
    char spec[64];
    double in[64 * 3] = {0};
    rad_field f = {.size = {64, 3, 1}, .spacing = {1, 1, 1}, .data = in};
    in[64 + 32] = 1;
    snprintf(spec, sizeof spec, "wavelet dimension=2 boundary=periodic wavelet=%s subband=%cL", name, band);
    const rad_filter_options o = parse(spec);
    double *out = respond(&f, &o, 1);
    for (size_t x = 0; x < 64; x++) {
        taps[x] = 0;
        for (size_t y = 0; y < 3; y++) taps[x] += out[y * 64 + x] / sqrt(2);
    }
    rad_free(out);
}

START_TEST(wavelets_are_orthogonal) {
    double low[64], high[64];
    show_taps(wavelets[_i].name, 'L', low);
    show_taps(wavelets[_i].name, 'H', high);
    size_t first = 0, last = 63;
    while (low[first] == 0) first++;
    while (low[last] == 0) last--;
    ck_assert_uint_eq(last - first + 1, wavelets[_i].length);
    for (size_t shift = 0; shift < 32; shift += 2) {
        double same = 0, other = 0, both = 0;
        for (size_t x = 0; x < 64; x++) {
            same += low[x] * low[(x + shift) % 64];
            other += high[x] * high[(x + shift) % 64];
            both += low[x] * high[(x + shift) % 64];
        }
        ck_near(same, shift == 0, 1e-9);
        ck_near(other, shift == 0, 1e-9);
        ck_near(both, 0, 1e-9);
    }
    for (int p = 0; p < wavelets[_i].moments; p++) {
        double moment = 0, size = 0;
        for (size_t x = 0; x < 64; x++) {
            const double term = pow(((double)x - 32) / 16, p) * high[x];
            moment += term;
            size += fabs(term);
        }
        ck_assert_msg(fabs(moment) <= 1e-8 * size, "%s: moment %d is %g", wavelets[_i].name, p, moment);
    }
}
END_TEST

/* Published coefficients (Ten lectures on wavelets, tables 6.1 and 6.3): symlets are the tables' ones. */
START_TEST(symlets_are_those_of_the_tables) {
    static const double sym4[] = {-0.0757657147893407, -0.0296355276459541, 0.4976186676324578,
                                  0.8037387518052163,  0.2978577956055422,  -0.0992195435769354,
                                  -0.0126039672622612, 0.0322231006040713};
    static const double sym5[] = {
        0.0273330683451645, 0.0295194909260734, -0.0391342493025834, 0.1993975339769955,  0.7234076904038076,
        0.6339789634569490, 0.0166021057644243, -0.1753280899081075, -0.0211018340249299, 0.0195388827353869};
    double taps[64];
    show_taps("sym4", 'L', taps);
    for (size_t i = 0; i < 8; i++) ck_near(taps[32 - 4 + i], sym4[i], 1e-9);
    show_taps("sym5", 'L', taps);
    for (size_t i = 0; i < 10; i++) ck_near(taps[32 - 5 + i], sym5[i], 1e-9);
}
END_TEST

/* The field turned by 90 degrees in the plane of x and y: (x, y, z) goes to (n - 1 - y, x, z). */
static double *turn(const double *data, size_t n, size_t depth) {
    double *turned = new_doubles(n * n * depth);
    for (size_t z = 0; z < depth; z++)
        for (size_t y = 0; y < n; y++)
            for (size_t x = 0; x < n; x++) turned[(z * n + x) * n + (n - 1 - y)] = data[(z * n + y) * n + x];
    return turned;
}

/* Responses that turn with the image: steered Riesz transforms of every order, pooled rotations, LBP. Odd
 * sizes: the frequencies of even ones are not symmetric. */
START_TEST(responses_turn_with_the_image) {
    static const char *const specs[] = {
        "log sigma=1.5 riesz=1,0,0 steered=1.5",
        "log sigma=1.5 riesz=0,1,0 steered=1.5",
        "log sigma=1.5 riesz=2,0,0 steered=1.5",
        "log sigma=1.5 riesz=1,1,1 steered=2",
        "log sigma=2 riesz=0,1,0 steered=1.5 dimension=2",
        "simoncelli riesz=2,0,0 steered=2",
        "simoncelli riesz=0,1,2 steered=1",
        "simoncelli riesz=3,0,0 steered=2 dimension=2",
        "laws kernels=L5E5S3 rotations=yes delta=1",
        "lbp pattern=minimum",
        "lbp",
        "lbp dimension=2",
        "lbp dimension=2 pattern=minimum radius=2",
        "gradient",
    };
    const rad_filter_options o = parse(specs[_i]);
    const size_t n = 15, depth = 9;
    rad_field f = noise((size_t[]){n, n, depth}, unit, 71), g = f;
    g.data = turn(f.data, n, depth);
    double *first = respond(&f, &o, 2), *then = respond(&g, &o, 2), *expected = turn(first, n, depth);
    expect_maps(then, expected, n * n * depth, 1e-7, specs[_i]);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n * n * depth; i++) {
        low = fmin(low, first[i]);
        high = fmax(high, first[i]);
    }
    ck_assert_msg(high > low, "%s: a flat map turns with anything", specs[_i]);
    rad_free(first);
    rad_free(then);
    rad_free(expected);
    rad_free(f.data);
    rad_free(g.data);
}
END_TEST

/* Plain transforms do not: the turned image has the map of another order, turned, with the sign of the axis.
 */
START_TEST(plain_riesz_changes_its_axis) {
    const rad_filter_options along_x = parse("log sigma=1.5 riesz=1,0,0"),
                             along_y = parse("log sigma=1.5 riesz=0,1,0");
    const size_t n = 15, depth = 9;
    rad_field f = noise((size_t[]){n, n, depth}, unit, 71), g = f;
    g.data = turn(f.data, n, depth);
    double *first = respond(&f, &along_x, 1), *then = respond(&g, &along_y, 1),
           *expected = turn(first, n, depth);
    expect_maps(then, expected, n * n * depth, 1e-10, "riesz");
    rad_free(first);
    rad_free(then);
    rad_free(expected);
    rad_free(f.data);
    rad_free(g.data);
}
END_TEST

/* Waves along one direction: the steered transform of first order is the whole of it, whatever the direction.
 */
START_TEST(steered_riesz_finds_the_direction) {
    const size_t n = 24;
    const rad_filter_options along = parse("log sigma=1.5 boundary=periodic riesz=1,0,0 steered=3"),
                             across = parse("log sigma=1.5 boundary=periodic riesz=0,1,0 steered=3"),
                             plain = parse("log sigma=1.5 boundary=periodic");
    rad_field f = {.size = {n, n, n}, .spacing = {1, 1, 1}, .data = new_doubles(n * n * n)};
    for (size_t i = 0; i < n * n * n; i++) {
        const size_t x = i % n, y = i / n % n, z = i / n / n;
        f.data[i] = cos(2 * M_PI * (double)(2 * x + 3 * y + (n - 1) * z) / (double)n);
    }
    double *a = respond(&f, &along, 2), *b = respond(&f, &across, 2), *wave = respond(&f, &plain, 2);
    double size = 0;
    for (size_t i = 0; i < n * n * n; i++) size = fmax(size, fabs(wave[i]));
    for (size_t i = 0; i < n * n * n; i++) {
        /* transform and wave are a quarter of a period apart */
        ck_assert_msg(fabs(a[i] * a[i] + wave[i] * wave[i] - size * size) < 0.02 * size * size, "voxel %zu",
                      i);
        ck_assert_msg(fabs(b[i]) < 1e-6 * size, "voxel %zu: %g across", i, b[i]);
    }
    rad_free(a);
    rad_free(b);
    rad_free(wave);
    rad_free(f.data);
}
END_TEST

/* What is shared between filters of a field changes no byte. */
START_TEST(shared_spectra_change_nothing) {
    static const char *const specs[] = {
        "simoncelli level=1",     "simoncelli level=2",        "simoncelli riesz=1,0,0",
        "log riesz=1,0,0",        "log riesz=0,1,1",           "log sigma=2 riesz=0,1,1",
        "simoncelli dimension=2", "log riesz=2,0,0 steered=2", "log riesz=1,0,0"};
    rad_shared shared = {.key = ""};
    rad_field f = noise((size_t[]){13, 12, 10}, unit, 81), alone = f;
    f.shared = &shared;
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        const rad_filter_options o = parse(specs[i]);
        double *a = respond(&f, &o, 2), *b = respond(&alone, &o, 2);
        ck_assert_msg(!memcmp(a, b, rad_field_count(&f) * sizeof *a), "%s", specs[i]);
        rad_free(a);
        rad_free(b);
    }
    rad_shared_clear(&shared);
    rad_free(f.data);
}
END_TEST

START_TEST(point_filters_have_their_values) {
    double in[] = {-100, -1, 0, 0.25, 9, 1000};
    rad_field f = {.size = {6, 1, 1}, .spacing = {1, 1, 1}, .data = in};
    static const struct {
        const char *spec;
        double values[6];
    } cases[] = {
        {"square", {10000, 1, 0, 0.0625, 81, 1000000}},
        {"squareroot", {-10, -1, 0, 0.5, 3, 31.622776601683793}},
        {"logarithm",
         {-4.6151205168412594, -0.69314718055994531, 0, 0.22314355131420976, 2.3025850929940457,
          6.9087547793152207}},
        {"exponential scale=100",
         {0.36787944117144233, 0.99004983374916805, 1, 1.0025031276057952, 1.0941742837052104,
          22026.465794806718}},
    };
    for (size_t c = 0; c < 4; c++) {
        const rad_filter_options o = parse(cases[c].spec);
        double *out = respond(&f, &o, 1);
        for (size_t i = 0; i < 6; i++) ck_near(out[i], cases[c].values[i], 1e-14);
        rad_free(out);
    }
    rad_error error = {0};
    double out[6];
    const rad_filter_options o = parse("exponential scale=1");
    ck_assert_int_eq(rad_filter_run(&f, &o, 1, out, &error), RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "1000") && strstr(error.text, "larger scale"), "%s", error.text);
}
END_TEST

/* A ramp has the same slope everywhere inside, in mm. */
START_TEST(gradient_is_per_mm) {
    static const double spacing[3] = {0.5, 2, 4};
    rad_field f = noise((size_t[]){5, 4, 3}, spacing, 1);
    for (int i = 0; i < 60; i++) {
        const int x = i % 5, y = i / 5 % 4, z = i / 20;
        f.data[i] = 3 * x + 8 * y - 20 * z;
    }
    const rad_filter_options space = parse("gradient"), slices = parse("gradient dimension=2");
    double *a = respond(&f, &space, 1), *b = respond(&f, &slices, 1);
    ck_near(a[20 + 5 + 2], sqrt(36 + 16 + 25), 1e-14);
    ck_near(b[20 + 5 + 2], sqrt(36 + 16), 1e-14);
    ck_near(b[20 + 5], sqrt(9 + 16), 1e-14); /* mirrored at the edge: half the slope */
    rad_free(a);
    rad_free(b);
    rad_free(f.data);
}
END_TEST

/* Patterns with known numbers. */
START_TEST(patterns_have_their_numbers) {
    const size_t n = 7;
    rad_field f = noise((size_t[]){n, n, n}, unit, 1);
    const size_t middle = (3 * n + 3) * n + 3;
    const rad_filter_options space = parse("lbp boundary=nearest"),
                             slices = parse("lbp dimension=2 boundary=nearest"),
                             code = parse("lbp dimension=2 pattern=code"),
                             least = parse("lbp dimension=2 pattern=minimum");
    for (size_t i = 0; i < n * n * n; i++) f.data[i] = 5;
    double *flat = respond(&f, &space, 1), *flat2 = respond(&f, &slices, 1);
    for (size_t i = 0; i < n * n * n; i++) {
        ck_assert_msg(flat[i] == 26 && flat2[i] == 8, "voxel %zu: %g, %g", i, flat[i], flat2[i]);
        f.data[i] = i % n < 4 ? 0 : 10; /* an edge across x */
    }
    double *edge = respond(&f, &space, 1), *edge2 = respond(&f, &slices, 1);
    ck_assert(edge[middle] == 26 && edge2[middle] == 8);         /* not brighter than any */
    ck_assert(edge[middle + 1] == 17 && edge2[middle + 1] == 5); /* one side is darker */
    for (size_t i = 0; i < n * n * n; i++) f.data[i] = 0;
    f.data[middle] = 3;
    f.data[middle + 1] = f.data[middle - 1] = 4; /* two that do not hang together */
    double *two = respond(&f, &space, 1), *two2 = respond(&f, &slices, 1), *c = respond(&f, &code, 1),
           *m = respond(&f, &least, 1);
    ck_assert_msg(two[middle] == 27 && two2[middle] == 9, "%g %g", two[middle], two2[middle]);
    ck_assert_msg(c[middle] == 1 + 16 && m[middle] == 17, "%g %g", c[middle], m[middle]);
    double *maps[] = {flat, flat2, edge, edge2, two, two2, c, m, f.data};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) rad_free(maps[i]);
}
END_TEST

START_TEST(wrong_options_are_refused) {
    static const struct {
        const char *spec;
        double spacing[3];
        const char *says;
    } cases[] = {
        {"mean size=4", {1, 1, 1}, "4 is even"},
        {"laws kernels=L5E5", {1, 1, 1}, "3 names"},
        {"laws kernels=L5E5X5", {1, 1, 1}, "X5"},
        {"wavelet wavelet=db11", {1, 1, 1}, "db1 to db10"},
        {"wavelet wavelet=sym1", {1, 1, 1}, "sym2 to sym10"},
        {"wavelet wavelet=coif", {1, 1, 1}, "coif1 to coif5"},
        {"wavelet subband=LL", {1, 1, 1}, "3 letters"},
        {"gabor rotations=yes step=50", {1, 1, 1}, "50"},
        {"gabor", {1, 2, 3}, "1 x 2 mm"},
        {"gabor orthogonal=yes", {1, 1, 3}, "1 x 3 mm"},
        {"simoncelli", {1, 1, 3}, "equal sides"},
        {"simoncelli riesz=0,0,1 dimension=2", {1, 1, 1}, "it must be 0 for dimension 2"},
        {"log riesz=0,0,1 dimension=2", {1, 1, 1}, "it must be 0 for dimension 2"},
    };
    double in[8] = {0}, out[8];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rad_error error = {0};
        const rad_filter_options o = parse(cases[i].spec);
        rad_field f = {.size = {2, 2, 2}, .data = in};
        memcpy(f.spacing, cases[i].spacing, sizeof f.spacing);
        ck_assert_msg(rad_filter_run(&f, &o, 1, out, &error) == RAD_CONFIG, "%s", cases[i].spec);
        ck_assert_msg(strstr(error.text, cases[i].says) != NULL, "%s: %s", cases[i].spec, error.text);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("filters");
    TCase *tests = tcase_create("filters");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, response_maps, 0, MAPS);
    tcase_add_loop_test(tests, convolution_equals_definition, 0, 4);
    tcase_add_loop_test(tests, separable_filters_equal_naive_twins, 0, SEPARABLE);
    tcase_add_test(tests, wavelet_levels_equal_naive_twins);
    tcase_add_loop_test(tests, radial_filters_equal_naive_twins, 0, 6);
    tcase_add_loop_test(tests, gabor_equals_naive_twin, 0, 3);
    tcase_add_loop_test(tests, gabor_pools_angles_and_planes, 0, 8);
    tcase_add_loop_test(tests, frequency_filters_equal_naive_twins, 0, 5);
    tcase_add_test(tests, riesz_of_log_equals_naive_twin);
    tcase_add_test(tests, laws_energy_equals_naive_twin);
    tcase_add_loop_test(tests, threads_and_kernels_change_nothing, 0, ALL_SPECS);
    tcase_add_test(tests, registry_is_whole);
    tcase_add_loop_test(tests, wavelets_are_orthogonal, 0, WAVELETS);
    tcase_add_test(tests, symlets_are_those_of_the_tables);
    tcase_add_loop_test(tests, responses_turn_with_the_image, 0, 14);
    tcase_add_test(tests, plain_riesz_changes_its_axis);
    tcase_add_test(tests, steered_riesz_finds_the_direction);
    tcase_add_test(tests, shared_spectra_change_nothing);
    tcase_add_test(tests, point_filters_have_their_values);
    tcase_add_test(tests, gradient_is_per_mm);
    tcase_add_test(tests, patterns_have_their_numbers);
    tcase_add_test(tests, wrong_options_are_refused);
    return test_run(suite);
}
