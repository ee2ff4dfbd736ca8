#include "distances.h"

#include "memory.h"

#include <math.h>

/* Scratch of a line: its values, and the parabolas of the envelope with where each begins. */
typedef struct envelope {
    double *value, *from;
    size_t *apex;
} envelope;

/* The least value[k] + (side (q - k))^2 over k, into the line. */
static void lower_line(const envelope *e, size_t n, double side, double *line, size_t stride) {
    const double square = side * side;
    size_t count = 0, at = 0;
    for (size_t q = 0; q < n; q++) {
        e->value[q] = line[q * stride];
        if (isinf(e->value[q])) continue;
        double begins = -INFINITY;
        while (count) {
            const size_t p = e->apex[count - 1];
            const double x = (double)q, y = (double)p;
            begins = ((e->value[q] - e->value[p]) / square + (x * x - y * y)) / (2 * (x - y));
            if (begins > e->from[count - 1]) break;
            count--;
        }
        e->from[count] = count ? begins : -INFINITY;
        e->apex[count++] = q;
    }
    for (size_t q = 0; q < n && count; q++) {
        while (at + 1 < count && e->from[at + 1] < (double)q) at++;
        const double away = side * ((double)q - (double)e->apex[at]);
        line[q * stride] = e->value[e->apex[at]] + away * away;
    }
}

rad_status rad_distance_squared(const rad_distance_of *of, double *out, rad_error *error) {
    const size_t n[3] = {of->size[0], of->size[1], of->size[2]}, count = n[0] * n[1] * n[2];
    if (!n[0] || !n[1] || !n[2]) return RAD_OK;
    const size_t longest = n[0] > n[1] ? (n[0] > n[2] ? n[0] : n[2]) : (n[1] > n[2] ? n[1] : n[2]);
    const envelope e = {rad_new_raw(longest, sizeof *e.value, error),
                        rad_new_raw(longest, sizeof *e.from, error),
                        rad_new_raw(longest, sizeof *e.apex, error)};
    const rad_status status = e.value && e.from && e.apex ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) out[i] = of->inside[i] ? 0 : INFINITY;
    for (size_t a = 0, stride = 1; a < 3 && status == RAD_OK; stride *= n[a++])
        for (size_t i = 0; i < count / n[a] && of->side[a] > 0; i++)
            lower_line(&e, n[a], of->side[a], out + i / stride * stride * n[a] + i % stride, stride);
    rad_free(e.value);
    rad_free(e.from);
    rad_free(e.apex);
    return status;
}
