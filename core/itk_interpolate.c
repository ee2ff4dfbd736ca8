#include "itk_interpolate.h"

#include "exact_spline.h"
#include "interpolate.h"
#include "memory.h"
#include "parallel.h"
#include "svd3.h"

#include <math.h>
#include <string.h>

/* World to index of a grid, and index to world of another, as ITK multiplies them. */
typedef struct mapping {
    const rad_geometry *own, *grid;
    double to_world[9], to_index[9];
} mapping;

static bool mapping_make(const rad_geometry *own, const rad_geometry *grid, mapping *m) {
    double scaled[9];
    *m = (mapping){.own = own, .grid = grid};
    for (int r = 0; r < 3; r++)
        for (int a = 0; a < 3; a++) {
            m->to_world[3 * r + a] = grid->direction[3 * r + a] * grid->spacing[a];
            scaled[3 * r + a] = own->direction[3 * r + a] * own->spacing[a];
        }
    return rad_svd3_inverse(scaled, m->to_index);
}

static void find_index(const mapping *m, const double at[3], double index[3]) {
    double world[3];
    for (int r = 0; r < 3; r++) {
        world[r] = m->grid->origin[r];
        for (int a = 0; a < 3; a++) world[r] += m->to_world[3 * r + a] * at[a];
        world[r] -= m->own->origin[r];
    }
    for (int a = 0; a < 3; a++) {
        index[a] = 0;
        for (int r = 0; r < 3; r++) index[a] += m->to_index[3 * a + r] * world[r];
    }
}

/* A row of the grid: its voxels lie evenly between its first one and the one behind its last. */
typedef struct line {
    double first[3], extent[3];
} line;

static line find_line(const mapping *m, size_t row) {
    const size_t *n = m->grid->size;
    const size_t y = row % n[1], z = row / n[1];
    double at[3] = {0, (double)y, (double)z};
    line l;
    find_index(m, at, l.first);
    at[0] = (double)n[0];
    find_index(m, at, l.extent);
    for (int a = 0; a < 3; a++) l.extent[a] -= l.first[a];
    return l;
}

/* False beyond half a voxel around the outermost centres. */
static bool place(const mapping *m, const line *l, size_t x, double at[3]) {
    const double alpha = (double)x / (double)m->grid->size[0];
    bool inside = true;
    for (int a = 0; a < 3; a++) {
        at[a] = l->first[a] + alpha * l->extent[a];
        inside = inside && at[a] >= -0.5 && at[a] < (double)m->own->size[a] - 0.5;
    }
    return inside;
}

/* What a position reads on an axis. */
enum { TAPS_MAX = 16 };
typedef struct taps {
    size_t index[TAPS_MAX];
    double weight[TAPS_MAX];
    int count;
} taps;

static size_t clamp(ptrdiff_t i, size_t n) {
    return i < 0 ? 0 : i < (ptrdiff_t)n ? (size_t)i : n - 1;
}

static void take_nearest(double x, size_t n, taps *t) {
    *t = (taps){{clamp((ptrdiff_t)floor(x + 0.5), n)}, {1}, 1};
}

/* The base goes by the position in single precision. */
static void take_bspline(double x, size_t n, taps *t) {
    const double i = floor((double)(float)x), w = x - i;
    t->weight[3] = 1.0 / 6 * w * w * w;
    t->weight[0] = 1.0 / 6 + 0.5 * w * (w - 1) - t->weight[3];
    t->weight[2] = w + t->weight[0] - 2 * t->weight[3];
    t->weight[1] = 1 - t->weight[0] - t->weight[2] - t->weight[3];
    t->count = 4;
    for (int k = 0; k < 4; k++) t->index[k] = rad_mirror((ptrdiff_t)i - 1 + k, n);
}

enum { RADIUS = 5 };

static const double pi = 3.14159265358979323846;

static double window(rad_itk_interpolator method, double x) {
    switch (method) {
    case RAD_ITK_HAMMING:
        return 0.54 + 0.46 * cos(x * (pi / RADIUS));
    case RAD_ITK_COSINE:
        return cos(x * (pi / (2 * RADIUS)));
    case RAD_ITK_WELCH:
        return 1 - x * (1.0 / (RADIUS * RADIUS)) * x;
    case RAD_ITK_LANCZOS:
        return x == 0 ? 1 : sin(pi / RADIUS * x) / (pi / RADIUS * x);
    default:
        return 0.42 + 0.5 * cos(x * (pi / RADIUS)) + 0.08 * cos(x * (2 * pi / RADIUS));
    }
}

/* A position within a tenth of a rounding of a centre takes its voxel alone. */
static void take_sinc(rad_itk_interpolator method, double x, size_t n, taps *t) {
    const double f = x - floor(x);
    const bool on = f <= 0.1 * 0x1p-52;
    const ptrdiff_t base = (ptrdiff_t)floor(x);
    double d = f + RADIUS;
    t->count = 2 * RADIUS;
    for (int k = 0; k < 2 * RADIUS; k++) {
        d -= 1;
        t->index[k] = clamp(base - RADIUS + 1 + k, n);
        t->weight[k] = on ? k == RADIUS - 1 : window(method, d) * (d == 0 ? 1 : sin(pi * d) / (pi * d));
    }
}

/* ITK's error function: the incomplete gamma function of 1/2 by its series or its continued fraction
 * (Lentz), either of which ends when a term is below 3e-7; the logarithm of gamma by Lanczos with six terms.
 * Its seventh digit is seen in intensities. */
static double gamma_half(void) {
    const double a = 0.5, high = a + 4.65;
    const double p = 2.50662827563479526904 + 225.525584619175212544 / a - 268.295973841304927459 / (a + 1) +
                     80.9030806934622512966 / (a + 2) - 5.00757863970517583837 / (a + 3) +
                     0.0114684895434781459556 / (a + 4);
    return log(p) + (a - 0.5) * log(high) - high;
}

enum { TERMS = 100 };

static double by_series(double x) {
    double a = 0.5, term = 1 / a, sum = term;
    for (int i = 0; i < TERMS; i++) {
        a += 1;
        term *= x / a;
        sum += term;
        if (fabs(term) < fabs(sum) * 3e-7) break;
    }
    return sum;
}

static double by_fraction(double x) {
    double b = x + 1 - 0.5, c = 1 / 1e-30, d = 1 / b, fraction = d;
    for (int i = 1; i <= TERMS; i++) {
        const double a = i * (0.5 - i);
        b += 2;
        d = a * d + b;
        if (fabs(d) < 1e-30) d = 1e-30;
        c = b + a / c;
        if (fabs(c) < 1e-30) c = 1e-30;
        d = 1 / d;
        const double step = d * c;
        fraction *= step;
        if (fabs(step - 1) < 3e-7) break;
    }
    return fraction;
}

static double error_function(double t) {
    const double x = t * t;
    if (!(x > 0)) return 0;
    const double scale = exp(-x + 0.5 * log(x) - gamma_half());
    const double p = x < 1.5 ? by_series(x) * scale : 1 - scale * by_fraction(x);
    return t < 0 ? -p : p;
}

/* Shares of a Gaussian in the voxels up to `reach` deviations away; sigma in mm. */
static void take_gaussian(double x, size_t n, double sigma, double reach, double spacing, taps *t) {
    const double cutoff = sigma * reach / spacing, scale = 1 / (sqrt(2) * sigma / spacing);
    const ptrdiff_t begin = (ptrdiff_t)fmax(0, floor(x + 0.5 - cutoff)),
                    end = (ptrdiff_t)fmin((double)n, ceil(x + 0.5 + cutoff));
    t->count = 0;
    double at = (-0.5 - x + (double)begin) * scale, before = error_function(at);
    for (ptrdiff_t i = begin; i < end && t->count < TAPS_MAX; i++) {
        at += scale;
        const double after = error_function(at);
        t->index[t->count] = (size_t)i;
        t->weight[t->count++] = after - before;
        before = after;
    }
}

static void take(rad_itk_interpolator method, double x, size_t n, double spacing, taps *t) {
    switch (method) {
    case RAD_ITK_NEAREST:
        take_nearest(x, n, t);
        break;
    case RAD_ITK_BSPLINE:
        take_bspline(x, n, t);
        break;
    case RAD_ITK_GAUSSIAN:
        take_gaussian(x, n, 0.8 * spacing, 4, spacing, t);
        break;
    case RAD_ITK_LABEL_GAUSSIAN:
        take_gaussian(x, n, spacing, 1, spacing, t);
        break;
    default:
        take_sinc(method, x, n, t);
        break;
    }
}

typedef struct job {
    mapping m;
    const double *in;
    rad_itk_interpolator method;
    double *out;
} job;

/* The value whose voxels weigh most; of equal ones the one that got there first. */
static double heaviest(const job *j, const taps t[3]) {
    const size_t *n = j->m.own->size;
    enum { VALUES = 64 }; /* three taps an axis, as the reach is one voxel */
    double value[VALUES], weight[VALUES], best = 0, most = 0;
    int count = 0;
    for (int c = 0; c < t[2].count; c++)
        for (int b = 0; b < t[1].count; b++)
            for (int a = 0; a < t[0].count; a++) {
                const double x = j->in[(t[2].index[c] * n[1] + t[1].index[b]) * n[0] + t[0].index[a]];
                int k = 0;
                while (k < count && value[k] != x) k++;
                if (k == VALUES) continue;
                if (k == count) {
                    value[count] = x;
                    weight[count++] = 0;
                }
                weight[k] += t[0].weight[a] * t[1].weight[b] * t[2].weight[c];
                if (weight[k] > most) {
                    most = weight[k];
                    best = x;
                }
            }
    return best;
}

/* Voxel by voxel in the order of memory: the last digit decides where the sum of whole numbers is whole, and
 * is truncated then. Weights are multiplied with each other, or by a sinc with the voxel. */
static double blend(const job *j, const taps t[3]) {
    const size_t *n = j->m.own->size;
    const bool sinc = j->method >= RAD_ITK_HAMMING;
    double sum = 0, all = 0;
    for (int c = 0; c < t[2].count; c++)
        for (int b = 0; b < t[1].count; b++) {
            const double *row = j->in + (t[2].index[c] * n[1] + t[1].index[b]) * n[0];
            const double y = t[1].weight[b], z = t[2].weight[c];
            for (int a = 0; a < t[0].count; a++) {
                const double x = t[0].weight[a], value = row[t[0].index[a]], weight = x * y * z;
                sum += sinc ? value * x * y * z : value * weight;
                all += weight;
            }
        }
    return j->method == RAD_ITK_GAUSSIAN ? sum / all : sum;
}

/* From corner to corner, x first; an axis without a fraction, or without a further voxel, is left out. */
static double blend_linear(const job *j, const double at[3]) {
    const size_t *n = j->m.own->size, step[3] = {1, n[0], n[0] * n[1]};
    double corner[8], fraction[3];
    size_t first = 0;
    bool used[3];
    for (int a = 0; a < 3; a++) {
        const double base = fmax(floor(at[a]), 0);
        fraction[a] = at[a] - base;
        used[a] = fraction[a] > 0 && base + 1 < (double)n[a];
        first += (size_t)base * step[a];
    }
    for (int c = 0; c < 8; c++) {
        size_t v = first;
        for (int a = 0; a < 3; a++) v += (c >> a & used[a]) ? step[a] : 0;
        corner[c] = j->in[v];
    }
    for (int a = 0; a < 3; a++)
        for (int c = 0; c < 8 >> a; c += 2)
            corner[c / 2] = used[a] ? corner[c] + (corner[c + 1] - corner[c]) * fraction[a] : corner[c];
    return corner[0];
}

static void run_row(size_t row, void *context) {
    const job *j = context;
    const size_t width = j->m.grid->size[0];
    const line l = find_line(&j->m, row);
    for (size_t x = 0; x < width; x++) {
        double at[3];
        taps t[3];
        double *out = &j->out[row * width + x];
        *out = 0;
        if (!place(&j->m, &l, x, at)) continue;
        if (j->method == RAD_ITK_LINEAR) {
            *out = blend_linear(j, at);
            continue;
        }
        for (int a = 0; a < 3; a++) take(j->method, at[a], j->m.own->size[a], j->m.own->spacing[a], &t[a]);
        *out = j->method == RAD_ITK_LABEL_GAUSSIAN ? heaviest(j, t) : blend(j, t);
    }
}

static rad_status singular(rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "the directions of the axes are not independent");
}

rad_status rad_itk_interpolate(double *in, const rad_geometry *own, const rad_geometry *grid,
                               rad_itk_interpolator method, int threads, double *out, rad_error *error) {
    job j = {.in = in, .method = method, .out = out};
    if (!mapping_make(own, grid, &j.m)) return singular(error);
    if (method == RAD_ITK_BSPLINE) rad_exact_spline_filter(in, own->size, RAD_SPLINE_ITK, threads);
    rad_parallel_for(grid->size[1] * grid->size[2], threads, run_row, &j);
    return RAD_OK;
}

rad_status rad_itk_nearest(const uint8_t *in, const rad_geometry *own, const rad_geometry *grid, uint8_t *out,
                           rad_error *error) {
    mapping m;
    const size_t width = grid->size[0];
    if (!mapping_make(own, grid, &m)) return singular(error);
    for (size_t row = 0; row < grid->size[1] * grid->size[2]; row++) {
        const line l = find_line(&m, row);
        for (size_t x = 0; x < width; x++) {
            double at[3];
            taps t[3];
            out[row * width + x] = 0;
            if (!place(&m, &l, x, at)) continue;
            for (int a = 0; a < 3; a++) take_nearest(at[a], own->size[a], &t[a]);
            out[row * width + x] =
                in[(t[2].index[0] * own->size[1] + t[1].index[0]) * own->size[0] + t[0].index[0]];
        }
    }
    return RAD_OK;
}
