/* Laplacian of the recursive Gaussian of ITK: Deriche's filter of order 4 along every axis, twice derived
 * along one of them, in single precision between the axes. */
#include "pyr_filters.h"

#include "../core/memory.h"
#include "../core/parallel.h"
#include "../core/simd.h"

#include <math.h>
#include <string.h>

/* Deriche's constants of a Gaussian and of its second derivative. */
static const double w1 = 0.6681, l1 = -1.3932, w2 = 2.0787, l2 = -1.3732;
static const double a1[2] = {1.3530, -1.3563}, b1[2] = {1.8151, 5.2318}, a2[2] = {-0.3531, 0.3446},
                    b2[2] = {0.0902, -2.2355};

/* out(i) = n . in - d . out forwards, m . in - d . out backwards; what lies beyond an end is its value. */
typedef struct recursion {
    double n[4], m[4], d[4];
    double before[4], behind[4]; /* d times the response to a constant */
} recursion;

/* The numerator of one of the two, with its sums of first and second order. */
typedef struct numerator {
    double n[4], sum, first, second;
} numerator;

static numerator numerator_of(double sigma, int derived) {
    const double s1 = sin(w1 / sigma), s2 = sin(w2 / sigma), c1 = cos(w1 / sigma), c2 = cos(w2 / sigma),
                 e1 = exp(l1 / sigma), e2 = exp(l2 / sigma);
    const double p = a1[derived], q = b1[derived], r = a2[derived], t = b2[derived];
    numerator k;
    k.n[0] = p + r;
    k.n[1] = e2 * (t * s2 - (r + 2 * p) * c2) + e1 * (q * s1 - (p + 2 * r) * c1);
    k.n[2] = 2 * e1 * e2 * ((p + r) * c2 * c1 - (q * c2 * s1 + t * c1 * s2)) + r * e1 * e1 + p * e2 * e2;
    k.n[3] = e2 * e1 * e1 * (t * s2 - r * c2) + e1 * e2 * e2 * (q * s1 - p * c1);
    k.sum = k.n[0] + k.n[1] + k.n[2] + k.n[3];
    k.first = k.n[1] + 2 * k.n[2] + 3 * k.n[3];
    k.second = k.n[1] + 4 * k.n[2] + 9 * k.n[3];
    return k;
}

static void denominator_of(double sigma, double d[4]) {
    const double c1 = cos(w1 / sigma), c2 = cos(w2 / sigma), e1 = exp(l1 / sigma), e2 = exp(l2 / sigma);
    d[3] = e1 * e1 * e2 * e2;
    d[2] = -2 * c1 * e1 * e2 * e2 - 2 * c2 * e2 * e1 * e1;
    d[1] = 4 * c2 * c1 * e1 * e2 + e1 * e1 + e2 * e2;
    d[0] = -2 * (e2 * c2 + e1 * c1);
}

/* The backward half of a symmetric filter, and its ends. */
static void complete(recursion *r) {
    double n = 0, m = 0, d = 1;
    for (int k = 0; k < 4; k++) {
        r->m[k] = (k < 3 ? r->n[k + 1] : 0) - r->d[k] * r->n[0];
        n += r->n[k];
        d += r->d[k];
    }
    for (int k = 0; k < 4; k++) m += r->m[k];
    for (int k = 0; k < 4; k++) {
        r->before[k] = r->d[k] * n / d;
        r->behind[k] = r->d[k] * m / d;
    }
}

static recursion smoothing(double sigma) {
    recursion r;
    const numerator k = numerator_of(sigma, 0);
    denominator_of(sigma, r.d);
    const double sum = 1 + r.d[0] + r.d[1] + r.d[2] + r.d[3], scale = 1 / (2 * k.sum / sum - k.n[0]);
    for (int i = 0; i < 4; i++) r.n[i] = k.n[i] * scale;
    complete(&r);
    return r;
}

/* The second derivative, times a factor. */
static recursion curvature(double sigma, double factor) {
    recursion r;
    numerator g = numerator_of(sigma, 0), k = numerator_of(sigma, 1);
    denominator_of(sigma, r.d);
    const double *d = r.d;
    const double sd = 1 + d[0] + d[1] + d[2] + d[3], dd = d[0] + 2 * d[1] + 3 * d[2] + 4 * d[3],
                 ed = d[0] + 4 * d[1] + 9 * d[2] + 16 * d[3];
    const double beta = -(2 * k.sum - sd * k.n[0]) / (2 * g.sum - sd * g.n[0]);
    for (int i = 0; i < 4; i++) k.n[i] += beta * g.n[i];
    k.sum += beta * g.sum;
    k.first += beta * g.first;
    k.second += beta * g.second;
    const double alpha =
        (k.second * sd * sd - ed * k.sum * sd - 2 * k.first * dd * sd + 2 * dd * dd * k.sum) / (sd * sd * sd);
    for (int i = 0; i < 4; i++) r.n[i] = k.n[i] * factor / alpha;
    complete(&r);
    return r;
}

/* Lines that are filtered side by side: enough that the processor does not wait for the value before. */
enum { LINES = 16 };
typedef struct lanes {
    double of[LINES];
} lanes;

/* One output at an end of the lines: four inputs and four outputs, and what they count. */
RAD_KERNEL_LOOP void join_end_loop(const double *const *in, const double *const *back, const double *n,
                                   const double *d, double *restrict out) {
    const double *a = in[0], *b = in[1], *c = in[2], *e = in[3];
    const double *f = back[0], *g = back[1], *h = back[2], *k = back[3];
#pragma omp simd
    for (size_t w = 0; w < LINES; w++)
        out[w] = ((((0 + a[w] * n[0]) + b[w] * n[1]) + c[w] * n[2]) + e[w] * n[3]) -
                 ((((0 + f[w] * d[0]) + g[w] * d[1]) + h[w] * d[2]) + k[w] * d[3]);
}
RAD_KERNEL(join_end,
           (const double *const *in, const double *const *back, const double *n, const double *d,
            double *restrict out),
           (in, back, n, d, out))

/* Where the recursion reads beyond an end, it finds the value there. */
static void begin_forwards(const recursion *r, size_t n, const lanes *in, lanes *out) {
    for (size_t i = 0; i < n && i < 4; i++) {
        const double *from[4], *back[4];
        double d[4];
        for (size_t k = 0; k < 4; k++) {
            from[k] = in[i >= k ? i - k : 0].of;
            back[k] = i > k ? out[i - 1 - k].of : in[0].of;
            d[k] = i > k ? r->d[k] : r->before[k];
        }
        join_end(from, back, r->n, d, out[i].of);
    }
}

static void begin_backwards(const recursion *r, size_t n, const lanes *in, lanes *out) {
    for (size_t i = n; i-- > 0 && i + 4 >= n;) {
        const double *from[4], *back[4];
        double d[4];
        for (size_t k = 0; k < 4; k++) {
            const bool inside = i + 1 + k < n;
            from[k] = in[inside ? i + 1 + k : n - 1].of;
            back[k] = inside ? out[i + 1 + k].of : in[n - 1].of;
            d[k] = inside ? r->d[k] : r->behind[k];
        }
        join_end(from, back, r->m, d, out[i].of);
    }
}

/* What lies between: every line of a group at once. */
RAD_KERNEL_LOOP void go_forwards_loop(const recursion *r, size_t n, const lanes *in, lanes *restrict out) {
    const double n0 = r->n[0], n1 = r->n[1], n2 = r->n[2], n3 = r->n[3];
    const double d0 = r->d[0], d1 = r->d[1], d2 = r->d[2], d3 = r->d[3];
    for (size_t i = 4; i < n; i++) {
        const double *a = in[i].of, *b = in[i - 1].of, *c = in[i - 2].of, *e = in[i - 3].of;
        double *f = out[i - 1].of, *g = out[i - 2].of, *h = out[i - 3].of, *k = out[i - 4].of,
               *to = out[i].of;
#pragma omp simd
        for (size_t w = 0; w < LINES; w++)
            to[w] = a[w] * n0 + b[w] * n1 + c[w] * n2 + e[w] * n3 -
                    (f[w] * d0 + g[w] * d1 + h[w] * d2 + k[w] * d3);
    }
}
RAD_KERNEL(go_forwards, (const recursion *r, size_t n, const lanes *in, lanes *restrict out), (r, n, in, out))

RAD_KERNEL_LOOP void go_backwards_loop(const recursion *r, size_t n, const lanes *in, lanes *restrict out) {
    const double m0 = r->m[0], m1 = r->m[1], m2 = r->m[2], m3 = r->m[3];
    const double d0 = r->d[0], d1 = r->d[1], d2 = r->d[2], d3 = r->d[3];
    for (size_t i = n > 4 ? n - 4 : 0; i-- > 0;) {
        const double *a = in[i + 1].of, *b = in[i + 2].of, *c = in[i + 3].of, *e = in[i + 4].of;
        double *f = out[i + 1].of, *g = out[i + 2].of, *h = out[i + 3].of, *k = out[i + 4].of,
               *to = out[i].of;
#pragma omp simd
        for (size_t w = 0; w < LINES; w++)
            to[w] = a[w] * m0 + b[w] * m1 + c[w] * m2 + e[w] * m3 -
                    (f[w] * d0 + g[w] * d1 + h[w] * d2 + k[w] * d3);
    }
}
RAD_KERNEL(go_backwards, (const recursion *r, size_t n, const lanes *in, lanes *restrict out),
           (r, n, in, out))

/* Values `step` apart become lanes, lines that are `apart` side by side. */
#define LOAD_LINES(name, type)                                                                               \
    RAD_KERNEL_LOOP void name##_loop(const type *in, size_t step, size_t apart, size_t n,                    \
                                     lanes *restrict out) {                                                  \
        for (size_t i = 0; i < n; i++)                                                                       \
            _Pragma("omp simd") for (size_t w = 0; w < LINES; w++) out[i].of[w] = in[i * step + w * apart];  \
    }                                                                                                        \
    RAD_KERNEL(name, (const type *in, size_t step, size_t apart, size_t n, lanes *restrict out),             \
               (in, step, apart, n, out))
LOAD_LINES(load_floats, float)
LOAD_LINES(load_doubles, double)

/* And back, as the sum of both halves in single precision. */
RAD_KERNEL_LOOP void add_halves_loop(const lanes *forth, const lanes *back, size_t n, size_t step,
                                     size_t apart, float *restrict out) {
    for (size_t i = 0; i < n; i++) {
        float sums[LINES];
#pragma omp simd
        for (size_t w = 0; w < LINES; w++) sums[w] = (float)(forth[i].of[w] + back[i].of[w]);
        for (size_t w = 0; w < LINES; w++) out[i * step + w * apart] = sums[w];
    }
}
RAD_KERNEL(add_halves,
           (const lanes *forth, const lanes *back, size_t n, size_t step, size_t apart, float *restrict out),
           (forth, back, n, step, apart, out))

/* A pass along one axis: from doubles or floats of a whole field to floats, over the lines that cross a box.
 */
typedef struct pass {
    const size_t *size;
    int axis;
    recursion filter;
    const double *doubles; /* or ... */
    const float *in;
    float *out;
    rad_box box;     /* of lines, and of what is kept of them */
    size_t from, to; /* of the lines that are seen */
    size_t batch;    /* groups of lines of a plane */
} pass;

/* The lines of a group: values `step` apart in a line, lines `apart`. */
typedef struct group {
    size_t at, step, apart, lines;
} group;

static void load_lines(const pass *p, const group *g, size_t n, lanes *to) {
    const size_t from = g->at + p->from * g->step;
    if (g->lines == LINES && p->doubles) {
        load_doubles(p->doubles + from, g->step, g->apart, n, to);
    } else if (g->lines == LINES) {
        load_floats(p->in + from, g->step, g->apart, n, to);
    } else {
        memset(to, 0, n * sizeof *to);
        for (size_t i = 0; i < n; i++)
            for (size_t w = 0, at = from + i * g->step; w < g->lines; w++, at += g->apart)
                to[i].of[w] = p->doubles ? p->doubles[at] : p->in[at];
    }
}

/* What is kept of the lines. */
static void save_lines(const pass *p, const group *g, const lanes *forth, const lanes *back) {
    const size_t begin = p->box.begin[p->axis], n = p->box.end[p->axis] - begin;
    float *to = p->out + g->at + begin * g->step;
    forth += begin - p->from;
    back += begin - p->from;
    if (g->lines == LINES) {
        add_halves(forth, back, n, g->step, g->apart, to);
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t w = 0; w < g->lines; w++)
            to[i * g->step + w * g->apart] = (float)(forth[i].of[w] + back[i].of[w]);
}

static rad_status run_lines(size_t index, void *context, rad_error *error) {
    const pass *p = context;
    const int a = p->axis, b = a == 0 ? 1 : 0, c = a == 2 ? 1 : 2;
    const size_t step[3] = {1, p->size[0], p->size[0] * p->size[1]}, n = p->to - p->from;
    const size_t first = p->box.begin[b] + index % p->batch * LINES, left = p->box.end[b] - first;
    const group g = {first * step[b] + (p->box.begin[c] + index / p->batch) * step[c], step[a], step[b],
                     left < LINES ? left : LINES};
    lanes *in = rad_new_raw(3 * n, sizeof *in, error);
    if (!in) return RAD_NO_MEMORY;
    lanes *forth = in + n, *back = forth + n;
    load_lines(p, &g, n, in);
    begin_forwards(&p->filter, n, in, forth);
    go_forwards(&p->filter, n, in, forth);
    begin_backwards(&p->filter, n, in, back);
    go_backwards(&p->filter, n, in, back);
    save_lines(p, &g, forth, back);
    rad_free(in);
    return RAD_OK;
}

static rad_status run_pass(pass *p, int threads, rad_error *error) {
    const int b = p->axis == 0 ? 1 : 0, c = p->axis == 2 ? 1 : 2;
    p->batch = (p->box.end[b] - p->box.begin[b] + LINES - 1) / LINES;
    return rad_parallel_try(p->batch * (p->box.end[c] - p->box.begin[c]), threads, run_lines, p, error);
}

/* Deviations away from which nothing that counts comes: the recursions fall off by exp(-1.37) in one. */
static const double REACH = 16;

/* What the voxels that are wanted see. */
static rad_box seen_box(const rad_field *field, double sigma) {
    const rad_box wanted = rad_field_wanted(field);
    rad_box seen = wanted;
    for (int a = 0; a < 3; a++) {
        const double reach = ceil(REACH * sigma / field->spacing[a]), left = (double)wanted.begin[a],
                     right = (double)(field->size[a] - wanted.end[a]);
        seen.begin[a] -= (size_t)fmin(reach, left);
        seen.end[a] += (size_t)fmin(reach, right);
    }
    return seen;
}

/* The second derivative along `axis` of the smoothed field, where it is wanted. */
static rad_status derive(const rad_field *field, double sigma, int axis, int threads, float *buffer,
                         rad_error *error) {
    const rad_box wanted = rad_field_wanted(field), seen = seen_box(field, sigma);
    rad_box box = seen;
    rad_status status = RAD_OK;
    for (int turn = 0; turn < 3 && status == RAD_OK; turn++) {
        const int along = turn == 0 ? axis : turn <= axis ? turn - 1 : turn;
        const double own = sigma / field->spacing[along];
        box.begin[along] = wanted.begin[along]; /* what later passes do not read is not kept */
        box.end[along] = wanted.end[along];
        pass p = {.size = field->size,
                  .axis = along,
                  .filter = turn ? smoothing(own) : curvature(own, sigma * sigma),
                  .doubles = turn ? NULL : field->data,
                  .in = buffer,
                  .out = buffer,
                  .box = box,
                  .from = seen.begin[along],
                  .to = seen.end[along]};
        status = run_pass(&p, threads, error);
    }
    return status;
}

/* Derivatives are added up over the voxels that are wanted, and then go where they lie in the field. */
static void add_rows(const rad_field *field, const float *derived, double square, bool first, float *sum) {
    const rad_box w = rad_field_wanted(field);
    for (size_t z = w.begin[2]; z < w.end[2]; z++)
        for (size_t y = w.begin[1]; y < w.end[1]; y++) {
            const float *row = derived + (z * field->size[1] + y) * field->size[0];
            for (size_t x = w.begin[0]; x < w.end[0]; x++, sum++)
                *sum = (float)((first ? 0 : (double)*sum) + row[x] / square);
        }
}

static void put_rows(const rad_field *field, const float *sum, double *out) {
    const rad_box w = rad_field_wanted(field);
    for (size_t z = w.begin[2]; z < w.end[2]; z++)
        for (size_t y = w.begin[1]; y < w.end[1]; y++) {
            double *row = out + (z * field->size[1] + y) * field->size[0];
            for (size_t x = w.begin[0]; x < w.end[0]; x++) row[x] = *sum++;
        }
}

/* The passes go over the memory that the response will have: what is not used need not be cleared. */
static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    rad_pyr_filter o;
    memcpy(&o, options->own, sizeof o);
    const rad_box w = rad_field_wanted(field);
    float *buffer = (float *)out, *sum = rad_new_raw(rad_box_count(&w), sizeof *sum, error);
    rad_status status = sum ? RAD_OK : RAD_NO_MEMORY;
    for (int axis = 0; axis < 3 && status == RAD_OK; axis++) {
        status = derive(field, o.number, axis, threads, buffer, error);
        if (status == RAD_OK)
            add_rows(field, buffer, field->spacing[axis] * field->spacing[axis], axis == 0, sum);
    }
    if (status == RAD_OK) put_rows(field, sum, out);
    rad_free(sum);
    return status;
}

/* What the voxels see, and enough for `unfit` to say of the box what it would say of the image. */
static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    rad_pyr_filter o;
    (void)error;
    memcpy(&o, options->own, sizeof o);
    for (int a = 0; a < 3; a++) reach[a] = (size_t)fmin(fmax(ceil(REACH * o.number / spacing[a]), 4), 0x1p40);
    return RAD_OK;
}

static const char *unfit(const rad_filter_options *options, const size_t size[3], const double spacing[3]) {
    rad_pyr_filter o;
    memcpy(&o, options->own, sizeof o);
    for (int a = 0; a < 3; a++)
        if (size[a] < 4 || (double)size[a] < ceil(o.number / spacing[a]) + 1)
            return "the image is too small for a LoG of that sigma";
    return NULL;
}

const rad_filter rad_filter_pyr_log = {.name = "log",
                                       .code = "",
                                       .help = "Laplacian of the recursive Gaussian",
                                       .named = "",
                                       .others = "",
                                       .reach = reach,
                                       .run = run,
                                       .unfit = unfit,
                                       .gives = RAD_GIVES_SINGLE};
