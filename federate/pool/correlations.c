#include "correlations.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

/* The column with the most undefined entries among those in use, or the number of columns. */
static size_t find_worst(const double *r, size_t columns, const bool *used) {
    size_t worst = columns, most = 0;
    for (size_t i = 0; i < columns; i++) {
        size_t missing = 0;
        for (size_t j = 0; j < columns && used[i]; j++) missing += used[j] && isnan(r[i * columns + j]);
        if (missing > most) {
            most = missing;
            worst = i;
        }
    }
    return worst;
}

rad_status rad_correlations_compute(const rad_summary *t, const rad_relation *pairs, rad_correlations *out,
                                    rad_error *error) {
    const size_t panel = t->panel;
    size_t cells, worst;
    *out = (rad_correlations){.count = 0};
    if (!rad_multiply(panel, panel, &cells)) return rad_fail(error, RAD_NO_MEMORY, "too many correlations");
    bool *used = rad_new(panel, sizeof *used, error);
    out->r = rad_new(cells, sizeof *out->r, error);
    out->of = rad_new(panel, sizeof *out->of, error);
    rad_status status = used && out->r && out->of ? RAD_OK : RAD_NO_MEMORY;
    for (size_t j = 0; j < panel && status == RAD_OK; j++)
        for (size_t i = 0; i <= j; i++)
            out->r[i * panel + j] = out->r[j * panel + i] = pairs[j * (j + 1) / 2 + i].correlation;
    if (used) memset(used, true, panel * sizeof *used);
    while (status == RAD_OK && (worst = find_worst(out->r, panel, used)) < panel) used[worst] = false;
    for (size_t i = 0; i < panel && status == RAD_OK; i++)
        if (used[i]) out->of[out->count++] = i;
    for (size_t i = 0; i < out->count && status == RAD_OK; i++)
        for (size_t j = 0; j < out->count; j++)
            out->r[i * out->count + j] = out->r[out->of[i] * panel + out->of[j]];
    for (size_t i = 0; i < out->count && status == RAD_OK; i++) out->of[i] = t->of[out->of[i]];
    rad_free(used);
    if (status != RAD_OK) rad_correlations_free(out);
    return status;
}

void rad_correlations_free(rad_correlations *c) {
    rad_free(c->of);
    rad_free(c->r);
    *c = (rad_correlations){.count = 0};
}

double rad_correlations_given(const rad_correlations *c, size_t a, size_t b, size_t given) {
    const double x = c->r[a * c->count + given], y = c->r[b * c->count + given];
    const double free_of = (1 - x * x) * (1 - y * y);
    return free_of > 0 && a != given && b != given ? (c->r[a * c->count + b] - x * y) / sqrt(free_of) : NAN;
}
