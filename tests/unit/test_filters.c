/* Filters: the response maps of IBSI-2 (RADIOMILL_DATA), what they are made of, and what they keep. */
#include "filtering.h"

#include "../../core/memory.h"
#include "../../core/simd.h"
#include "../../filters/convolve.h"
#include "../../filters/rotate.h"
#include "../../filters/shared.h"
#include "../../pipeline/images.h"
#include "../../pipeline/validate/maps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    static const char *const specs[] = {"simoncelli level=1",
                                        "simoncelli level=2",
                                        "simoncelli riesz=1,0,0",
                                        "log riesz=1,0,0",
                                        "log riesz=0,1,1",
                                        "log sigma=2 riesz=0,1,1",
                                        "simoncelli dimension=2",
                                        "log riesz=2,0,0 steered=2",
                                        "log riesz=1,0,0",
                                        "wavelet wavelet=coif1 subband=LLH rotations=no",
                                        "wavelet wavelet=coif1 subband=LHH rotations=no",
                                        "wavelet wavelet=coif1 subband=LHL level=2 rotations=no",
                                        "wavelet wavelet=db2 subband=LHL rotations=no",
                                        "wavelet wavelet=db2 subband=LHL boundary=zero rotations=no",
                                        "wavelet wavelet=db2 subband=LHL rotations=yes",
                                        "wavelet wavelet=db2 subband=LH dimension=2 rotations=no",
                                        "wavelet wavelet=db2 subband=LL dimension=2 rotations=no",
                                        "simoncelli level=1"};
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

/* What is wanted of a map has the bytes of the whole map. */
START_TEST(parts_of_maps_are_those_of_the_whole) {
    static const char *const specs[] = {"log sigma=1.5",
                                        "log sigma=2 boundary=periodic zero_sum=no",
                                        "log sigma=1 dimension=2",
                                        "log sigma=0.7 boundary=zero dimension=2 zero_sum=no",
                                        "log riesz=1,0,0",
                                        "wavelet wavelet=coif1 subband=LHL rotations=no",
                                        "wavelet wavelet=db3 subband=HHL rotations=yes pooling=max",
                                        "wavelet wavelet=db2 subband=LH level=2 dimension=2 rotations=yes",
                                        "wavelet wavelet=haar subband=HLL level=3 rotations=no",
                                        "laws kernels=L5S5E5 rotations=yes pooling=mean",
                                        "laws kernels=L5E5 dimension=2 rotations=yes delta=2",
                                        "laws kernels=L3E3S3 rotations=no delta=3",
                                        "mean size=3",
                                        "gaussian sigma=1",
                                        "simoncelli level=2"};
    const rad_box boxes[] = {{{3, 2, 4}, {9, 9, 6}}, {{0, 0, 0}, {1, 12, 10}}, {{12, 11, 0}, {13, 12, 10}}};
    rad_field f = noise((size_t[]){13, 12, 10}, unit, 82);
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        const rad_filter_options o = parse(specs[i]);
        f.wanted = (rad_box){.end = {0}};
        double *all = respond(&f, &o, 2);
        for (size_t b = 0; b < sizeof boxes / sizeof boxes[0]; b++) {
            f.wanted = boxes[b];
            double *part = respond(&f, &o, 1);
            for (size_t v = 0; v < rad_field_count(&f); v++) {
                const size_t at[3] = {v % f.size[0], v / f.size[0] % f.size[1], v / f.size[0] / f.size[1]};
                bool inside = true;
                for (int a = 0; a < 3; a++)
                    inside = inside && at[a] >= boxes[b].begin[a] && at[a] < boxes[b].end[a];
                ck_assert_msg(!inside || part[v] == all[v], "%s, box %zu, voxel %zu", specs[i], b, v);
            }
            rad_free(part);
        }
        rad_free(all);
    }
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

/* A volume that no memory holds is an error before anything is looked at. */
START_TEST(volumes_without_memory) {
    static const double tap[3] = {1, 2, 1};
    const size_t huge = (size_t)1 << 22;
    const rad_field field = {.size = {huge, huge, huge}, .spacing = {1, 1, 1}};
    const rad_filter_options options = {.dimension = 3, .rotations = true};
    rad_chain chain[3] = {{.count = 1}, {.count = 1}, {.count = 1}};
    rad_error error = {0};
    for (int a = 0; a < 3; a++) ck_ok(rad_taps_make(tap, 3, &chain[a].taps[0], &error));
    ck_assert_int_eq(rad_rotate_separable(&field, chain, &options, 1, NULL, &error), RAD_NO_MEMORY);
    rad_chain_free(chain);
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
        {"wavelet wavelet=db39", {1, 1, 1}, "db1 to db38"},
        {"wavelet wavelet=sym1", {1, 1, 1}, "sym2 to sym20"},
        {"wavelet wavelet=coif", {1, 1, 1}, "coif1 to coif17"},
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
    tcase_add_loop_test(tests, threads_and_kernels_change_nothing, 0, ALL_SPECS);
    tcase_add_test(tests, registry_is_whole);
    tcase_add_loop_test(tests, wavelets_are_orthogonal, 0, WAVELETS);
    tcase_add_test(tests, symlets_are_those_of_the_tables);
    tcase_add_loop_test(tests, responses_turn_with_the_image, 0, 14);
    tcase_add_test(tests, plain_riesz_changes_its_axis);
    tcase_add_test(tests, steered_riesz_finds_the_direction);
    tcase_add_test(tests, shared_spectra_change_nothing);
    tcase_add_test(tests, parts_of_maps_are_those_of_the_whole);
    tcase_add_test(tests, point_filters_have_their_values);
    tcase_add_test(tests, gradient_is_per_mm);
    tcase_add_test(tests, patterns_have_their_numbers);
    tcase_add_test(tests, volumes_without_memory);
    tcase_add_test(tests, wrong_options_are_refused);
    return test_run(suite);
}
