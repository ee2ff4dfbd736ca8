#include "width.h"

#include "../core/memory.h"
#include "../core/simd.h"

#include <math.h>
#include <string.h>

enum { LANES = RAD_WIDTH_LANES };

/* Directions d and -d are alike: three faces of a cube, with about as many cells as the hull has facets. */
enum { FACES = 3, CELLS_LEAST = 4, CELLS_MOST = 16 };

static double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static size_t place_on_face(double part, size_t cells) {
    const double at = (part + 1) / 2 * (double)cells;
    return at > 0 ? at < (double)cells ? (size_t)at : cells - 1 : 0;
}

static size_t cell_of(size_t cells, const double d[3]) {
    const double x = fabs(d[0]), y = fabs(d[1]), z = fabs(d[2]);
    const size_t most = x >= y ? (x >= z ? 0 : 2) : (y >= z ? 1 : 2), next = most < 2 ? most + 1 : 0,
                 last = 3 - most - next;
    const double scale = 1 / d[most];
    return (most * cells + place_on_face(d[next] * scale, cells)) * cells +
           place_on_face(d[last] * scale, cells);
}

static void middle_of(size_t cell, size_t cells, double d[3]) {
    const size_t most = cell / (cells * cells), next = most < 2 ? most + 1 : 0, last = 3 - most - next;
    d[most] = 1;
    d[next] = (2 * ((double)(cell / cells % cells) + 0.5)) / (double)cells - 1;
    d[last] = (2 * ((double)(cell % cells) + 0.5)) / (double)cells - 1;
}

typedef struct extremes {
    double low[LANES], high[LANES], lowest[LANES], highest[LANES]; /* and which vertices they are */
} extremes;

RAD_KERNEL_LOOP void find_extremes_loop(double *const vertex[3], size_t count, const double *d,
                                        extremes *restrict e) {
    const double *x = vertex[0], *y = vertex[1], *z = vertex[2], a = d[0], b = d[1], c = d[2];
    double low[LANES], high[LANES], lowest[LANES] = {0}, highest[LANES] = {0};
    for (int l = 0; l < LANES; l++) low[l] = -(high[l] = -INFINITY);
    for (size_t i = 0; i < count; i += LANES) {
        const double at = (double)(int)i;
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double h = x[i + l] * a + y[i + l] * b + z[i + l] * c;
            lowest[l] = h < low[l] ? at : lowest[l];
            low[l] = h < low[l] ? h : low[l];
            highest[l] = h > high[l] ? at : highest[l];
            high[l] = h > high[l] ? h : high[l];
        }
    }
    memcpy(e->low, low, sizeof low);
    memcpy(e->high, high, sizeof high);
    memcpy(e->lowest, lowest, sizeof lowest);
    memcpy(e->highest, highest, sizeof highest);
}
RAD_KERNEL(find_extremes, (double *const vertex[3], size_t count, const double *d, extremes *restrict e),
           (vertex, count, d, e))

rad_status rad_widths_make(double *const vertex[3], size_t count, rad_widths *widths, rad_error *error) {
    const double wanted = sqrt(2 * (double)count / FACES);
    widths->cells = (size_t)fmin(fmax(wanted, CELLS_LEAST), CELLS_MOST);
    const size_t all = FACES * widths->cells * widths->cells;
    widths->span = rad_new_raw(all, sizeof *widths->span, error);
    if (!widths->span) return RAD_NO_MEMORY;
    for (int k = 0; k < RAD_WIDTH_ANGLES / 2; k++) {
        widths->turn[k][0] = cos(acos(-1) * k / RAD_WIDTH_ANGLES);
        widths->turn[k][1] = sin(acos(-1) * k / RAD_WIDTH_ANGLES);
    }
    for (size_t cell = 0; cell < all; cell++) {
        extremes e;
        double d[3];
        size_t low = 0, high = 0;
        middle_of(cell, widths->cells, d);
        find_extremes(vertex, count, d, &e);
        for (size_t l = 1; l < LANES; l++) {
            if (e.low[l] < e.low[low]) low = l;
            if (e.high[l] > e.high[high]) high = l;
        }
        const size_t from = (size_t)e.lowest[low] + low, to = (size_t)e.highest[high] + high;
        for (int a = 0; a < 3; a++) widths->span[cell][a] = vertex[a][to] - vertex[a][from];
    }
    return RAD_OK;
}

void rad_widths_free(rad_widths *widths) {
    rad_free(widths->span);
    widths->span = NULL;
}

double rad_widths_along(const rad_widths *widths, const double d[3]) {
    return fabs(dot(widths->span[cell_of(widths->cells, d)], d));
}

/* Between angles half a step before and behind one, the sides are at least w cos + t sin and
 * w' cos + t' sin of the distance to it, so that their product is a sine of its double. */
static double least_product(double w, double t, double across_w, double across_t) {
    static const double cosine = 0.99144486137381038215, sine = 0.13052619222005157340; /* of pi / 24 */
    const double mean = (w * across_w + t * across_t) / 2, even = (w * across_w - t * across_t) / 2,
                 odd = (w * across_t + t * across_w) / 2;
    if (even < 0) return mean - sqrt(even * even + odd * odd); /* the least may lie between the ends */
    return mean + even * cosine - fabs(odd) * sine;
}

double rad_widths_rectangle(const rad_widths *widths, const double u[3], const double v[3]) {
    double least = INFINITY;
    for (int k = 0; k < RAD_WIDTH_ANGLES / 2; k++) {
        const double *turn = widths->turn[k];
        double d[3], e[3];
        for (int a = 0; a < 3; a++) {
            d[a] = u[a] * turn[0] + v[a] * turn[1];
            e[a] = v[a] * turn[0] - u[a] * turn[1];
        }
        const double *along = widths->span[cell_of(widths->cells, d)],
                     *across = widths->span[cell_of(widths->cells, e)];
        const double w = dot(along, d), t = dot(along, e), across_w = dot(across, e),
                     across_t = -dot(across, d);
        const double product =
            least_product(w < 0 ? -w : w, w < 0 ? -t : t, across_w < 0 ? -across_w : across_w,
                          across_w < 0 ? -across_t : across_t);
        least = product < least ? product : least;
    }
    return least;
}
