#include "polygon.h"

#include <math.h>

/* Rows v with low <= v < high are crossed, so that a vertex on a row counts once. The edge always runs from
 * low to high, so that the two banks of a keyhole cancel. */
static void trace_edge(const double *low, const double *high, const size_t size[2], uint8_t *plane) {
    const double first = fmax(ceil(low[1]), 0), width = (double)size[0];
    const double slope = (high[0] - low[0]) / (high[1] - low[1]);
    for (double v = first; v < high[1] && v < (double)size[1]; v++) {
        const double u = ceil(low[0] + (v - low[1]) * slope);
        const size_t at = u > 0 ? u < width ? (size_t)u : size[0] : 0;
        plane[(size_t)v * (size[0] + 1) + at] ^= 1;
    }
}

void rad_polygon_trace(const double (*points)[2], size_t count, const size_t size[2], uint8_t *plane) {
    for (size_t i = 0; i < count; i++) {
        const double *a = points[i], *b = points[i + 1 < count ? i + 1 : 0];
        if (a[1] < b[1]) trace_edge(a, b, size, plane);
        if (b[1] < a[1]) trace_edge(b, a, size, plane);
    }
}

void rad_polygon_fill(const size_t size[2], uint8_t *plane) {
    const size_t pitch = size[0] + 1;
    for (size_t v = 0; v < size[1]; v++)
        for (size_t u = 1; u < pitch; u++) plane[v * pitch + u] ^= plane[v * pitch + u - 1];
}
