#include "cutting.h"

#include "../../core/memory.h"
#include "concordance.h"

#include <string.h>

size_t rad_cutting_class(const rad_cutting *c, double x) {
    size_t low = 0, high = c->cuts;
    while (low < high) {
        const size_t at = (low + high) / 2;
        if (x > c->cut[at])
            low = at + 1;
        else
            high = at;
    }
    return low;
}

/* counts[k][outcome]: of the first k classes. */
typedef uint64_t class_counts[2];

static class_counts *count_classes(const rad_cutting *c, rad_error *error) {
    class_counts *counts = rad_new(c->cuts + 2, sizeof *counts, error);
    if (!counts) return NULL;
    for (size_t i = 0; i < c->count; i++) counts[rad_cutting_class(c, c->x[i]) + 1][c->event[i]]++;
    for (size_t k = 1; k < c->cuts + 2; k++)
        for (int o = 0; o < 2; o++) counts[k][o] += counts[k - 1][o];
    return counts;
}

static bool may_cut(const rad_cutting *c, class_counts *counts, const bool *edge, size_t at) {
    size_t a = at - 1, b = at + 1;
    while (!edge[a]) a--;
    while (!edge[b]) b++;
    for (int o = 0; o < 2; o++)
        if (counts[at][o] - counts[a][o] < c->least || counts[b][o] - counts[at][o] < c->least) return false;
    return true;
}

static void cut(const rad_cutting *c, class_counts *counts, bool *edge) {
    size_t widest = 1;
    while (widest < c->cuts + 2) widest *= 2;
    for (size_t step = widest; step; step /= 2)
        for (size_t at = step; at <= c->cuts; at += 2 * step)
            if (may_cut(c, counts, edge, at)) edge[at] = true;
}

/* Pairs of one class between edges that are told. */
static rad_status add_class(const rad_cutting *c, const size_t *of, size_t class, double *x, bool *event,
                            rad_concordance *all, rad_error *error) {
    rad_concordance here;
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (of[i] != class) continue;
        x[count] = c->x[i];
        event[count++] = c->event[i];
    }
    rad_status status = rad_concordance_of_two(x, event, count, &here, error);
    all->doubled += here.doubled;
    all->pairs += here.pairs;
    if (here.most > all->most) all->most = here.most;
    return status;
}

/* Pairs of patients in the same class. */
static rad_status count_within(const rad_cutting *c, const bool *edge, rad_concordance *within,
                               rad_error *error) {
    size_t *of = rad_new(c->count, sizeof *of, error);
    double *x = rad_new(c->count, sizeof *x, error);
    bool *event = rad_new(c->count, sizeof *event, error);
    rad_status status = of && x && event ? RAD_OK : RAD_NO_MEMORY;
    *within = (rad_concordance){0};
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        of[i] = rad_cutting_class(c, c->x[i]);
        while (!edge[of[i]]) of[i]--;
    }
    for (size_t k = 0; k <= c->cuts && status == RAD_OK; k++)
        if (edge[k]) status = add_class(c, of, k, x, event, within, error);
    rad_free(of);
    rad_free(x);
    rad_free(event);
    return status;
}

rad_status rad_cutting_choose(const rad_cutting *c, bool *edge, size_t *dropped, rad_error *error) {
    class_counts *counts = count_classes(c, error);
    rad_concordance within;
    if (!counts) return RAD_NO_MEMORY;
    memset(edge, 0, (c->cuts + 2) * sizeof *edge);
    edge[0] = edge[c->cuts + 1] = true;
    cut(c, counts, edge);
    rad_free(counts);
    rad_status status = count_within(c, edge, &within, error);
    const bool tells =
        within.doubled < 2 * within.most || 2 * within.pairs - within.doubled < 2 * within.most;
    if (status == RAD_OK && c->least && tells) memset(edge + 1, 0, c->cuts * sizeof *edge);
    *dropped = c->cuts;
    for (size_t k = 1; k <= c->cuts; k++) *dropped -= edge[k];
    return status;
}
