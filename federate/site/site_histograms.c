#include "site_analyses.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/sort.h"
#include "told.h"

#include <math.h>
#include <stdlib.h>

/* Intervals as they are counted, and the one that each value is in: beyond the outer ones in these. */
static size_t find_intervals(const rad_grid *grid, uint32_t *cell, size_t count, size_t least,
                             rad_grid_count *counts) {
    const size_t intervals = rad_grid_count_cells(grid, cell, count, least, counts);
    for (size_t i = 0, k = 0; i < count && intervals; i++) {
        while (k + 1 < intervals && cell[i] >= counts[k].end) k++;
        cell[i] = (uint32_t)k;
    }
    return intervals;
}

/* Sums of fourth powers go first, then the intervals: where both together tell of how many patients have some
 * value. */
static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const rad_permitting *m = context;
    const rad_cohort *c = m->cohort;
    const rad_variable *v = &c->variables[variable];
    const rad_class *k = &m->permit->classes[m->permit->of[variable]];
    uint8_t *powers = &m->permit->powers[variable];
    if (!*powers || !m->permit->cell) return RAD_OK;
    double *x = rad_new_raw(c->rows, sizeof *x, error);
    uint32_t *cell = rad_new_raw(c->rows, sizeof *cell, error);
    rad_grid_count *counts = rad_new_raw(k->size / m->permit->cell + 1, sizeof *counts, error);
    rad_status status = x && cell && counts ? RAD_OK : RAD_NO_MEMORY;
    const size_t count =
        status == RAD_OK ? rad_sets_values(k->present, c->values + variable * c->rows, c->rows, x) : 0;
    if (status == RAD_OK) status = rad_sort(x, count, error);
    for (size_t i = 0; i < count; i++)
        cell[i] = rad_grid_cell(&v->transform.grid, x[i] + v->transform.centre);
    const rad_binned binned = {x, cell, count};
    if (status == RAD_OK && find_intervals(&v->transform.grid, cell, count, m->permit->cell, counts)) {
        if (*powers > 2 && !rad_told_fits(&binned, *powers, m->permit->cell)) *powers = 2;
        m->permit->uncounted[variable] = !rad_told_fits(&binned, *powers, m->permit->cell);
    }
    rad_free(x);
    rad_free(cell);
    rad_free(counts);
    return status;
}

static rad_status permit(rad_permitting *m) {
    const size_t count = m->cohort->count;
    size_t four = 0;
    for (size_t v = 0; v < count; v++) four += m->permit->powers[v] == 4;
    rad_status status = rad_parallel_try(count, m->threads, look_at, m, m->error);
    for (size_t v = 0; v < count; v++) {
        four -= m->permit->powers[v] == 4;
        m->permit->withheld += m->permit->uncounted[v];
    }
    m->permit->withheld += four;
    return status;
}

static int by_cell(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static rad_status count_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    const rad_cohort *c = m->cohort;
    rad_summary_variable *to = &m->summary->variables[v];
    const size_t least = m->permit->cell;
    if (!m->permit->powers[v] || m->permit->uncounted[v]) return RAD_OK;
    uint32_t *cells = rad_new_raw(c->rows, sizeof *cells, error);
    if (!cells) return RAD_NO_MEMORY;
    size_t count = 0;
    for (size_t r = 0; r < c->rows; r++) {
        const double x = c->values[v * c->rows + r];
        if (!isnan(x)) cells[count++] = rad_grid_cell(&to->grid, x + to->centre);
    }
    qsort(cells, count, sizeof *cells, by_cell);
    to->counts = rad_new(count / (least ? least : 1) + 1, sizeof *to->counts, error);
    if (to->counts) {
        to->count_count = rad_grid_count_cells(&to->grid, cells, count, least, to->counts);
        for (size_t i = 0; i < to->count_count; i++)
            to->counts[i].count = rad_summarise_rounded(m, to->counts[i].count);
        to->counted = true;
    }
    rad_free(cells);
    return to->counts ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status sum(const rad_summing *m) {
    return rad_summarise_each(m, count_variable);
}

const rad_site_analysis rad_site_histograms = {.permit = permit, .sum = sum};
