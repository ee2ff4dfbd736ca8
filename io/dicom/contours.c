#include "contours.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* Voxels: what rounding of coordinates in a file may do, and what is one point. */
static const double same_point = 0.05, same_spot = 1e-6;

bool rad_contour_type(const char *word, bool *exclusive) {
    *exclusive = !strcasecmp(word, "CLOSEDPLANAR_XOR");
    return *exclusive || !strcasecmp(word, "CLOSED_PLANAR") || !strcasecmp(word, "INTERPOLATED_PLANAR");
}

static bool is_near(const double *a, const double *b, double within) {
    return fabs(a[0] - b[0]) <= within && fabs(a[1] - b[1]) <= within && fabs(a[2] - b[2]) <= within;
}

static bool is_periodic(const rad_contour *c, size_t period) {
    for (size_t i = period; i < c->count; i++)
        if (!is_near(c->points[i], c->points[i - period], same_spot)) return false;
    return true;
}

static void find_box(rad_contour *c) {
    for (int a = 0; a < 3; a++) c->low[a] = c->high[a] = c->count ? c->points[0][a] : 0;
    for (size_t i = 1; i < c->count; i++)
        for (int a = 0; a < 3; a++) {
            c->low[a] = fmin(c->low[a], c->points[i][a]);
            c->high[a] = fmax(c->high[a], c->points[i][a]);
        }
}

void rad_contour_tidy(rad_contour *c) {
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++)
        if (!kept || !is_near(c->points[i], c->points[kept - 1], same_spot)) {
            if (kept != i) memcpy(c->points[kept], c->points[i], sizeof *c->points);
            kept++;
        }
    while (kept > 1 && is_near(c->points[0], c->points[kept - 1], same_spot)) kept--;
    c->count = kept;
    for (size_t turns = 8; turns > 1; turns--) /* an even number empties it, an odd one does no harm */
        if (c->count % turns == 0 && c->count / turns >= 3 && is_periodic(c, c->count / turns))
            c->count /= turns;
    find_box(c);
}

static bool goes_along(const rad_contour *a, const rad_contour *b, int u, int v, size_t from, bool back) {
    const size_t n = a->count;
    for (size_t i = 0; i < n; i++) {
        const double *p = a->points[i], *q = b->points[back ? (from + n - i) % n : (from + i) % n];
        if (!(fabs(p[u] - q[u]) <= same_point && fabs(p[v] - q[v]) <= same_point)) return false;
    }
    return true;
}

static double area_of(const rad_contour *c, int u, int v) {
    double twice = 0;
    for (size_t i = 0, k = c->count - 1; i < c->count; k = i++)
        twice += c->points[k][u] * c->points[i][v] - c->points[i][u] * c->points[k][v];
    return fabs(twice) / 2;
}

/* Distance of a point from the edge between two others, squared. */
static double off_edge(const double *p, const double *from, const double *to, int u, int v) {
    const double x = to[u] - from[u], y = to[v] - from[v], length = x * x + y * y;
    double along = length > 0 ? ((p[u] - from[u]) * x + (p[v] - from[v]) * y) / length : 0;
    along = fmin(fmax(along, 0), 1);
    const double dx = p[u] - from[u] - along * x, dy = p[v] - from[v] - along * y;
    return dx * dx + dy * dy;
}

static bool lies_on(const rad_contour *a, const rad_contour *b, int u, int v) {
    for (size_t i = 0; i < a->count; i++) {
        size_t k = 0;
        while (k < b->count && off_edge(a->points[i], b->points[k], b->points[(k + 1) % b->count], u, v) >
                                   same_point * same_point)
            k++;
        if (k == b->count) return false;
    }
    return true;
}

/* Of contours with other points: the same area, and all points of each on the edges of the other. */
static bool outlines_same(const rad_contour *a, const rad_contour *b, int u, int v) {
    enum { MOST = 1 << 20 };
    const double around = 2 * (a->high[u] - a->low[u] + a->high[v] - a->low[v]);
    return a->count <= MOST / b->count && fabs(area_of(a, u, v) - area_of(b, u, v)) <= same_point * around &&
           lies_on(a, b, u, v) && lies_on(b, a, u, v);
}

static bool has_same_box(const rad_contour *a, const rad_contour *b, int axis) {
    return fabs(a->low[axis] - b->low[axis]) <= same_point &&
           fabs(a->high[axis] - b->high[axis]) <= same_point;
}

bool rad_contour_same(const rad_contour *a, const rad_contour *b, int u, int v) {
    enum { STARTS = 32 }; /* points of b at the first of a: one or two, but of a hostile file */
    size_t tried = 0;
    if (!a->count || !b->count || !has_same_box(a, b, u) || !has_same_box(a, b, v)) return false;
    if (a->count != b->count) return outlines_same(a, b, u, v);
    for (size_t from = 0; from < b->count && tried < STARTS; from++) {
        const double *p = a->points[0], *q = b->points[from];
        if (!(fabs(p[u] - q[u]) <= same_point && fabs(p[v] - q[v]) <= same_point)) continue;
        tried++;
        if (goes_along(a, b, u, v, from, false) || goes_along(a, b, u, v, from, true)) return true;
    }
    return false;
}

double rad_contour_spread(const rad_contour *c, int axis) {
    double low = c->points[0][axis], high = low;
    for (size_t i = 1; i < c->count; i++) {
        low = fmin(low, c->points[i][axis]);
        high = fmax(high, c->points[i][axis]);
    }
    return high - low;
}

bool rad_contour_beyond(const rad_contour *c, int axis, size_t size) {
    for (size_t i = 0; i < c->count; i++)
        if (c->points[i][axis] < -0.5 - same_point || c->points[i][axis] > (double)size - 0.5 + same_point)
            return true;
    return false;
}
