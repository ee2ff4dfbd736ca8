#include "width.h"

#include "../core/memory.h"

#include <math.h>

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

/* The vertices at the other ends of the edges of each: of vertex v from begin[v] on. */
typedef struct neighbours {
    uint32_t *begin, *other;
} neighbours;

static rad_status find_neighbours(const rad_hull *hull, neighbours *n, rad_error *error) {
    n->begin = rad_new(hull->vertex_count + 2 + 2 * hull->edge_count, sizeof *n->begin, error);
    if (!n->begin) return RAD_NO_MEMORY;
    uint32_t *next = n->begin + 1; /* where the next one of each goes; in the end, where they begin */
    n->other = n->begin + hull->vertex_count + 2;
    for (size_t e = 0; e < hull->edge_count; e++) {
        const rad_hull_edge *edge = &hull->edges[e];
        next[edge->a + 1]++;
        next[edge->b + 1]++;
    }
    for (size_t v = 1; v <= hull->vertex_count; v++) next[v] += next[v - 1];
    for (size_t e = 0; e < hull->edge_count; e++) {
        const rad_hull_edge *edge = &hull->edges[e];
        n->other[next[edge->a]++] = edge->b;
        n->other[next[edge->b]++] = edge->a;
    }
    return RAD_OK;
}

/* Along edges from vertex to vertex while it goes up: where no edge does, a hull ends. */
static uint32_t climb(const rad_hull *hull, const neighbours *n, const double d[3], uint32_t from) {
    double highest = dot(hull->vertices[from], d);
    for (uint32_t at = from + 1; at != from;) {
        at = from;
        for (uint32_t k = n->begin[at]; k < n->begin[at + 1]; k++) {
            const double height = dot(hull->vertices[n->other[k]], d);
            if (height <= highest) continue;
            highest = height;
            from = n->other[k];
        }
    }
    return from;
}

/* Each cell lies near the one before, and so do its furthest vertices. */
static void find_spans(const rad_hull *hull, const neighbours *n, rad_widths *widths) {
    uint32_t top = 0, bottom = 0;
    for (size_t cell = 0; cell < FACES * widths->cells * widths->cells; cell++) {
        double d[3], down[3];
        middle_of(cell, widths->cells, d);
        for (int a = 0; a < 3; a++) down[a] = -d[a];
        top = climb(hull, n, d, top);
        bottom = climb(hull, n, down, bottom);
        for (int a = 0; a < 3; a++)
            widths->span[cell][a] = hull->vertices[top][a] - hull->vertices[bottom][a];
    }
}

rad_status rad_widths_make(const rad_hull *hull, rad_widths *widths, rad_error *error) {
    const double wanted = sqrt(2 * (double)hull->vertex_count / FACES);
    neighbours n;
    widths->cells = (size_t)fmin(fmax(wanted, CELLS_LEAST), CELLS_MOST);
    widths->span = NULL;
    if (find_neighbours(hull, &n, error) != RAD_OK) return RAD_NO_MEMORY;
    widths->span = rad_new_raw(FACES * widths->cells * widths->cells, sizeof *widths->span, error);
    for (int k = 0; k < RAD_WIDTH_ANGLES / 2; k++) {
        widths->turn[k][0] = cos(acos(-1) * k / RAD_WIDTH_ANGLES);
        widths->turn[k][1] = sin(acos(-1) * k / RAD_WIDTH_ANGLES);
    }
    if (widths->span) find_spans(hull, &n, widths);
    rad_free(n.begin);
    return widths->span ? RAD_OK : RAD_NO_MEMORY;
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
