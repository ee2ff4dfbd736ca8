#include "site_analyses.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>

static int by_cell(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static rad_status count_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    const rad_cohort *c = m->cohort;
    rad_summary_variable *to = &m->summary->variables[v];
    const size_t least = m->permit->cell;
    if (!m->permit->powers[v]) return RAD_OK;
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

/* Which intervals hold patients enough is found when they are counted. */
const rad_site_analysis rad_site_histograms = {.sum = sum};
