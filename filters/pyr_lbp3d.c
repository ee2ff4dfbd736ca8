/* Local binary patterns in space (J. Banerjee et al., ACCV 2012), as PyRadiomics makes them of spherical
 * harmonics: which points of a sphere around the voxel, by cubic B-spline, are at least as bright. It takes
 * the polar angle of a point for its azimuth, and the azimuth for its polar angle. */
#include "pyr_filters.h"

#include "../core/exact_spline.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifndef CMPLX /* the header of glibc has it for gcc alone */
#define CMPLX(x, y) __builtin_complex((double)(x), (double)(y))
#endif

static const double pi = 3.14159265358979323846;

/* A sphere of triangles: an icosahedron whose edges are halved again and again. Points and their last digits
 * are those of trimesh: whether a point on an axis meets a voxel, and sums in single precision, go by them.
 */
typedef struct sphere {
    double (*point)[3]; /* owned */
    size_t points;
    uint32_t (*face)[3]; /* owned */
    size_t faces;
} sphere;

static void sphere_free(sphere *s) {
    rad_free(s->point);
    rad_free(s->face);
}

static rad_status sphere_begin(sphere *s, rad_error *error) {
    static const uint32_t face[20][3] = {{0, 11, 5}, {0, 5, 1},  {0, 1, 7},   {0, 7, 10}, {0, 10, 11},
                                         {1, 5, 9},  {5, 11, 4}, {11, 10, 2}, {10, 7, 6}, {7, 1, 8},
                                         {3, 9, 4},  {3, 4, 2},  {3, 2, 6},   {3, 6, 8},  {3, 8, 9},
                                         {4, 9, 5},  {2, 4, 11}, {6, 2, 10},  {8, 6, 7},  {9, 8, 1}};
    static const signed char place[12][3] = {{-1, 2, 0}, {1, 2, 0}, {-1, -2, 0}, {1, -2, 0},
                                             {0, -1, 2}, {0, 1, 2}, {0, -1, -2}, {0, 1, -2},
                                             {2, 0, -1}, {2, 0, 1}, {-2, 0, -1}, {-2, 0, 1}};
    const double golden = (1 + sqrt(5)) / 2, length = sqrt(2 + golden);
    *s = (sphere){.points = 12, .faces = 20};
    s->point = rad_new(12, sizeof *s->point, error);
    s->face = rad_new(20, sizeof *s->face, error);
    if (!s->point || !s->face) return RAD_NO_MEMORY;
    for (int k = 0; k < 12; k++)
        for (int a = 0; a < 3; a++) { /* 2 stands for the golden ratio */
            const double x = place[k][a];
            s->point[k][a] = (fabs(x) == 2 ? x / 2 * golden : x) / length;
        }
    memcpy(s->face, face, sizeof face);
    return RAD_OK;
}

/* An edge as a number: by its higher corner, then by its lower one. */
static uint64_t edge_of(uint32_t a, uint32_t b) {
    return a < b ? (uint64_t)b << 32 | a : (uint64_t)a << 32 | b;
}

static int compare_edges(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The edges of all faces in order, each once: two faces share one. */
static void find_edges(const sphere *s, uint64_t *edge) {
    const size_t count = 3 * s->faces;
    for (size_t i = 0; i < count; i++) edge[i] = edge_of(s->face[i / 3][i % 3], s->face[i / 3][(i + 1) % 3]);
    qsort(edge, count, sizeof *edge, compare_edges);
    for (size_t i = 0; i < count / 2; i++) edge[i] = edge[2 * i];
}

/* Squares in the order in which OpenBLAS adds them on processors with FMA. */
static void put_on(double p[3], double radius) {
    const double length = sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
    for (int i = 0; i < 3; i++) p[i] += p[i] / length * (radius - length);
}

/* The points half-way along the edges. */
static void add_points(const sphere *s, const uint64_t *edge, size_t edges, sphere *next) {
    for (size_t k = 0; k < edges; k++) {
        const double *a = s->point[(uint32_t)edge[k]], *b = s->point[edge[k] >> 32];
        for (int i = 0; i < 3; i++) next->point[next->points][i] = (a[i] + b[i]) / 2;
        next->points++;
    }
}

/* A face becomes four. */
static void add_faces(const sphere *s, const uint64_t *edge, size_t edges, sphere *next) {
    for (size_t f = 0; f < s->faces; f++) {
        const uint32_t *c = s->face[f];
        uint32_t m[3];
        for (int k = 0; k < 3; k++) {
            const uint64_t wanted = edge_of(c[k], c[(k + 1) % 3]);
            const uint64_t *at = bsearch(&wanted, edge, edges, sizeof *edge, compare_edges);
            m[k] = (uint32_t)(s->points + (size_t)(at - edge));
        }
        const uint32_t parts[4][3] = {
            {c[0], m[0], m[2]}, {m[0], c[1], m[1]}, {m[2], m[1], c[2]}, {m[0], m[1], m[2]}};
        memcpy(next->face[next->faces], parts, sizeof parts);
        next->faces += 4;
    }
}

static rad_status sphere_divide(sphere *s, double radius, rad_error *error) {
    sphere next = {.points = s->points};
    const size_t edges = 3 * s->faces / 2;
    uint64_t *edge = rad_new(2 * edges, sizeof *edge, error);
    next.point = rad_new(s->points + edges, sizeof *next.point, error);
    next.face = rad_new(4 * s->faces, sizeof *next.face, error);
    if (!edge || !next.point || !next.face) {
        rad_free(edge);
        sphere_free(&next);
        return RAD_NO_MEMORY;
    }
    memcpy(next.point, s->point, s->points * sizeof *s->point);
    find_edges(s, edge);
    add_points(s, edge, edges, &next);
    add_faces(s, edge, edges, &next);
    for (size_t k = 0; k < next.points; k++) put_on(next.point[k], radius);
    rad_free(edge);
    sphere_free(s);
    *s = next;
    return RAD_OK;
}

/* Associated Legendre function with the phase of Condon and Shortley, m >= 0, by its finite series around -1
 * (DLMF 14.3.4, 15.2.4) in SciPy's order. */
static double legendre_sum(int n, int m, double x) {
    double factor = 1, root = 1, sum = 1, term = 1;
    if (m) {
        factor = (double)n * (n + m);
        for (int j = 1; j < m; j++) factor *= (double)(n * n - j * j);
        for (int j = 1; j <= m; j++) root = 0.5 * root * sqrt(1 - x * x) / j;
        factor *= root;
    }
    for (int k = 1; k <= n - m; k++) {
        term = 0.5 * term * (-n + m + k - 1.0) * (n + m + k) / (k * (k + m)) * (1 + x);
        sum += term;
    }
    return (n % 2 ? -1 : 1) * factor * sum;
}

/* From n = 3 on by recurrence (DLMF 14.10.3). */
static double legendre(int n, int m, double x) {
    if (n <= 2 || n <= m) return legendre_sum(n, m, x);
    double before = legendre_sum(m, m, x), p = legendre_sum(m + 1, m, x);
    for (int j = m + 2; j <= n; j++) {
        const double next = ((2 * j - 1.0) * x * p - (j - 1.0 + m) * before) / (j - m);
        before = p;
        p = next;
    }
    return p;
}

/* (n - m)! / (n + m)!, m >= 0. */
static double ratio(int n, int m) {
    double r = 1;
    for (int k = n - m + 1; k <= n + m; k++) r /= k;
    return r;
}

static double complex harmonic(int n, int m, double azimuth, double polar) {
    const int order = m < 0 ? -m : m;
    double value = legendre(n, order, cos(polar)), inverse = 1;
    if (m < 0) value *= (order % 2 ? -1 : 1) * ratio(n, order);
    for (int k = n + order; k > n - order; k--) inverse *= k;
    value *= sqrt((2 * n + 1) / 4.0 / pi);
    value *= sqrt(m < 0 ? inverse : ratio(n, order));
    return CMPLX(value * cos(m * azimuth), value * sin(m * azimuth));
}

/* NumPy's product, where the processor multiplies and adds in one step. */
static double complex product(double complex a, double complex b) {
    return CMPLX(fma(creal(a), creal(b), -(cimag(a) * cimag(b))),
                 fma(creal(a), cimag(b), cimag(a) * creal(b)));
}

typedef struct job {
    const rad_field *field;
    rad_pyr_filter o;
    rad_box wanted;
    sphere sphere;
    double complex *y; /* [harmonic of the level][point]; owned */
    double *spline;    /* coefficients; owned */
    double *out;
} job;

/* The spline at a point in the precision of the image. */
static double value_at(const job *j, const double at[3]) {
    const rad_field *f = j->field;
    const double x = rad_exact_spline_scipy(j->spline, f->size, at);
    if (!f->whole) return f->single ? (float)x : x;
    const double whole = trunc(x > 0 ? x + 0.5 : x - 0.5);
    return whole < f->ends[0] ? f->ends[0] : whole > f->ends[1] ? f->ends[1] : whole;
}

static double rounded(double x, bool single) {
    return single ? (float)x : x;
}

/* Sums of numpy: eight at a time, in halves beyond 128. In single precision the lanes are floats themselves:
 * gcc 12 leaves out a rounding of doubles to floats where it packs these (-O3). */
#define RAD_LANES(type)                                                                                      \
    type lane[8] = {0};                                                                                      \
    size_t i = 0;                                                                                            \
    for (; i + 8 <= n; i += 8)                                                                               \
        for (size_t k = 0; k < 8; k++) lane[k] += (type)x[i + k];                                            \
    for (int step = 1; step < 8; step *= 2)                                                                  \
        for (int k = 0; k < 8; k += 2 * step) lane[k] += lane[k + step];                                     \
    for (; i < n; i++) lane[0] += (type)x[i];                                                                \
    return lane[0]

static float add_floats(const double *x, size_t n) {
    RAD_LANES(float);
}

static double add_doubles(const double *x, size_t n) {
    RAD_LANES(double);
}

static double sum_of(const double *x, size_t n, bool single) {
    if (n <= 128) return single ? (double)add_floats(x, n) : add_doubles(x, n);
    const size_t half = n / 2 - n / 2 % 8;
    const double low = sum_of(x, half, single), high = sum_of(x + half, n - half, single);
    return single ? (double)((float)low + (float)high) : low + high;
}

static double mean_of(const double *x, size_t n, bool single) {
    const double sum = sum_of(x, n, single);
    return single ? (double)((float)sum / (float)n) : sum / (double)n;
}

/* Excess kurtosis of the points; NaN where they do not differ. */
static double kurtosis(const job *j, double *x) {
    const size_t n = j->sphere.points;
    const bool single = j->field->single;
    const double mean = mean_of(x, n, single), least = single ? 1e-6 : 1e-15;
    for (size_t k = 0; k < n; k++) {
        const double d = rounded(x[k] - mean, single);
        x[k] = rounded(d * d, single);
    }
    const double second = mean_of(x, n, single);
    for (size_t k = 0; k < n; k++) x[k] = rounded(x[k] * x[k], single);
    const double fourth = mean_of(x, n, single);
    if (second <= least * mean * (least * mean)) return NAN;
    return rounded(rounded(fourth / rounded(second * second, single), single) - 3, single);
}

/* Bright points as a sum of the harmonics of one degree, its length over the sphere. Many patterns have the
 * same energy; their last digits decide about percentiles. */
static double energy(const job *j, const double *x, double here) {
    const size_t n = j->sphere.points, harmonics = 2 * (size_t)j->o.method + 1;
    double complex sum = 0, c[2 * 8] = {0};
    for (size_t h = 0; h < harmonics; h++)
        for (size_t k = 0; k < n; k++)
            if (x[k] >= here) c[h] += j->y[h * n + k];
    for (size_t k = 0; k < n; k++) {
        double complex f = 0;
        for (size_t h = 0; h < harmonics; h++) f += product(c[h], j->y[h * n + k]);
        sum += CMPLX(creal(f) * creal(f) - cimag(f) * cimag(f), creal(f) * cimag(f) + cimag(f) * creal(f));
    }
    return creal(csqrt(sum));
}

static rad_status run_row(size_t index, void *context, rad_error *error) {
    const job *j = context;
    const rad_box *w = &j->wanted;
    const size_t height = w->end[1] - w->begin[1], y = w->begin[1] + index % height,
                 z = w->begin[2] + index / height;
    double *x = rad_new_raw(j->sphere.points, sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    for (size_t u = w->begin[0]; u < w->end[0]; u++) {
        const size_t v = (z * j->field->size[1] + y) * j->field->size[0] + u;
        for (size_t k = 0; k < j->sphere.points; k++) { /* the first coordinate goes with z */
            const double *p = j->sphere.point[k];
            x[k] = value_at(j, (const double[]){(double)u + p[2], (double)y + p[1], (double)z + p[0]});
        }
        j->out[v] = j->o.method < 0 ? kurtosis(j, x) : energy(j, x, j->field->data[v]);
    }
    rad_free(x);
    return RAD_OK;
}

static rad_status make_harmonics(job *j, rad_error *error) {
    const int n = j->o.method;
    const size_t points = j->sphere.points;
    if (n < 0) return RAD_OK;
    j->y = rad_new((2 * (size_t)n + 1) * points, sizeof *j->y, error);
    if (!j->y) return RAD_NO_MEMORY;
    for (size_t k = 0; k < points; k++) {
        const double *p = j->sphere.point[k];
        const double azimuth = acos(p[2] / j->o.number), polar = atan2(p[1], p[0]);
        for (int m = -n; m <= n; m++) j->y[(size_t)(m + n) * points + k] = harmonic(n, m, azimuth, polar);
    }
    return RAD_OK;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    job j = {.field = field, .wanted = rad_field_wanted(field), .out = out};
    memcpy(&j.o, options->own, sizeof j.o);
    rad_status status = sphere_begin(&j.sphere, error);
    for (int k = 0; k < j.o.levels && status == RAD_OK; k++)
        status = sphere_divide(&j.sphere, j.o.number, error);
    for (size_t k = 0; status == RAD_OK && j.o.levels == 0 && k < j.sphere.points; k++)
        put_on(j.sphere.point[k], j.o.number);
    if (status == RAD_OK) status = make_harmonics(&j, error);
    if (status == RAD_OK) j.spline = rad_new_raw(rad_field_count(field), sizeof *j.spline, error);
    if (status == RAD_OK && !j.spline) status = RAD_NO_MEMORY;
    if (status == RAD_OK) memcpy(j.spline, field->data, rad_field_count(field) * sizeof *j.spline);
    if (status == RAD_OK) rad_exact_spline_filter(j.spline, field->size, RAD_SPLINE_SCIPY, threads);
    if (status == RAD_OK)
        status =
            rad_parallel_try((j.wanted.end[1] - j.wanted.begin[1]) * (j.wanted.end[2] - j.wanted.begin[2]),
                             threads, run_row, &j, error);
    sphere_free(&j.sphere);
    rad_free(j.y);
    rad_free(j.spline);
    return status;
}

const rad_filter rad_filter_pyr_lbp3d = {.name = "lbp3d",
                                         .code = "",
                                         .help = "local binary patterns in space",
                                         .named = "",
                                         .others = "",
                                         .reach = rad_reach_all,
                                         .run = run};
