/* Diameters in a slice, as they are drawn with calipers (RECIST 1.1: E. Eisenhauer et al., Eur. J. Cancer 45,
 * 2009; WHO): the longest of any slice across z, and the longest that is perpendicular to it in that slice.
 * The outline goes through the middles between centres of voxels, as that of morph_diam does; both diameters
 * are those of its convex hull. Of diameters that are alike to 1e-9, the one with the longest perpendicular
 * one counts. */
#include "families.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>

typedef struct point {
    double x, y;
} point;

typedef struct diameters {
    double longest, across; /* mm */
} diameters;

static const rad_feature features[] = {
    {"recist_longest", "", "mm", "Longest diameter in a slice", .of.own = NULL},
    {"recist_perpendicular", "", "mm", "Longest diameter perpendicular to it", .of.own = NULL},
    {"recist_product", "", "mm2", "Product of both diameters", .of.own = NULL},
};
enum { LONGEST, ACROSS, PRODUCT, FEATURES = sizeof features / sizeof features[0] };

/* Middles between a pixel of the slice and a neighbour outside; four for each pixel at most. */
static size_t list_points(const rad_roi *roi, size_t z, point *out) {
    static const int steps[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    const rad_box *in = &roi->inner;
    const uint8_t *slice = roi->morphological + z * roi->size[0] * roi->size[1];
    const double *side = roi->grid.spacing;
    size_t n = 0;
    for (size_t y = in->begin[1]; y < in->end[1]; y++)
        for (size_t x = in->begin[0]; x < in->end[0]; x++) {
            if (!slice[y * roi->size[0] + x]) continue;
            for (int s = 0; s < 4; s++) {
                const size_t u = x + (size_t)steps[s][0], v = y + (size_t)steps[s][1];
                if (u < roi->size[0] && v < roi->size[1] && slice[v * roi->size[0] + u]) continue;
                out[n++] = (point){side[0] * ((double)x + steps[s][0] / 2.0),
                                   side[1] * ((double)y + steps[s][1] / 2.0)};
            }
        }
    return n;
}

static int by_place(const void *a, const void *b) {
    const point *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

static double turn(point a, point b, point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* The convex hull by monotone chains, counterclockwise; hull has room for n + 1. */
static size_t find_hull(point *p, size_t n, point *hull) {
    size_t count = 0;
    qsort(p, n, sizeof *p, by_place);
    for (size_t i = 0; i < n; i++) {
        while (count >= 2 && turn(hull[count - 2], hull[count - 1], p[i]) <= 0) count--;
        hull[count++] = p[i];
    }
    const size_t lower = count + 1;
    for (size_t i = n - 1; i-- > 0;) {
        while (count >= lower && turn(hull[count - 2], hull[count - 1], p[i]) <= 0) count--;
        hull[count++] = p[i];
    }
    return count - 1;
}

/* Length of the hull across a direction at `at` along it. */
static double chord(const point *hull, size_t n, point along, double at) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        const point a = hull[i], b = hull[(i + 1) % n];
        const double p = a.x * along.x + a.y * along.y, q = b.x * along.x + b.y * along.y;
        const double u = a.y * along.x - a.x * along.y, v = b.y * along.x - b.x * along.y;
        if ((at < p && at < q) || (at > p && at > q)) continue;
        const double part = p == q ? 0 : (at - p) / (q - p), here = u + part * (v - u);
        low = fmin(low, p == q ? fmin(u, v) : here);
        high = fmax(high, p == q ? fmax(u, v) : here);
    }
    return high > low ? high - low : 0;
}

/* The longest chord lies at a corner. */
static double longest_across(const point *hull, size_t n, point a, point b, double length) {
    const point along = {(b.x - a.x) / length, (b.y - a.y) / length};
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, chord(hull, n, along, hull[i].x * along.x + hull[i].y * along.y));
    return most;
}

static void measure_hull(const point *hull, size_t n, diameters *d) {
    double longest = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            longest = fmax(longest, hypot(hull[k].x - hull[i].x, hull[k].y - hull[i].y));
    if (longest < d->longest * (1 - 1e-9)) return;
    if (longest > d->longest * (1 + 1e-9)) d->across = 0;
    d->longest = fmax(longest, d->longest);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            const double length = hypot(hull[k].x - hull[i].x, hull[k].y - hull[i].y);
            if (length >= longest * (1 - 1e-9))
                d->across = fmax(d->across, longest_across(hull, n, hull[i], hull[k], length));
        }
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_roi *roi = input->roi;
    const rad_box *in = &roi->inner;
    const size_t room = 4 * (in->end[0] - in->begin[0]) * (in->end[1] - in->begin[1]);
    diameters d = {0, 0};
    point *points = rad_new_raw(room, sizeof *points, error),
          *hull = rad_new_raw(room + 1, sizeof *hull, error);
    const rad_status status = points && hull ? RAD_OK : RAD_NO_MEMORY;
    for (size_t z = in->begin[2]; z < in->end[2] && status == RAD_OK; z++) {
        const size_t n = list_points(roi, z, points);
        if (n) measure_hull(hull, find_hull(points, n, hull), &d);
    }
    rad_free(points);
    rad_free(hull);
    out[0][LONGEST] = rad_defined(d.longest);
    out[0][ACROSS] = rad_defined(d.across);
    out[0][PRODUCT] = rad_defined(d.longest * d.across);
    return status;
}

static const rad_pass pass = {"diameters in a slice", RAD_NO_LEVELS, {&rad_family_recist}, run};

const rad_family rad_family_recist = {
    .key = "recist",
    .code = "",
    .name = "Diameters in a slice",
    .aggregations = &rad_by_volume,
    .features = features,
    .count = FEATURES,
    .pass = &pass,
};
