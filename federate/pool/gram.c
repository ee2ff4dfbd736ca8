#include "gram.h"

#include "../../core/memory.h"

#include <string.h>

rad_status rad_gram_allocate(size_t columns, rad_gram *g, rad_error *error) {
    size_t cells;
    *g = (rad_gram){.columns = columns};
    if (!rad_multiply(columns, columns, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many columns of a model");
    g->mean = rad_new(columns, sizeof *g->mean, error);
    g->cross = rad_new(cells, sizeof *g->cross, error);
    if (g->mean && g->cross) return RAD_OK;
    rad_gram_free(g);
    return RAD_NO_MEMORY;
}

void rad_gram_free(rad_gram *g) {
    rad_free(g->mean);
    rad_free(g->cross);
    *g = (rad_gram){.columns = 0};
}

void rad_gram_add(rad_gram *to, const rad_gram *from) {
    const size_t k = to->columns;
    const double n = to->n + from->n, weight = n > 0 ? to->n * from->n / n : 0;
    if (!(from->n > 0)) return;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            to->cross[i * k + j] += from->cross[i * k + j] +
                                    weight * (from->mean[i] - to->mean[i]) * (from->mean[j] - to->mean[j]);
    for (size_t i = 0; i < k; i++) to->mean[i] += (from->mean[i] - to->mean[i]) * (from->n / n);
    to->n = n;
}

/* Equal values of a column may have means that differ in their last bit. */
static void settle(rad_gram *g) {
    const size_t k = g->columns;
    for (size_t c = 0; c < k; c++) {
        if (g->cross[c * k + c] > 1e-28 * g->n * g->mean[c] * g->mean[c]) continue;
        for (size_t j = 0; j < k; j++) g->cross[c * k + j] = g->cross[j * k + c] = 0;
    }
}

void rad_gram_join(const rad_gram *list, size_t count, size_t without, rad_gram *out) {
    const size_t k = out->columns;
    out->n = 0;
    memset(out->mean, 0, k * sizeof *out->mean);
    memset(out->cross, 0, k * k * sizeof *out->cross);
    for (size_t i = 0; i < count; i++)
        if (i != without) rad_gram_add(out, &list[i]);
    settle(out);
}
